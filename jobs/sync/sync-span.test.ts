// A source that answers by a span of time and in no order: which span each run asks for, and what its mark says.
import { describe, expect, test } from '@jest/globals';
import type { SelectRequest, Source } from '../../connectors/kit/contract.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import { openMemoryStore } from '../../test/support/memory-store.ts';
import { MINUTE, NOW, openCity, readings, toReading } from '../../test/support/sample-city.ts';
import { READING_MAPPING } from '../../test/support/sample-mapping.ts';
import type { Feed } from '../plan/feed.ts';
import { syncFeed } from './sync-feed.ts';

const HOUR = 60 * MINUTE;
const SPANS: Feed = { ...readings, asks: 'span', timeColumn: null, order: [], lateMs: 24 * HOUR };
/** Their station has come long ago. */
const MAPPING: ObjectMapping = {
  ...READING_MAPPING,
  map: (record, context) =>
    READING_MAPPING.map(record, context).map((outcome) =>
      outcome.kind === 'row' ? { ...outcome, row: { ...outcome.row, links: [] } } : outcome,
    ),
};

function openWorld(feed: Feed = SPANS) {
  const spans: (readonly string[])[] = [];
  const rows: ReturnType<typeof toReading>[] = [];
  const store = openMemoryStore();
  const world = { now: NOW, fails: false };
  const source: Source = {
    ...openCity({ count: 0 }).source,
    async *scan(_object: string, { span, after, limit }: SelectRequest) {
      spans.push([span?.from ?? '', span?.to ?? '', after ?? '']);
      if (world.fails) throw new Error('away');
      // Newest first, as such services like to answer.
      const found = rows.toReversed().slice(Number(after ?? 0));
      for (let at = 0; at === 0 || at < found.length; at += limit) {
        const records = found.slice(at, at + limit);
        const cursor = String(Number(after ?? 0) + at + records.length);
        yield { records, cursor, last: at + limit >= found.length, unpushed: [] };
      }
    },
  };
  const run = () =>
    syncFeed(feed, {
      source,
      mapping: MAPPING,
      store: store.sync,
      clock: () => world.now,
      signal: new AbortController().signal,
      reason: 'schedule',
      holder: 'test',
    });
  return { world, spans, rows, store, run, markOf: () => store.markOf(feed.key) };
}

describe('a window over spans', () => {
  test('begins with the backfill, then re-reads the overlap before the newest time seen', async () => {
    const { world, spans, rows, run, markOf } = openWorld({ ...SPANS, lateMs: 0 });
    rows.push(toReading('S1', NOW - 20 * MINUTE, '1.0'), toReading('S1', NOW - 10 * MINUTE, '1.1'));
    await run();
    expect(markOf().watermark).toBe('2026-04-05T11:50:00Z');
    world.now += 5 * MINUTE;
    await run();
    expect(spans).toEqual([
      ['2026-03-29T12:00:00Z', '2026-04-05T12:00:00Z', ''],
      ['2026-04-05T11:20:00Z', '2026-04-05T12:05:00Z', ''],
    ]);
  });

  test('a quiet source is never asked for more than what is re-read as late', async () => {
    const { world, spans, run, markOf } = openWorld();
    await run();
    expect(markOf().watermark).toBe('2026-04-04T12:00:00Z');
    world.now += 10 * 24 * HOUR;
    await run();
    world.now += MINUTE;
    await run();
    expect(spans.at(-1)).toEqual(['2026-04-14T11:30:00Z', '2026-04-15T12:01:00Z', '']);
  });

  test('a clock that was days ahead and was put right asks for the present again, and misses nothing', async () => {
    const { world, spans, run, markOf } = openWorld({ ...SPANS, lateMs: 2 * HOUR });
    await run();
    world.now = NOW + 72 * HOUR;
    await run();
    expect(markOf().watermark).toBe('2026-04-08T10:00:00Z');
    world.now = NOW + MINUTE;
    await run();
    expect(spans.at(-1)).toEqual(['2026-04-05T10:01:00Z', '2026-04-05T12:01:00Z', '']);
    expect(markOf()).toMatchObject({ watermark: '2026-04-05T12:01:00Z', lateAt: '2026-04-05T12:01:00Z' });
  });

  test('a failed run moves nothing, and the next one asks for the same beginning', async () => {
    const { world, spans, rows, run, markOf } = openWorld({ ...SPANS, lateMs: 0 });
    rows.push(toReading('S1', NOW - 10 * MINUTE, '1.1'));
    await run();
    world.fails = true;
    world.now += 3 * HOUR;
    await expect(run()).rejects.toThrow('away');
    expect(markOf().watermark).toBe('2026-04-05T11:50:00Z');
    world.fails = false;
    await run();
    expect(spans.at(-1)).toEqual(['2026-04-05T11:20:00Z', '2026-04-05T15:00:00Z', '']);
  });

  test('a run that died goes on behind its last page with the span that it began with', async () => {
    const { world, spans, rows, store, run, markOf } = openWorld();
    for (let back = 0; back < 5; back += 1) rows.push(toReading('S1', NOW - back * 10 * MINUTE, `1.${back}`));
    store.beforeCommit = (commit) => {
      if (commit === 2) throw new Error('killed');
    };
    await expect(run()).rejects.toThrow('killed');
    store.beforeCommit = () => undefined;
    world.now += MINUTE;
    await run();
    expect(spans).toEqual([
      ['2026-03-29T12:00:00Z', '2026-04-05T12:00:00Z', ''],
      ['2026-03-29T12:00:00Z', '2026-04-05T12:00:00Z', '3'],
    ]);
    expect(store.rows.size).toBe(5);
    expect(markOf()).toMatchObject({ watermark: '2026-04-05T12:00:00Z', scan: null });
  });

  test('windows in which nothing happened are not asked for again by the run that goes on', async () => {
    const { world, store, markOf } = openWorld();
    const asked: (string | undefined)[] = [];
    const source: Source = {
      ...openCity({ count: 0 }).source,
      async *scan(_object: string, { after }: SelectRequest) {
        for (let window = Number(after ?? 0) + 1; window <= 5; window += 1) {
          asked.push(after);
          if (window === 4 && asked.length === 4) throw new Error('away');
          yield { records: [], cursor: String(window), last: window === 5, unpushed: [] };
        }
      },
    };
    const run = () =>
      syncFeed(SPANS, {
        source,
        mapping: MAPPING,
        store: store.sync,
        clock: () => world.now,
        signal: new AbortController().signal,
        reason: 'schedule',
        holder: 'test',
      });
    await expect(run()).rejects.toThrow('away');
    expect(markOf().scan).toMatchObject({ cursor: '3', from: '2026-03-29T12:00:00Z' });
    expect(await run()).toMatchObject({ state: 'succeeded' });
    expect(asked.slice(4)).toEqual(['3', '3']);
  });

  test('lines that could not be taken apart are set aside with the page, and the others land', async () => {
    const { rows, run, store } = openWorld();
    rows.push(toReading('S1', NOW, '1.0'));
    const source: Source = {
      ...openCity({ count: 0 }).source,
      async *scan() {
        const unreadable = [{ raw: { '@raw': 'S1,,', '@row': 7 }, message: 'line 7 has 3 cells of 2' }];
        yield { records: [...rows], cursor: '1', last: true, unpushed: [], unreadable };
      },
    };
    const report = await syncFeed(SPANS, {
      source,
      mapping: MAPPING,
      store: store.sync,
      clock: () => NOW,
      signal: new AbortController().signal,
      reason: 'schedule',
      holder: 'test',
    });
    expect(report.counts).toMatchObject({ read: 2, written: 1, setAside: 1 });
    expect(store.setAside).toMatchObject([
      { type: null, fault: { code: 'HUB_MAP_RECORD' }, record: { '@row': 7 } },
    ]);
    await run();
  });
});
