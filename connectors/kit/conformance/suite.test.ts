import { describe, expect, test } from '@jest/globals';
import { HubError } from '../../../schema/errors.ts';
import type { KeyAnswer, Page, RawValue, Source, SourceRecord } from '../contract.ts';
import { toMemoryWorld } from './memory-world.ts';
import { CHECKS, runCheck, toChecks } from './suite.ts';

describe('the conformance suite', () => {
  test('gives each check an id and a title of its own, in order', () => {
    const ids = CHECKS.map((check) => check.id);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids.every((id) => /^C\d\d$/.test(id))).toBe(true);
    expect(new Set(CHECKS.map((check) => check.title)).size).toBe(CHECKS.length);
  });

  test('takes a waiver only with a check’s id and a reason', () => {
    expect(toChecks([{ id: 'C08', reason: 'the protocol knows ASCII only' }])).toHaveLength(
      CHECKS.length - 1,
    );
    expect(() => toChecks([{ id: 'C99', reason: 'the protocol knows ASCII only' }])).toThrow(/C99/);
    expect(() => toChecks([{ id: 'C08', reason: ' no ' }])).toThrow(/must say why/);
  });

  test.each(CHECKS)('is passed by a source that is no database: $id $title', (check) =>
    runCheck(check, async () => toMemoryWorld()),
  );
});

const eachRecord = (source: Source, change: (record: SourceRecord) => SourceRecord): Source => {
  const page = (from: Page): Page => ({ ...from, records: from.records.map(change) });
  return {
    ...source,
    select: async (...request) => page(await source.select(...request)),
    async *scan(...request) {
      for await (const from of source.scan(...request)) yield page(from);
    },
  };
};
const eachText = (source: Source, change: (text: string) => RawValue): Source =>
  eachRecord(source, (record) =>
    Object.fromEntries(
      Object.entries(record).map(([name, value]) => [
        name,
        typeof value === 'string' ? change(value) : value,
      ]),
    ),
  );
const answers = (source: Source, change: (from: readonly KeyAnswer[]) => readonly KeyAnswer[]): Source => ({
  ...source,
  readMany: async (...request) => change(await source.readMany(...request)),
});
const pages = (source: Source, change: (page: Page) => Page): Source => ({
  ...source,
  select: async (...request) => change(await source.select(...request)),
});
const withoutSignal = (source: Source): Source => ({
  ...source,
  select: (object, request) => source.select(object, request),
  describe: (names) => source.describe(names),
});

/** Faults that sources really have, and the check that finds each. */
const SPOILT: readonly (readonly [string, string, (source: Source) => Source])[] = [
  [
    'C01',
    'declares no key',
    (source) => ({
      ...source,
      describe: async (names) => (await source.describe(names)).map((shape) => ({ ...shape, key: [] })),
    }),
  ],
  [
    'C02',
    'answers with its own names',
    (source) =>
      eachRecord(source, (record) =>
        Object.fromEntries(Object.entries(record).map(([name, value]) => [name.toLowerCase(), value])),
      ),
  ],
  ['C03', 'sorts its answers', (source) => answers(source, (from) => [...from].reverse())],
  [
    'C03',
    'drops unknown keys',
    (source) => answers(source, (from) => from.filter((answer) => answer !== null)),
  ],
  [
    'C04',
    'takes any of two records',
    (source) =>
      answers(source, (from) =>
        from.map((answer) => (answer instanceof Error ? { note: 'the same' } : answer)),
      ),
  ],
  ['C05', 'takes so many keys and no more', (source) => answers(source, (from) => from.slice(0, 65_535))],
  [
    'C06',
    'compares padding',
    (source) => ({
      ...source,
      readMany: async (object, request) =>
        (await source.readMany(object, request)).map((answer, index) =>
          String(request.keys[index]?.[0]).endsWith(' ') ? null : answer,
        ),
    }),
  ],
  [
    'C07',
    'knows no rare characters',
    (source) => eachText(source, (text) => text.replace(/[\u{10000}-\u{10FFFF}]/gu, '?')),
  ],
  [
    'C08',
    'reads GBK as something else',
    (source) => eachText(source, (text) => text.replaceAll('鎮', '\uFFFD')),
  ],
  [
    'C09',
    'makes doubles of numbers',
    (source) => eachText(source, (text) => (/^-?\d{17,}$/.test(text) ? Number(text) : text)),
  ],
  [
    'C10',
    'moves times by eight hours',
    (source) => eachText(source, (text) => text.replace(' 08:00:00.123', ' 00:00:00.123')),
  ],
  [
    'C10',
    'cuts fractions to milliseconds',
    (source) => eachText(source, (text) => text.replace(/(\.\d{3})\d+$/, '$1')),
  ],
  [
    'C11',
    'skips the record behind a page',
    (source) =>
      pages(source, (page) => ({ ...page, records: page.last ? page.records.slice(1) : page.records })),
  ],
  [
    'C12',
    'hands out no cursor at the end',
    (source) => pages(source, (page) => ({ ...page, cursor: page.last ? null : page.cursor })),
  ],
  [
    'C13',
    'leaves out nulls',
    (source) =>
      pages(source, (page) => ({ ...page, records: page.records.filter((record) => record.value !== null) })),
  ],
  [
    'C14',
    'reads by offset',
    (source) => ({
      ...source,
      async *scan(object, request) {
        for (let offset = 0; ; offset += request.limit) {
          const page = await source.select(object, { ...request, limit: offset + request.limit });
          yield { ...page, records: page.records.slice(offset) };
          if (page.last) return;
        }
      },
    }),
  ],
  [
    'C15',
    'answers equal records once',
    (source) =>
      pages(source, (page) => ({
        ...page,
        records: [...new Map(page.records.map((record) => [JSON.stringify(record), record])).values()],
      })),
  ],
  [
    'C16',
    'begins anew behind the end',
    (source) =>
      pages(source, (page) => ({ ...page, cursor: page.records.length === 0 ? null : page.cursor })),
  ],
  [
    'C17',
    'reads on without an end',
    (source) => ({
      ...source,
      async *scan(...request) {
        yield await source.select(...request);
        yield await source.select(...request);
      },
    }),
  ],
  [
    'C18',
    'takes any cursor',
    (source) => ({
      ...source,
      select: (object, request) =>
        source
          .select(object, request)
          .catch(() => source.select(object, { columns: request.columns, limit: request.limit })),
    }),
  ],
  [
    'C19',
    'forgets a condition',
    (source) => ({
      ...source,
      select: (object, request) =>
        source.select(object, {
          ...request,
          filter: (request.filter ?? []).filter((condition) => condition.op !== 'startsWith'),
        }),
    }),
  ],
  [
    'C20',
    'follows SQL for null',
    (source) => ({
      ...source,
      select: async (object, request) => {
        const page = await source.select(object, request);
        return {
          ...page,
          records: page.records.filter((record) => request.filter === undefined || record.basin !== null),
        };
      },
    }),
  ],
  [
    'C21',
    'fails on a strange key',
    (source) => ({
      ...source,
      readMany: async (object, request) => {
        if (request.keys.some(([key]) => key === '\u0000'))
          throw new HubError('HUB_SOURCE_QUERY', 'invalid byte');
        return source.readMany(object, request);
      },
    }),
  ],
  [
    'C22',
    'gives null for a missing column',
    (source) => ({
      ...source,
      select: (object, request) =>
        source.select(object, request).catch(() => ({ records: [], cursor: null, last: true, unpushed: [] })),
    }),
  ],
  [
    'C23',
    'throws what its driver threw',
    (source) => ({
      ...source,
      select: (...request) =>
        source.select(...request).catch((error: Error) => {
          throw new Error(error.message);
        }),
    }),
  ],
  [
    'C24',
    'takes a broken page for the last one',
    (source) => ({
      ...source,
      select: (object, request) =>
        source.select(object, request).catch(() => ({ records: [], cursor: null, last: true, unpushed: [] })),
    }),
  ],
  [
    'C25',
    'remembers a shape for ever',
    (source) => ({
      ...source,
      select: (object, request) =>
        source.select(object, request).catch(() => source.select(object, { columns: ['code'], limit: 50 })),
    }),
  ],
  ['C26', 'ignores its signal', withoutSignal],
  ['C27', 'lives on when closed', (source) => ({ ...source, close: async () => undefined })],
  ['C28', 'leaves its connection open', (source) => ({ ...source, close: async () => undefined })],
  [
    'C29',
    'shows a secret',
    (source) => ({
      ...source,
      describe: (...names) =>
        source.describe(...names).catch(() => {
          throw new HubError('HUB_SOURCE_UNREACHABLE', 'cannot reach unspoken');
        }),
    }),
  ],
  ['C31', 'pretends to listen', (source) => ({ ...source, listen: async () => async () => undefined })],
];

describe('a spoilt source', () => {
  test.each(SPOILT)('is found by %s when it %s', async (id, _fault, spoil) => {
    const check = CHECKS.find((each) => each.id === id);
    if (check === undefined) throw new Error(`no check ${id}`);
    await expect(runCheck(check, async () => toMemoryWorld(spoil))).rejects.toThrow();
  });
});
