// Completeness over random histories: transactions that take their time and commit out of their order, pages that take
// theirs, rows that are written again. Whatever is committed within the overlap is read; without overlap it is not.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SourceRecord } from '../../connectors/kit/contract.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import { openMemorySource, toTable } from '../../test/support/memory-source.ts';
import { openMemoryStore } from '../../test/support/memory-store.ts';
import { NOW, readings, toLocal } from '../../test/support/sample-city.ts';
import type { Feed } from '../plan/feed.ts';
import { syncFeed } from './sync-feed.ts';

const SECOND = 1000;
const OVERLAP = 600;
const EVERY = 60;

/** A transaction that stamps its row when it begins, and shows it when it commits. Seconds. */
type Write = { readonly key: number; readonly begin: number; readonly takes: number };
type History = { readonly writes: readonly Write[]; readonly pageTakes: number; readonly killAt: number };

/** All of it within ten minutes: what is late is late for the runs in between. */
const toHistories = (most: number) =>
  fc.record({
    writes: fc.array(fc.record({ key: fc.nat(11), begin: fc.nat(900), takes: fc.nat(most) }), {
      minLength: 1,
      maxLength: 25,
    }),
    pageTakes: fc.nat(40),
    /** Commit at which the worker dies once; beyond the last: never. */
    killAt: fc.nat(30),
  });

const MAPPING: ObjectMapping = {
  ...{ source: 'fork', object: 't', columns: ['key', 'tm', 'seq'], extends: [], optional: [] },
  lacks: () => [],
  map: ({ key, tm, seq }) => [
    {
      kind: 'row',
      row: {
        ...{ type: 'RiverReading', key: String(key), form: 0, source: 'fork', links: [], native: {} },
        ...{ division: { code: null, basis: 'NONE' }, deleted: false, faults: [], hash: `${tm} ${seq}` },
        ...{ values: { tm: String(tm), seq: String(seq) }, observedAt: null },
      },
    },
  ],
};

const BASE: Feed = {
  ...readings,
  key: { ...readings.key, object: 't' },
  uses: [],
  ...{ overlapMs: OVERLAP * SECOND, lateMs: 0, keyHint: ['key'] },
};
const WINDOW: Feed = { ...BASE };
const CURSOR: Feed = { ...BASE, key: { ...BASE.key, strategy: 'cursor' } };
const NUMBER: Feed = { ...CURSOR, timeColumn: 'seq', order: ['seq'] };

/** Runs once a minute over the history and long enough behind it; says which rows the store has wrong. */
async function runHistory(feed: Feed, { writes, pageTakes, killAt }: History): Promise<readonly string[]> {
  const table = toTable('t', ['key:integer', 'tm:timestamp', 'seq:integer'], ['key']);
  const source = openMemorySource([table]);
  const store = openMemoryStore();
  const stamped = writes
    .toSorted((left, right) => left.begin - right.begin)
    .map((write, seq) => ({ ...write, seq: seq + 1, commit: write.begin + write.takes }));
  const open = stamped.toSorted((left, right) => left.commit - right.commit);
  let now = 0;
  const pass = (seconds: number) => {
    now += seconds;
    while ((open[0]?.commit ?? Number.POSITIVE_INFINITY) <= now) {
      const { key, begin, seq } = open.shift() ?? { key: 0, begin: 0, seq: 0 };
      const row: SourceRecord = { key, tm: toLocal(NOW + begin * SECOND), seq };
      table.rows = [...table.rows.filter((other) => other.key !== key), row];
    }
  };
  source.beforePage = () => pass(pageTakes);
  store.beforeCommit = (commit) => {
    if (commit === killAt) throw new Error('killed');
  };
  // Three more runs when all is committed: one may die, the next goes on where it was, and the last looks at all again.
  for (let more = 3; more > 0; more -= open.length === 0 ? 1 : 0) {
    pass(EVERY);
    const run = syncFeed(feed, {
      ...{ source, mapping: MAPPING, store: store.sync, clock: () => NOW + now * SECOND },
      ...{ signal: new AbortController().signal, reason: 'schedule', holder: 'test' },
    });
    await run.catch((error: Error) => expect(error.message).toBe('killed'));
  }
  return table.rows
    .filter(({ key, tm, seq }) => store.rows.get(`RiverReading:${key}`)?.hash !== `${tm} ${seq}`)
    .map(({ key }) => String(key));
}

const FEEDS = [
  ['a window by time', WINDOW],
  ['a cursor by time', CURSOR],
  ['a cursor by a sequence', NUMBER],
] as const;

describe.each(FEEDS)('%s', (_name, feed) => {
  test('reads every row that is committed within the overlap, whatever the order, however often it dies', async () => {
    await fc.assert(
      fc.asyncProperty(toHistories(OVERLAP), async (history) => {
        expect(await runHistory(feed, history)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('reads what is committed behind the back of a scan that runs after a busy table for longer than the overlap', async () => {
    const busy = Array.from({ length: 100 }, (_, at): Write => ({ key: at, begin: at * 10, takes: 0 }));
    const behind = { key: 1000, begin: 100, takes: 590 };
    expect(await runHistory(feed, { writes: [...busy, behind], pageTakes: 40, killAt: 0 })).toEqual([]);
  });

  test('without overlap misses some', async () => {
    const blind = { ...feed, overlapMs: 0 };
    const histories = fc.sample(toHistories(OVERLAP), { numRuns: 30, seed: 1 });
    const missed = await Promise.all(histories.map((history) => runHistory(blind, history)));
    expect(missed.filter((keys) => keys.length > 0).length).toBeGreaterThan(5);
  });

  test('reads what comes later than that with the next late re-read, and not before', async () => {
    const late = { ...feed, lateMs: 7200 * SECOND };
    const write = (key: number, begin: number, takes: number): Write => ({ key, begin, takes });
    const history = {
      writes: [write(1, 0, 0), write(2, 10, 2000), write(3, 20, 0), write(4, 1900, 0), write(5, 3700, 0)],
      ...{ pageTakes: 0, killAt: 0 },
    };
    expect(await runHistory(late, history)).toEqual([]);
    expect(await runHistory(feed, history)).toEqual(['2']);
  });
});
