// A feed by modification mark: what each run asks for, what its mark says, and the values that a cursor column can have.
import { describe, expect, test } from '@jest/globals';
import type { Page, SelectRequest, Source, SourceRecord } from '../../connectors/kit/contract.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import { openMemorySource, toTable } from '../../test/support/memory-source.ts';
import { openMemoryStore } from '../../test/support/memory-store.ts';
import { MINUTE, NOW, stations } from '../../test/support/sample-city.ts';
import { STATION_MAPPING } from '../../test/support/sample-mapping.ts';
import type { Feed } from '../plan/feed.ts';
import { syncFeed } from './sync-feed.ts';

const DAY = 24 * 60 * MINUTE;
const CURSOR: Feed = {
  ...stations,
  key: { ...stations.key, object: 'case', strategy: 'cursor' },
  ...{ timeColumn: 'upd', order: ['upd'], keyHint: ['stcd'], extends: [], absence: [], pageRows: 100 },
  ...{ overlapMs: 10 * MINUTE, lateMs: DAY, backfillMs: 7 * DAY, fromBeginning: false },
};
const MAPPING: ObjectMapping = {
  ...STATION_MAPPING,
  ...{ object: 'case', columns: ['stcd', 'stnm', 'upd'], extends: [], optional: [] },
};

function openWorld(kind: string, change: Partial<Feed> = {}, nullable = true) {
  const feed = { ...CURSOR, ...change };
  const plain = toTable('case', ['stcd', 'stnm', `upd:${kind}`], ['stcd']);
  const columns = plain.shape.columns.map((column) => ({ ...column, nullable }));
  const table = { ...plain, shape: { ...plain.shape, columns } };
  const source = openMemorySource([table]);
  const store = openMemoryStore();
  const world = {
    now: NOW,
    source,
    store,
    put(stcd: string, upd: string | number | null, stnm = stcd) {
      const row: SourceRecord = { stcd, stnm, upd };
      source.tables.get('case')?.rows.push(row);
      return (change: SourceRecord) => {
        const rows = source.tables.get('case')?.rows ?? [];
        const at = rows.findIndex((one) => one.stcd === stcd);
        rows[at] = { ...row, ...rows[at], ...change };
      };
    },
    run: (from: Source = source) =>
      syncFeed(feed, {
        ...{ source: from, mapping: MAPPING, store: store.sync, clock: () => world.now },
        ...{ signal: new AbortController().signal, reason: 'schedule', holder: 'test' },
      }),
    mark: () => store.markOf(feed.key),
    /** Conditions of the requests since the last look. */
    asked: () => source.asked.splice(0).map(({ filter }) => filter?.map(({ op, value }) => value ?? op)),
    nameOf: (stcd: string) => store.rows.get(`HydroStation:${stcd}`)?.values.name,
  };
  return world;
}

describe('the first load', () => {
  test('of things reads all of them, however long ago they were changed', async () => {
    const world = openWorld('timestamp', { fromBeginning: true });
    world.put('A', '1999-01-01 00:00:00');
    await world.run();
    expect(world.asked()).toEqual([[]]);
    expect(world.nameOf('A')).toBe('A');
    expect(world.mark()).toMatchObject({ since: null, watermark: '1998-12-31T16:00:00Z' });
  });

  test('of readings and events goes back as far as their backfill says', async () => {
    const world = openWorld('timestamp', {}, false);
    await world.run();
    expect(world.asked()).toEqual([['2026-03-29 20:00:00.000000']]);
    expect(world.mark().since).toBe('2026-03-29T12:00:00Z');
  });
});

describe('a cursor of time', () => {
  test('keeps every digit, and re-reads the overlap before it in the clock of the source', async () => {
    const world = openWorld('timestamp', {}, false);
    world.put('A', '2026-04-05 19:59:59.123456');
    await world.run();
    world.asked();
    world.now += MINUTE;
    await world.run();
    expect(world.mark().watermark).toBe('2026-04-05T11:59:59.123456Z');
    expect(world.asked()).toEqual([['2026-04-05 19:49:59.123456']]);
  });

  test('with a zone of its own is compared as an instant, whatever offsets it is written with', async () => {
    const world = openWorld('timestamptz', {}, false);
    world.put('A', '2026-04-05T13:30:00.000001+02:00');
    world.put('B', '2026-04-05T18:00:00+08:00');
    await world.run();
    expect(world.mark().watermark).toBe('2026-04-05T11:30:00.000001Z');
    world.asked();
    world.now += MINUTE;
    await world.run();
    expect(world.asked()).toEqual([['2026-04-05T11:20:00.000001Z']]);
  });

  test('of dates is asked by the day', async () => {
    const world = openWorld('date', { overlapMs: 0, lateMs: 0 }, false);
    world.put('A', '2026-04-05');
    await world.run();
    world.asked();
    world.now += MINUTE;
    await world.run();
    expect(world.asked()).toEqual([['2026-04-05']]);
  });

  test('of the future moves no watermark, and its row is read all the same, again and again', async () => {
    const world = openWorld('timestamp');
    world.put('A', '2026-04-05 19:00:00');
    const change = world.put('B', '2030-01-01 00:00:00');
    await world.run();
    expect(world.mark().watermark).toBe('2026-04-05T11:00:00Z');
    change({ stnm: 'new' });
    world.now += MINUTE;
    await world.run();
    expect(world.nameOf('B')).toBe('new');
  });

  test('in an hour that the clocks repeat loses nothing that is written in its second half', async () => {
    // Berlin, 2026-10-25: at 01:00Z the clock goes from 03:00 back to 02:00.
    const world = openWorld('timestamp', { zone: 'Europe/Berlin', lateMs: 0 }, false);
    world.now = Date.parse('2026-10-25T00:59:30Z');
    world.put('A', '2026-10-25 02:59:00');
    await world.run();
    world.now = Date.parse('2026-10-25T01:05:30Z');
    world.put('B', '2026-10-25 02:05:00');
    await world.run();
    expect(world.nameOf('B')).toBe('B');
  });

  test('that is told as an epoch is asked as a number', async () => {
    const millis = openWorld('integer', { timeFormats: ['epochMillis'] }, false);
    millis.put('A', String(NOW - MINUTE + 7));
    await millis.run();
    millis.asked();
    millis.now += MINUTE;
    await millis.run();
    expect(millis.mark().watermark).toBe('2026-04-05T11:59:00.007Z');
    expect(millis.asked()).toEqual([[String(NOW - 11 * MINUTE + 7)]]);
    const seconds = openWorld('decimal', { timeFormats: ['epochSeconds'] }, false);
    seconds.put('A', `${(NOW - MINUTE) / 1000}.25`);
    await seconds.run();
    seconds.asked();
    await seconds.run();
    expect(seconds.mark().watermark).toBe('2026-04-05T11:59:00.25Z');
    expect(seconds.asked()).toEqual([[String((NOW - 11 * MINUTE) / 1000)]]);
  });

  test('that is a text is asked as one, in the lowest of its forms', async () => {
    const timeFormats = ['yyyyMMddHHmmss', 'yyyy-MM-dd HH:mm'];
    for (const strategy of ['cursor', 'window'] as const) {
      const world = openWorld('text', { key: { ...CURSOR.key, strategy }, timeFormats });
      world.put('A', '20260405195930');
      world.put('B', '2026-04-05 19:58');
      await world.run();
      world.asked();
      world.now += MINUTE;
      await world.run();
      expect(world.mark().watermark).toBe('2026-04-05T11:59:30Z');
      expect(world.asked()).toEqual([['2026-04-05 19:49']]);
    }
    const number = openWorld('integer', { timeFormats: ['yyyyMMddHHmmss'] }, false);
    number.put('A', '20260405195930');
    await number.run();
    number.asked();
    await number.run();
    expect(number.asked()).toEqual([['20260405194930']]);
  });

  test('that its column cannot hold stops the object and says what would fit', async () => {
    await expect(openWorld('text').run()).rejects.toMatchObject({ code: 'HUB_MAP_SHAPE' });
    await expect(openWorld('timestamp', { timeFormats: ['epochMillis'] }).run()).rejects.toThrow(
      'case.upd is timestamp; a cursor in epochMillis needs numbers',
    );
  });
});

describe('a cursor that goes to null', () => {
  test('is found once an hour, since no bound holds for it', async () => {
    const world = openWorld('timestamp', { lateMs: 0 });
    const change = world.put('A', '2026-04-05 19:59:00');
    world.put('B', '2026-04-05 19:59:00');
    await world.run();
    expect(world.asked()).toEqual([['2026-03-29 20:00:00.000000'], ['isNull']]);
    change({ upd: null, stnm: 'new' });
    world.now += 59 * MINUTE;
    await world.run();
    expect(world.nameOf('A')).toBe('A');
    world.now += MINUTE;
    await world.run();
    expect(world.nameOf('A')).toBe('new');
    expect(world.asked().at(-1)).toEqual(['isNull']);
  });

  test('is not looked for where the column cannot be null', async () => {
    const world = openWorld('timestamp', {}, false);
    await world.run();
    expect(world.asked()).toHaveLength(1);
  });

  test('is looked for anew by the run behind one that died in it', async () => {
    const world = openWorld('timestamp', { pageRows: 1 });
    world.put('A', '2026-04-05 19:59:00');
    world.put('B', null);
    world.put('C', null);
    world.store.beforeCommit = (commit) => {
      if (commit === 3) throw new Error('killed');
    };
    await expect(world.run()).rejects.toThrow('killed');
    world.store.beforeCommit = () => undefined;
    await world.run();
    expect(['A', 'B', 'C'].map(world.nameOf)).toEqual(['A', 'B', 'C']);
    expect(world.mark()).toMatchObject({ watermark: '2026-04-05T11:59:00Z', scan: null });
  });
});

describe('a cursor that only counts', () => {
  test('goes back to the highest number that had been seen when the overlap began', async () => {
    const world = openWorld('integer', { lateMs: 0 }, false);
    const bounds: unknown[] = [];
    for (let minute = 0; minute < 30; minute += 1) {
      world.put(`S${minute}`, String(1000 + minute));
      await world.run();
      bounds.push(world.asked().at(-1)?.[0] ?? 'all');
      world.now += MINUTE;
    }
    // Nobody knows what had been seen before the first run: until it is ten minutes ago, all is read.
    expect(bounds.slice(0, 11)).toEqual(Array.from({ length: 11 }, () => 'all'));
    // The mark stands at the beginning of the run before; a coarse trail may go back a little further.
    bounds.slice(11).forEach((bound, index) => {
      expect(Number(bound)).toBeLessThanOrEqual(1000 + index);
      expect(Number(bound)).toBeGreaterThanOrEqual(998 + index);
    });
  });

  test('keeps a trail that is short, however long it has run', async () => {
    const world = openWorld('integer', { lateMs: 3 * DAY, overlapMs: 10 * MINUTE }, false);
    world.put('A', '9007199254740993');
    for (let run = 0; run < 500; run += 1) {
      await world.run();
      world.now += 10 * MINUTE;
    }
    const { trail = [] } = world.mark();
    expect(trail.length).toBeLessThan(60);
    expect(trail.at(-1)?.high).toBe('9007199254740993');
    expect(world.now - Date.parse(trail[0]?.at ?? '')).toBeGreaterThan(3 * DAY);
  });

  test('that begins anew is read from its beginning', async () => {
    const world = openWorld('integer', { lateMs: 0, overlapMs: 0 }, false);
    world.put('A', '100');
    await world.run();
    world.now += MINUTE;
    await world.run();
    const rows = world.source.tables.get('case')?.rows;
    rows?.splice(0);
    world.put('B', '1');
    for (let run = 0; run < 2; run += 1) {
      world.now += MINUTE;
      await world.run();
    }
    expect(world.nameOf('B')).toBe('B');
  });

  test('needs the manifest to say so of no column of time: a window cannot count', async () => {
    const key = { ...CURSOR.key, strategy: 'window' } as const;
    await expect(openWorld('integer', { key }).run()).rejects.toThrow('a window needs a native date');
  });
});

test('a service that is asked by a span is asked from the newest change, in the clock of the source', async () => {
  const world = openWorld('text', { asks: 'span', order: [], timeFormats: ['epochMillis'], lateMs: 0 });
  const spans: unknown[] = [];
  const rows: SourceRecord[] = [];
  const service: Source = {
    ...world.source,
    async *scan(_object: string, { span, filter }: SelectRequest) {
      spans.push([span?.from, filter]);
      const page: Page = { records: rows, cursor: '1', last: true, unpushed: [] };
      yield page;
    },
  };
  // Its clock is two hours late; what it changes is stamped by it.
  rows.push({ stcd: 'A', stnm: 'A', upd: NOW - 120 * MINUTE });
  await world.run(service);
  world.now += 30 * MINUTE;
  await world.run(service);
  expect(spans).toEqual([
    ['2026-03-29T12:00:00Z', []],
    ['2026-04-05T09:50:00Z', []],
  ]);
});
