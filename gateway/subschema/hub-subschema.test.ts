import { describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { HYDROLOGY, WATER } from '../compile/fixtures/units.ts';
import type { SourceReport } from './contract.ts';
import { AWAY, CURSOR_KEY, DIVISIONS, toContext } from './fixtures/ask.ts';
import { toHubSubschema } from './hub-subschema.ts';

const hub = toHubSubschema({
  divisions: DIVISIONS,
  units: [HYDROLOGY, WATER],
  reader: AWAY,
  cursorKey: CURSOR_KEY,
});

const REPORT: SourceReport = {
  unit: 'hydrology',
  status: 'OK',
  via: 'STORE',
  freshness: 'LIVE',
  ageSeconds: 0,
  milliseconds: 1,
  requests: 1,
  rows: 0,
};

async function ask(text: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  const { data, errors } = await hub.executor({ document: parse(text), variables, context: toContext() });
  expect(errors).toBeUndefined();
  return JSON.parse(JSON.stringify(data));
}

describe('the hub’s own part of the graph', () => {
  test('knows a division with its parent and children', async () => {
    expect(
      await ask('{ division(code: "431124") { code name level parent { code name } children { level } } }'),
    ).toMatchObject({
      division: { code: '431124', name: '道县', level: 'COUNTY', parent: { code: '431100', name: '永州市' } },
    });
  });

  test('finds a division by its former code, and null for a code of nowhere', async () => {
    expect(
      await ask('{ old: division(code: "431121") { code name } none: division(code: "999999") { code } }'),
    ).toEqual({
      old: { code: '431181', name: '祁阳市' },
      none: null,
    });
  });

  test('knows people, area, seat, outline and former codes of a division', async () => {
    const { boundary, ...facts } = DIVISIONS.facts('431181');
    expect(
      await ask(
        '{ division(code: "431121") { population area centre { lon lat } boundary predecessors { code name until } } }',
      ),
    ).toEqual({
      division: {
        ...facts,
        boundary,
        predecessors: [{ code: '431121', name: '祁阳县', until: '2021-01-20' }],
      },
    });
  });

  test('lists divisions of one level', async () => {
    const { divisions } = (await ask('{ divisions(level: COUNTY) { code level } }')) as {
      divisions: { level: string }[];
    };
    expect(divisions.length).toBeGreaterThanOrEqual(11);
    expect(new Set(divisions.map((division) => division.level))).toEqual(new Set(['COUNTY']));
    const { all } = (await ask('{ all: divisions { code } }')) as { all: unknown[] };
    expect(all).toHaveLength(DIVISIONS.all.length);
  });

  test('names the units in both languages', async () => {
    expect(
      await ask('{ units { code } unit(code: "water") { code name nameEn } none: unit(code: "x") { code } }'),
    ).toEqual({
      units: [{ code: 'hydrology' }, { code: 'water' }],
      unit: { code: 'water', name: '名', nameEn: 'Label' },
      none: null,
    });
  });

  test('answers merge lookups in the order of their keys, null for the unknown', async () => {
    expect(
      await ask(
        'query ($c: [ID!]!) { _hubDivisions(codes: $c) { name } _hubUnits(codes: ["x", "water"]) { code } }',
        {
          c: ['431181', 'x', '431124'],
        },
      ),
    ).toEqual({
      _hubDivisions: [{ name: '祁阳市' }, null, { name: '道县' }],
      _hubUnits: [null, { code: 'water' }],
    });
  });

  test('tells the viewer who they are', async () => {
    expect(await ask('{ viewer { id kind } }')).toEqual({ viewer: { id: 'loopback', kind: 'local' } });
  });
});

describe('a question that goes up and down the divisions again and again', () => {
  const turns = (count: number): string =>
    `${'parent { children { '.repeat(count)} code ${'} }'.repeat(count)}`;
  const refused = async (text: string): Promise<unknown> => {
    const { data, errors } = await hub.executor({ document: parse(text), context: toContext() });
    expect(errors).toBeUndefined();
    return Object.values(data ?? {}).map((value) => (value instanceof Error ? value.message : value));
  };

  test('is refused before it is answered: it would keep everybody else waiting', async () => {
    const began = performance.now();
    expect(await refused(`{ divisions { ${turns(7)} } }`)).toEqual([
      'The answer would hold more than 20000 divisions: ask for one level, or for "parent", "children" and "boundary" less often.',
    ]);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test('is refused in each field of each key of a lookup, the key itself is kept', async () => {
    const { data } = await hub.executor({
      document: parse(`{ _hubDivisions(codes: ["431124", "431125"]) { code ${turns(7)} } }`),
      context: toContext(),
    });
    expect(data).toMatchObject({
      _hubDivisions: [
        {
          code: '431124',
          parent: { extensions: { code: 'HUB_QUERY_LIMIT', unit: 'hub', retryable: false } },
        },
        { code: '431125', parent: { extensions: { code: 'HUB_QUERY_LIMIT' } } },
      ],
    });
  });

  test.each([
    [
      'many times under other names',
      `{ ${[...'abcdefgh'].map((name) => `${name}: divisions { code }`).join(' ')} }`,
    ],
    [
      'for every county’s boundary, twenty times over',
      `{ ${Array.from({ length: 20 }, (_none, index) => `b${index}: divisions(level: COUNTY) { boundary }`).join(' ')} }`,
    ],
    [
      'for one boundary under a hundred names',
      `{ divisions(level: COUNTY) { ${Array.from({ length: 100 }, (_none, index) => `n${index}: boundary`).join(' ')} } }`,
    ],
    [
      'with many values of each',
      `{ divisions { ${Array.from({ length: 150 }, (_none, index) => `n${index}: name`).join(' ')} } }`,
    ],
  ])('is refused when it asks %s', async (_how, text) => {
    expect(new Set((await refused(text)) as unknown[])).toEqual(new Set([expect.stringContaining('20000')]));
  });

  const lookUp = async (fields: string, rows: number): Promise<string> => {
    const { data } = await hub.executor({
      document: parse(`{ _hubDivisions(codes: ["431124", "431126"]) { code ${fields} } }`),
      context: toContext({ sources: [{ ...REPORT, rows }] }),
    });
    return JSON.stringify(data);
  };

  test.each([
    ['boundary', 1000, 2500],
    ['children { children { code } }', 500, 2000],
  ])('%s of a row’s division is answered below %d rows and refused below %d', async (fields, few, many) => {
    expect(await lookUp(fields, few)).not.toContain('The answer would');
    expect(await lookUp(fields, many)).toContain(
      `The answer would repeat its divisions below each of ${many} rows`,
    );
  });

  test('a row’s division with its parents is answered below any number of rows', async () => {
    expect(await lookUp('name parent { name parent { name } }', 400_000)).not.toContain('The answer would');
  });

  test('is answered as long as it is small: the whole tree of the city, and every division with its parent', async () => {
    const tree = '{ divisions(level: CITY) { children { children { children { code } } } } }';
    expect(JSON.stringify(await ask(tree))).toContain('431124');
    const map = '{ divisions(level: CITY) { name children { code name boundary } } }';
    expect(JSON.stringify(await ask(map)).match(/MultiPolygon/g)).toHaveLength(11);
    expect(await ask('{ divisions { code parent { code name } } }')).toHaveProperty(
      'divisions.length',
      DIVISIONS.all.length,
    );
  });
});
