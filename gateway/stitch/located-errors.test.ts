import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HubError } from '../../schema/errors.ts';
import type { SubschemaExecutor } from '../subschema/contract.ts';
import { ask } from './ask.check.ts';
import { toFire, toGauge, toHub, toWater, toWaterOver } from './hand-made.check.ts';

describe('a unit that fails', () => {
  const fails = (message: string) => () => {
    throw new HubError('HUB_UNIT_UNAVAILABLE', message);
  };

  test('leaves the other units of the same rows untouched, each place with its own path and code', async () => {
    const water = toWaterOver(fails('Unit "water" is down.'));
    const { data, errors, places, sources } = await ask(
      [toHub(), water, toFire()],
      '{ divisions { name n: gaugeCount gauges { name } trucks } }',
    );
    expect(data).toEqual({
      divisions: [
        { name: '零陵区', n: null, gauges: null, trucks: ['truck of 431102'] },
        { name: '道县', n: null, gauges: null, trucks: ['truck of 431124'] },
      ],
    });
    expect(places.sort()).toEqual([
      ['divisions.0.gauges', 'HUB_UNIT_UNAVAILABLE'],
      ['divisions.0.n', 'HUB_UNIT_UNAVAILABLE'],
      ['divisions.1.gauges', 'HUB_UNIT_UNAVAILABLE'],
      ['divisions.1.n', 'HUB_UNIT_UNAVAILABLE'],
    ]);
    expect(errors[0]?.message).toBe('Unit "water" is down.');
    expect(errors[0]?.extensions).toEqual({ code: 'HUB_UNIT_UNAVAILABLE', unit: 'water', retryable: true });
    expect(sources.filter(({ unit }) => unit === 'water')).toMatchObject([{ status: 'DOWN', requests: 1 }]);
  });

  const query = '{ gauges { name } wettest { name } trucks }';
  const units = (executor: SubschemaExecutor) => [toHub(), toWaterOver(executor), toFire()];
  const kept = { gauges: null, wettest: null, trucks: ['truck 1', 'truck 2'] };

  test.each<[string, SubschemaExecutor, string, boolean]>([
    ['throws before it answers', fails('gone') as never, 'HUB_UNIT_UNAVAILABLE', true],
    [
      'rejects',
      () => Promise.reject(new HubError('HUB_SOURCE_SHAPE', 'no table')),
      'HUB_SOURCE_SHAPE',
      false,
    ],
    [
      'rejects with no HubError',
      () => Promise.reject(new Error('ECONNREFUSED 10.0.0.7')),
      'HUB_UNIT_UNAVAILABLE',
      true,
    ],
    ['rejects with no error at all', () => Promise.reject('boom'), 'HUB_UNIT_UNAVAILABLE', true],
    ['never answers', () => new Promise(() => undefined), 'HUB_UNIT_TIMEOUT', true],
    ['answers text', async () => 'hello' as never, 'HUB_UNIT_ANSWER', true],
    ['answers nothing', async () => undefined as never, 'HUB_UNIT_ANSWER', true],
    ['answers an empty object', async () => ({}), 'HUB_UNIT_ANSWER', true],
    ['answers data without the fields', async () => ({ data: {} }), 'HUB_UNIT_ANSWER', true],
    [
      'answers a number where a row belongs',
      async () => ({ data: { gauges: 7, wettest: 7 } }),
      'HUB_UNIT_ANSWER',
      true,
    ],
    [
      'answers errors and no data',
      async () => ({
        data: null,
        errors: [{ message: 'later', extensions: { code: 'HUB_STORE_UNREACHABLE' } } as never],
      }),
      'HUB_STORE_UNREACHABLE',
      true,
    ],
    [
      'answers a foreign error and no data',
      async () => ({ errors: [{ message: 'at 10.0.0.7', extensions: { code: 'OOPS' } } as never] }),
      'HUB_UNIT_UNAVAILABLE',
      true,
    ],
  ])(
    '%s: a coded error at each of its fields, nothing else is lost',
    async (_what, executor, code, retryable) => {
      const { data, errors, places } = await ask(units(executor), query, { deadlineMs: 20 });
      expect({ ...(data as object) }).toMatchObject({ ...kept, trucks: kept.trucks });
      expect(places).toContainEqual(['wettest', code]);
      expect(places.filter(([path]) => String(path).startsWith('gauges')).length).toBeGreaterThan(0);
      for (const { extensions, message } of errors) {
        expect(extensions).toEqual({ code, unit: 'water', retryable });
        expect(message).not.toMatch(/10\.0\.0\.7|boom/);
      }
    },
  );

  test('keeps the exact index of one bad row in a list, and of one bad field in it', async () => {
    const bad = (parent: unknown) => {
      const { id } = parent as { id: string };
      if (id.endsWith(':b')) throw new HubError('HUB_MAP_RANGE', 'out of range');
      return '5';
    };
    const { data, places } = await ask(
      [toHub(), toWater({ Gauge: { stage: bad } })],
      '{ gauges { name s: stage } }',
    );
    expect(data).toEqual({
      gauges: [
        { name: 'gauge a', s: '5' },
        { name: 'gauge b', s: null },
      ],
    });
    expect(places).toEqual([['gauges.1.s', 'HUB_MAP_RANGE']]);
  });

  test('nulls only the row whose required field failed', async () => {
    const source = (parent: unknown) => {
      if ((parent as { id: string }).id.endsWith('-2')) throw new HubError('HUB_UNIT_NOT_LOADED', 'not yet');
      return { unit: 'water', at: null };
    };
    const { data, places } = await ask(
      [toHub(), toWater({ Gauge: { source } })],
      '{ divisions { code gauges { id source { unit } } } }',
    );
    const row = (code: string) => ({
      code,
      gauges: [{ id: `water:Gauge:${code}`, source: { unit: 'water' } }, null],
    });
    expect(data).toEqual({ divisions: [row('431102'), row('431124')] });
    expect(places).toEqual([
      ['divisions.0.gauges.1', 'HUB_UNIT_NOT_LOADED'],
      ['divisions.1.gauges.1', 'HUB_UNIT_NOT_LOADED'],
    ]);
  });

  test('fails one key of a batch without failing its neighbours', async () => {
    const lookup = (_parent: unknown, { codes }: { codes: string[] }) =>
      codes.map((code) =>
        code === '431102' ? new HubError('HUB_SOURCE_BUSY', 'busy') : { code, gauges: [], gaugeCount: 4 },
      );
    const { data, places } = await ask(
      [toHub(), toWater({ Query: { _waterDivisions: lookup } })],
      '{ divisions { name gaugeCount } }',
    );
    expect(data).toEqual({
      divisions: [
        { name: '零陵区', gaugeCount: null },
        { name: '道县', gaugeCount: 4 },
      ],
    });
    expect(places).toEqual([['divisions.0.gaugeCount', 'HUB_SOURCE_BUSY']]);
  });

  test('is told apart from a row that is gone: its key stands, and what must not be null says why it is', async () => {
    const lookup = (_parent: unknown, { ids }: { ids: string[] }) =>
      ids.map((id) => (id === 'water:Gauge:2' ? null : { id, name: 'there', source: { unit: 'water' } }));
    const units = [toHub(), toWater({ Query: { _waterGauges: lookup } })];
    const toText = (field: string) =>
      `{ nodes(ids: ["water:Gauge:1", "water:Gauge:2"]) { id ... on Gauge { name ${field} } } }`;
    const [here, gone] = [
      { id: 'water:Gauge:1', name: 'there' },
      { id: 'water:Gauge:2', name: null },
    ];
    const plain = await ask(units, toText(''));
    expect([plain.data, plain.errors]).toEqual([{ nodes: [here, gone] }, []]);
    const { data, errors, places } = await ask(units, toText('source { unit }'));
    expect(data).toEqual({ nodes: [{ ...here, source: { unit: 'water' } }, null] });
    expect(places).toEqual([['nodes.1.source', 'HUB_UNIT_ROW_GONE']]);
    expect(errors[0]?.message).toBe('water has no such Gauge: it is gone, or never came.');
  });

  test('gives no row the data of another key when rows are missing from a batch', async () => {
    const lookup = (_parent: unknown, { codes }: { codes: string[] }) =>
      codes.slice(1).map((code) => ({ code, gauges: [], gaugeCount: 9 }));
    const { data, places } = await ask(
      [toHub(), toWater({ Query: { _waterDivisions: lookup } })],
      '{ divisions { code gaugeCount } }',
    );
    expect(JSON.stringify(data)).not.toContain('9');
    expect(places.map(([, code]) => code)).toEqual(['HUB_UNIT_ANSWER', 'HUB_UNIT_ANSWER']);
  });

  test('keeps the key that other units are asked by', async () => {
    const { data, places } = await ask(
      [toHub(), toWaterOver(fails('down') as never), toFire()],
      '{ nodes(ids: ["water:Gauge:1", "water:Gauge:2"]) { __typename id ... on Gauge { name } } }',
    );
    expect(data).toEqual({
      nodes: [
        { __typename: 'Gauge', id: 'water:Gauge:1', name: null },
        { __typename: 'Gauge', id: 'water:Gauge:2', name: null },
      ],
    });
    expect(places.map(([path]) => path)).toEqual(['nodes.0.name', 'nodes.1.name']);
  });

  test('is told apart from a wrong value: a code that the enum does not know is an error, not a silent null', async () => {
    const executor: SubschemaExecutor = async () => ({
      data: { wettest: { ...toGauge('w'), mood: 'ANGRY' } },
    });
    const { data, places } = await ask(units(executor), '{ wettest { name mood } }');
    expect(data).toEqual({ wettest: { name: 'gauge w', mood: null } });
    expect(places).toEqual([['wettest.mood', 'HUB_UNIT_ANSWER']]);
  });

  test('is told apart from a masked value: the mask’s stars are an answer, any other text that is no number is none', async () => {
    const phones = ['139****0000', '13900000000', '0000', 7];
    const executor: SubschemaExecutor = async () => ({
      data: { gauges: phones.map((phone) => ({ ...toGauge('a'), phone })) },
    });
    const { data, places } = await ask(units(executor), '{ gauges { phone } }');
    expect(data).toEqual({
      gauges: [{ phone: '139****0000' }, { phone: '13900000000' }, { phone: null }, { phone: null }],
    });
    expect(places).toEqual([
      ['gauges.2.phone', 'HUB_UNIT_ANSWER'],
      ['gauges.3.phone', 'HUB_UNIT_ANSWER'],
    ]);
  });

  test('has an error beside complete data reported, and the data kept', async () => {
    const strays: string[] = [];
    const executor: SubschemaExecutor = async () => ({
      data: { wettest: { name: 'w' } },
      errors: [{ message: 'half a page' } as never, { message: 'x', path: ['wettest', 'name'] } as never],
    });
    const { data, errors } = await ask(units(executor), '{ wettest { name } }', {
      onStray: ({ unit, error }) => strays.push(`${unit} ${String(error.extensions.code)}`),
    });
    expect([data, errors]).toEqual([{ wettest: { name: 'w' } }, []]);
    expect(strays).toEqual(['water HUB_UNIT_UNAVAILABLE', 'water HUB_UNIT_UNAVAILABLE']);
  });

  test('cannot reach a prototype through an error path', async () => {
    const executor: SubschemaExecutor = async () => ({
      data: { wettest: { name: null } },
      errors: [{ message: 'x', path: ['wettest', '__proto__', 'polluted'] } as never],
    });
    const { data } = await ask(units(executor), '{ wettest { name } }');
    expect(data).toEqual({ wettest: { name: null } });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('whatever fails in a list', () => {
  const FIELDS = ['name', 'stage', 'mood'] as const;
  const failing = fc.uniqueArray(fc.tuple(fc.nat(5), fc.constantFrom(...FIELDS)), {
    selector: ([row, field]) => `${row}.${field}`,
  });

  test('is null at its place, and there is one error with just that path; all else is there', async () => {
    await fc.assert(
      fc.asyncProperty(failing, async (places) => {
        const fails = (row: number, field: string) => places.some(([r, f]) => r === row && f === field);
        const rows = () => Array.from({ length: 6 }, (_, row) => ({ ...toGauge(String(row)), row }));
        const toResolver = (field: (typeof FIELDS)[number]) => (parent: unknown) => {
          const gauge = parent as Record<string, unknown>;
          if (fails(Number(gauge.row), field)) throw new HubError('HUB_MAP_TEXT', 'x');
          return gauge[field];
        };
        const Gauge = Object.fromEntries(FIELDS.map((field) => [field, toResolver(field)]));
        const unit = toWater({ Gauge, Query: { gauges: rows } });
        const answer = await ask([toHub(), unit], '{ gauges { name stage mood } }');
        expect(answer.places.map(([path]) => path).sort()).toEqual(
          places.map(([row, field]) => `gauges.${row}.${field}`).sort(),
        );
        const { gauges } = answer.data as { gauges: Record<string, unknown>[] };
        for (const [row, gauge] of gauges.entries())
          for (const field of FIELDS) expect(gauge[field] === null).toBe(fails(row, field));
      }),
      { numRuns: 25 },
    );
  });
});
