// What a page does to a type's table and its history: new, equal, corrected, deleted and returning rows.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';
import {
  deletedRow,
  REPORT,
  RIVER,
  readingRow,
  reportRow,
  STATIONS,
  samplePage,
  stationRow,
} from '../sample/sample-rows.fixture.ts';

describe.each([
  ['bound', 200],
  ['staged', 0],
])('rows that are %s', (_way, mostBound) => {
  let sample: Sample;
  beforeAll(async () => {
    sample = await openSample(undefined, { mostBound });
  });
  afterAll(() => sample.close());

  const TABLE = 'sample.station';

  test('a new row lands with its values and where it came from', async () => {
    const counts = await sample.sync(STATIONS, samplePage([stationRow('1001')]));
    expect(counts).toMatchObject({ read: 1, written: 1, unchanged: 0 });
    const [row] = await sample.query(`SELECT * FROM ${TABLE} WHERE _key = '1001'`);
    expect(row).toMatchObject({
      code: '1001',
      name: '站 1001',
      location_lon: 111.6,
      location_lat: 26.4,
      warn_level: 98.5,
      count: 1,
      _source: 'fork',
      _form: 0,
      _native: { code: '1001' },
      _division: '431124',
      _division_basis: 'CODE',
      _gone_at: null,
      _faults: null,
      _manifest: 'a'.repeat(64),
    });
  });

  test('the same row twice writes nothing', async () => {
    await sample.sync(STATIONS, samplePage([stationRow('1002')]));
    const before = await sample.query(
      `SELECT xmin::text, ctid::text, _version FROM ${TABLE} WHERE _key = '1002'`,
    );
    const counts = await sample.sync(STATIONS, samplePage([stationRow('1002')]));
    const after = await sample.query(
      `SELECT xmin::text, ctid::text, _version FROM ${TABLE} WHERE _key = '1002'`,
    );
    expect(counts).toMatchObject({ written: 0, unchanged: 1 });
    expect(after).toEqual(before);
  });

  test('a corrected row leaves its history', async () => {
    sample.at('2026-04-05T09:00:00Z');
    await sample.sync(STATIONS, samplePage([stationRow('1003', { warnLevel: 90 })]));
    sample.at('2026-04-05T10:00:00Z');
    const counts = await sample.sync(STATIONS, samplePage([stationRow('1003', { warnLevel: 91 })]));
    expect(counts.written).toBe(1);
    const history = await sample.query(
      `SELECT warn_level, _known_from, _known_to FROM sample.station_history WHERE _key = '1003'`,
    );
    expect(history).toEqual([
      {
        warn_level: 90,
        _known_from: new Date('2026-04-05T09:00:00Z'),
        _known_to: new Date('2026-04-05T10:00:00Z'),
      },
    ]);
    const [row] = await sample.query(`SELECT warn_level, _known_from FROM ${TABLE} WHERE _key = '1003'`);
    expect(row).toEqual({ warn_level: 91, _known_from: new Date('2026-04-05T10:00:00Z') });
  });

  describe('deletion', () => {
    const states = (key: string) =>
      sample.query(`SELECT _gone_at IS NOT NULL AS gone, warn_level FROM ${TABLE} WHERE _key = $1`, [key]);

    test('a deleted row becomes a tombstone, and its living version is history', async () => {
      await sample.sync(STATIONS, samplePage([stationRow('2001')]));
      const counts = await sample.sync(STATIONS, samplePage([deletedRow(stationRow('2001'))]));
      expect(counts).toMatchObject({ written: 0, deleted: 1 });
      expect(await states('2001')).toEqual([{ gone: true, warn_level: 98.5 }]);
      const history = await sample.query(`SELECT _gone_at FROM sample.station_history WHERE _key = '2001'`);
      expect(history).toEqual([{ _gone_at: null }]);
    });

    test('a row that is still deleted writes nothing', async () => {
      await sample.sync(STATIONS, samplePage([deletedRow(stationRow('2001'))]));
      const counts = await sample.sync(STATIONS, samplePage([deletedRow(stationRow('2001'))]));
      expect(counts).toMatchObject({ written: 0, deleted: 0, unchanged: 1 });
    });

    test('a row that comes back lives again and keeps its history', async () => {
      await sample.sync(STATIONS, samplePage([stationRow('2002')]));
      await sample.sync(STATIONS, samplePage([deletedRow(stationRow('2002'))]));
      const counts = await sample.sync(STATIONS, samplePage([stationRow('2002')]));
      expect(counts).toMatchObject({ written: 1, deleted: 0 });
      expect(await states('2002')).toEqual([{ gone: false, warn_level: 98.5 }]);
      const history = await sample.query(
        `SELECT _gone_at IS NOT NULL AS gone FROM sample.station_history WHERE _key = '2002' ORDER BY _version`,
      );
      expect(history).toEqual([{ gone: false }, { gone: true }]);
    });

    test('a row that was never seen alive lands as a tombstone', async () => {
      const counts = await sample.sync(STATIONS, samplePage([deletedRow(stationRow('2003'))]));
      expect(counts).toMatchObject({ written: 0, deleted: 1 });
      expect(await states('2003')).toEqual([{ gone: true, warn_level: 98.5 }]);
    });
  });

  describe('several rows of one key', () => {
    test('the last of a page wins', async () => {
      const page = samplePage([stationRow('3001', { warnLevel: 1 }), stationRow('3001', { warnLevel: 2 })]);
      expect(await sample.sync(STATIONS, page)).toMatchObject({ written: 1, unchanged: 1 });
      expect(await sample.query(`SELECT warn_level FROM ${TABLE} WHERE _key = '3001'`)).toEqual([
        { warn_level: 2 },
      ]);
    });

    test('the row of an earlier form wins in a page and is never overwritten by a later form', async () => {
      const early = stationRow('3002', { warnLevel: 1 });
      const late = { ...stationRow('3002', { warnLevel: 2 }), form: 1, source: 'telemetry' };
      await sample.sync(STATIONS, samplePage([early, late]));
      expect(await sample.sync(STATIONS, samplePage([late]))).toMatchObject({ written: 0, unchanged: 1 });
      const rows = await sample.query(`SELECT warn_level, _form FROM ${TABLE} WHERE _key = '3002'`);
      expect(rows).toEqual([{ warn_level: 1, _form: 0 }]);
    });

    test('an earlier form takes over a row of a later one, even with equal content', async () => {
      const row = stationRow('3003');
      await sample.sync(STATIONS, samplePage([{ ...row, form: 1, source: 'telemetry' }]));
      expect(await sample.sync(STATIONS, samplePage([row]))).toMatchObject({ written: 1 });
      const rows = await sample.query(`SELECT _form, _source FROM ${TABLE} WHERE _key = '3003'`);
      expect(rows).toEqual([{ _form: 0, _source: 'fork' }]);
    });
  });

  test('a version never begins before the one it replaces, though a clock went back', async () => {
    sample.at('2026-04-05T12:00:00Z');
    await sample.sync(STATIONS, samplePage([stationRow('4001', { warnLevel: 1 })]));
    sample.at('2026-04-05T11:00:00Z');
    await sample.sync(STATIONS, samplePage([stationRow('4001', { warnLevel: 2 })]));
    const rows = await sample.query(
      `SELECT h._known_to = t._known_from AS joined, h._known_to >= h._known_from AS ordered
     FROM ${TABLE} t JOIN sample.station_history h USING (_key) WHERE t._key = '4001'`,
    );
    expect(rows).toEqual([{ joined: true, ordered: true }]);
  });

  test('readings lie in the partition of their month and are found again there', async () => {
    await sample.sync(STATIONS, samplePage([stationRow('5001')]));
    const rows = [
      readingRow('5001', '2026-03-31T23:55:00Z', 97.1),
      readingRow('5001', '2026-04-01T00:00:00Z', 97.2),
    ];
    expect(await sample.sync(RIVER, samplePage(rows))).toMatchObject({ written: 2 });
    expect(await sample.sync(RIVER, samplePage(rows))).toMatchObject({ written: 0, unchanged: 2 });
    const places = await sample.query(
      `SELECT tableoid::regclass::text AS place, stage, period::text, station_key FROM sample.river_reading
     WHERE station_key = '5001' ORDER BY _observed_at`,
    );
    expect(places).toEqual([
      { place: 'sample.river_reading_2026_03', stage: 97.1, period: '00:05:00', station_key: '5001' },
      { place: 'sample.river_reading_2026_04', stage: 97.2, period: '00:05:00', station_key: '5001' },
    ]);
  });

  test('a fault of a field that landed as null stays with its row', async () => {
    const fault = {
      code: 'HUB_MAP_RANGE' as const,
      field: 'warnLevel',
      column: 'wrz',
      raw: '9\u00009',
      message: 'outside 0 to 2000',
    };
    const page = samplePage([{ ...stationRow('6001', { warnLevel: null }), faults: [fault] }]);
    expect(await sample.sync(STATIONS, page)).toMatchObject({ written: 1, faulty: 1 });
    const rows = await sample.query(`SELECT warn_level, _faults FROM ${TABLE} WHERE _key = '6001'`);
    expect(rows).toEqual([{ warn_level: null, _faults: [{ ...fault, raw: '9␀9' }] }]);
  });

  test('a native key that the source padded with NUL lands, shown with its picture', async () => {
    await sample.sync(
      STATIONS,
      samplePage([{ ...stationRow('6002'), native: { code: '6002\u0000\u0000' } }]),
    );
    const rows = await sample.query(`SELECT _native FROM ${TABLE} WHERE _key = '6002'`);
    expect(rows).toEqual([{ _native: { code: '6002␀␀' } }]);
  });

  test('a reading without its time is set aside', async () => {
    await sample.sync(STATIONS, samplePage([stationRow('6003')]));
    const row = { ...readingRow('6003', '2026-04-05T00:00:00Z', 1), observedAt: null };
    expect(await sample.sync(RIVER, samplePage([row]))).toMatchObject({ written: 0, setAside: 1 });
  });

  test('a value that no column can hold sets its row aside, and its page still lands', async () => {
    const page = samplePage([
      stationRow('7001'),
      stationRow('7002', { name: 'a\u0000b' }),
      stationRow('7003', { count: 2 ** 40 }),
    ]);
    expect(await sample.sync(STATIONS, page)).toMatchObject({ written: 1, setAside: 2 });
    const kept = await sample.query(
      `SELECT code, field, state FROM hub.set_aside WHERE record ->> 'code' IN ('7002', '7003') ORDER BY record ->> 'code'`,
    );
    expect(kept).toEqual([
      { code: 'HUB_MAP_DAMAGED', field: 'name', state: 'SET_ASIDE' },
      { code: 'HUB_MAP_RANGE', field: 'count', state: 'SET_ASIDE' },
    ]);
  });

  test('a name longer than an index takes sets its row aside, and its page still lands', async () => {
    const rtu = Array.from({ length: 3000 }, (_letter, index) =>
      String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000)),
    );
    const page = samplePage([stationRow('7101'), stationRow('7102', { rtu: rtu.join('') })]);
    expect(await sample.sync(STATIONS, page)).toMatchObject({ written: 1, setAside: 1 });
    const kept = await sample.query(`SELECT code, field FROM hub.set_aside WHERE record ->> 'code' = '7102'`);
    expect(kept).toEqual([{ code: 'HUB_MAP_TEXT', field: 'rtu' }]);
  });

  test('a type gets one new version for each page that changed something, and none for one that did not', async () => {
    const version = async () => {
      const [row] = await sample.query<{ version: string }>(
        `SELECT version FROM hub.type_state WHERE type = 'Station'`,
      );
      return Number(row?.version);
    };
    const before = await version();
    await sample.sync(STATIONS, samplePage([stationRow('8001'), stationRow('8002')]));
    expect(await version()).toBe(before + 1);
    await sample.sync(STATIONS, samplePage([stationRow('8001'), stationRow('8002')]));
    expect(await version()).toBe(before + 1);
    const rows = await sample.query(`SELECT DISTINCT _version FROM ${TABLE} WHERE _key IN ('8001', '8002')`);
    expect(rows).toEqual([{ _version: String(before + 1) }]);
  });

  test('two feeds that write the same rows at once leave one history without gaps', async () => {
    await sample.sync(STATIONS, samplePage([stationRow('9001', { rtu: '99' })]));
    const runs = [await sample.open(RIVER), await sample.open(REPORT)] as const;
    const times = Array.from(
      { length: 40 },
      (_row, index) => `2026-04-02T00:${String(index).padStart(2, '0')}:00Z`,
    );
    const reports = (stage: number) => samplePage(times.map((time) => reportRow('99', time, stage)));
    const checked = (stage: number) => samplePage(times.map((time) => readingRow('9001', time, stage)));
    for (const round of [1, 2, 3])
      await Promise.all([
        sample.commit(runs[0], checked(round)),
        sample.commit(runs[1], reports(round + 100)),
      ]);
    const rows = await sample.query(
      `SELECT DISTINCT t.stage, t._form, (SELECT count(*)::int FROM sample.river_reading_history h
       WHERE h._key = t._key AND h._form = 0) AS replaced
     FROM sample.river_reading t WHERE station_key = '9001'`,
    );
    expect(rows).toEqual([{ stage: 3, _form: 0, replaced: 2 }]);
  });
});
