// Rows that name what has not arrived: waiting, set aside, replayed; and links that only the store can resolve.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FeedKey } from '../contract.ts';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';
import {
  deletedRow,
  REPORT,
  RIVER,
  readingRow,
  reportRow,
  STATIONS,
  samplePage,
  sampleRow,
  stationRow,
} from '../sample/sample-rows.fixture.ts';

let sample: Sample;
beforeAll(async () => {
  sample = await openSample();
});
beforeEach(() => sample.reset());
afterAll(() => sample.close());

const kept = () => sample.query('SELECT type, state, code, field, times FROM hub.set_aside ORDER BY id');
const readings = () =>
  sample.query('SELECT _key, station_key, stage, _form FROM sample.river_reading ORDER BY _key');
const early = readingRow('1', '2026-04-05T00:00:00Z', 97);
const WAITS = {
  type: 'RiverReading',
  state: 'WAITING',
  code: 'HUB_MAP_LINK_MISSING',
  field: 'station',
  times: '1',
};

describe('a reading whose station has not arrived', () => {
  test('waits with its record and does not land', async () => {
    expect(await sample.sync(RIVER, samplePage([early]))).toMatchObject({
      written: 0,
      waiting: 1,
      setAside: 0,
    });
    expect(await readings()).toEqual([]);
    expect(await kept()).toEqual([WAITS]);
  });

  test('is one row however often it is read again', async () => {
    await sample.sync(RIVER, samplePage([early]));
    await sample.sync(RIVER, samplePage([early, early]));
    expect(await kept()).toEqual([{ ...WAITS, times: '3' }]);
  });

  test('is not tried again before something of its target’s type has arrived', async () => {
    await sample.sync(RIVER, samplePage([early]));
    expect(await sample.store.sync.takeWaiting(RIVER, 10)).toEqual([]);
    await sample.sync(STATIONS, samplePage([stationRow('2')]));
    expect(await sample.store.sync.takeWaiting(RIVER, 10)).toHaveLength(1);
    await sample.sync(RIVER, samplePage([early]));
    expect(await sample.store.sync.takeWaiting(RIVER, 10)).toEqual([]);
  });

  test('is replayed when the station has come, lands, and is no longer kept', async () => {
    await sample.sync(RIVER, samplePage([early]));
    await sample.sync(STATIONS, samplePage([stationRow('1')]));
    const waiting = await sample.store.sync.takeWaiting(RIVER, 10);
    expect(waiting).toEqual([
      expect.objectContaining({
        type: 'RiverReading',
        receivedAt: '2026-04-05T00:00:00.000Z',
        record: expect.objectContaining({ stationCode: '1' }),
      }),
    ]);
    const replayed = waiting.map(({ id }) => id);
    expect(await sample.sync(RIVER, samplePage([early], { read: 0, replayed }))).toMatchObject({
      written: 1,
    });
    expect(await kept()).toEqual([]);
    expect(await readings()).toHaveLength(1);
  });

  test('is no longer kept when it lands because its source was read again', async () => {
    await sample.sync(RIVER, samplePage([early]));
    await sample.sync(STATIONS, samplePage([stationRow('1')]));
    await sample.sync(RIVER, samplePage([early]));
    expect(await kept()).toEqual([]);
  });

  test('is taken out when its replay finds that the record is not ours', async () => {
    await sample.sync(RIVER, samplePage([early]));
    await sample.sync(STATIONS, samplePage([stationRow('2')]));
    const replayed = (await sample.store.sync.takeWaiting(RIVER, 10)).map(({ id }) => id);
    await sample.sync(RIVER, samplePage([], { notOurs: 1, replayed }));
    expect(await kept()).toEqual([]);
  });

  test('is set aside after a day, stays so when it is read again, and lands when the station comes', async () => {
    await sample.sync(RIVER, samplePage([early]));
    await sample.sync(STATIONS, samplePage([stationRow('2')]));
    sample.at('2026-04-06T08:00:01Z');
    expect(await sample.store.sync.takeWaiting(RIVER, 10)).toEqual([]);
    await sample.sync(RIVER, samplePage([early]));
    expect(await kept()).toEqual([{ ...WAITS, state: 'SET_ASIDE', times: '2' }]);
    await sample.sync(STATIONS, samplePage([stationRow('1')]));
    await sample.sync(RIVER, samplePage([early]));
    expect(await kept()).toEqual([]);
  });

  test('lands in the page that brings the station too', async () => {
    expect(await sample.sync(RIVER, samplePage([early, stationRow('1')]))).toMatchObject({
      written: 2,
      waiting: 0,
    });
  });

  test('lands when the station is a tombstone: it has arrived once', async () => {
    await sample.sync(STATIONS, samplePage([deletedRow(stationRow('1'))]));
    expect(await sample.sync(RIVER, samplePage([early]))).toMatchObject({ written: 1 });
  });

  test('does not wait when it is deleted itself', async () => {
    expect(await sample.sync(RIVER, samplePage([deletedRow(early)]))).toMatchObject({
      deleted: 1,
      waiting: 0,
    });
  });
});

test('other rows of the page land beside one that waits', async () => {
  await sample.sync(STATIONS, samplePage([stationRow('1')]));
  const page = samplePage([early, readingRow('404', '2026-04-05T00:00:00Z', 1)]);
  expect(await sample.sync(RIVER, page)).toMatchObject({ written: 1, waiting: 1 });
});

test('a link that is declared setAside sets its row aside at once', async () => {
  const alarms: FeedKey = { unit: 'sample', source: 'fork', object: 'alarm', strategy: 'snapshot' };
  const row = sampleRow('Alarm', 'A1', {
    values: { number: 'A1', stationCode: '404' },
    links: [{ link: 'station', key: '404', lookup: null }],
    observedAt: '2026-04-05T00:00:00Z',
    native: { number: 'A1' },
  });
  const without = sampleRow('Alarm', 'A2', {
    values: { number: 'A2', stationCode: null },
    links: [{ link: 'station', key: null, lookup: null }],
    observedAt: '2026-04-05T00:00:00Z',
  });
  expect(await sample.sync(alarms, samplePage([row, without]))).toMatchObject({
    written: 1,
    setAside: 1,
    waiting: 0,
  });
  expect(await kept()).toEqual([{ ...WAITS, type: 'Alarm', state: 'SET_ASIDE' }]);
});

describe('a station that is named by its telemetry address', () => {
  const report = reportRow('0099', '2026-04-05T00:05:00Z', 97.5);

  test('is looked up, and the key that rested on it is completed', async () => {
    await sample.sync(STATIONS, samplePage([stationRow('61~5', { rtu: '0099' })]));
    expect(await sample.sync(REPORT, samplePage([report]))).toMatchObject({ written: 1 });
    expect(await readings()).toEqual([
      { _key: '61~5~2026-04-05T00:05:00Z', station_key: '61~5', stage: 97.5, _form: 1 },
    ]);
  });

  test('meets the checked reading of the same station and minute, which stays', async () => {
    await sample.sync(STATIONS, samplePage([stationRow('1', { rtu: '0099' })]));
    await sample.sync(RIVER, samplePage([readingRow('1', '2026-04-05T00:05:00Z', 97)]));
    expect(await sample.sync(REPORT, samplePage([report]))).toMatchObject({ written: 0, unchanged: 1 });
    expect(await readings()).toEqual([
      { _key: '1~2026-04-05T00:05:00Z', station_key: '1', stage: 97, _form: 0 },
    ]);
  });

  test('waits while no station has the address', async () => {
    await sample.sync(STATIONS, samplePage([stationRow('1')]));
    expect(await sample.sync(REPORT, samplePage([report]))).toMatchObject({ waiting: 1 });
  });

  test('is no answer while two living stations have the address, and is the living one of two', async () => {
    const twins = [stationRow('1', { rtu: '0099' }), stationRow('2', { rtu: '0099' })] as const;
    await sample.sync(STATIONS, samplePage(twins));
    expect(await sample.sync(REPORT, samplePage([report]))).toMatchObject({ waiting: 1 });
    await sample.sync(STATIONS, samplePage([deletedRow(twins[0])]));
    expect(await sample.sync(REPORT, samplePage([report]))).toMatchObject({ written: 1 });
    expect(await readings()).toMatchObject([{ station_key: '2' }]);
  });
});

describe('a tree in one table', () => {
  const areas: FeedKey = { unit: 'sample', source: 'fork', object: 'area', strategy: 'snapshot' };
  const area = (code: string, parent: string | null) =>
    sampleRow('Area', code, {
      values: { code, parentCode: parent },
      links: [{ link: 'parent', key: parent, lookup: null }],
      native: { code },
    });

  test('lands whole when children come before their parents', async () => {
    const page = samplePage([area('a.b.c', 'a.b'), area('a.b', 'a'), area('a', null)]);
    expect(await sample.sync(areas, page)).toMatchObject({ written: 3, waiting: 0 });
  });

  test('waits from the missing branch down', async () => {
    const page = samplePage([area('x.y.z', 'x.y'), area('x.y', 'x'), area('a', null)]);
    expect(await sample.sync(areas, page)).toMatchObject({ written: 1, waiting: 2 });
  });
});
