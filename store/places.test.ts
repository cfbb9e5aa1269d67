// hub.place holds the place of every living thing and event, whatever way it was written, and of nothing else.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openSample, type Sample } from './sample/open-sample.fixture.ts';
import { PLACED_UNIT, runStep, SPOTS, STEPS } from './sample/placed.fixture.ts';
import { RIVER, readingRow, STATIONS, samplePage, stationRow } from './sample/sample-rows.fixture.ts';
import { READING, STATION, sampleField, sampleUnit } from './sample/sample-unit.fixture.ts';

let sample: Sample;
beforeAll(async () => {
  sample = await openSample(PLACED_UNIT);
});
afterAll(() => sample.close());

const places = (of: Sample = sample) =>
  of.query('SELECT unit, type, key, lon, lat FROM hub.place ORDER BY unit, type, key');

const standing = () => {
  const of = (type: string, table: string) =>
    `SELECT 'sample' AS unit, '${type}' AS type, _key AS key, location_lon AS lon, location_lat AS lat FROM sample.${table}
     WHERE _gone_at IS NULL AND location_lon IS NOT NULL AND location_lat IS NOT NULL`;
  return sample.query(
    `SELECT * FROM (${of('Device', 'device')} UNION ALL ${of('Station', 'station')}) r ORDER BY unit, type, key COLLATE "C"`,
  );
};

test('whatever is written, by pages and by hand, the places are those of the living rows', async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(STEPS, async (steps) => {
      await sample.reset();
      for (const step of steps) {
        await runStep(sample, step);
        const kept = await places();
        expect(kept).toEqual(await standing());
        seen += kept.length;
      }
    }),
    { numRuns: 25 },
  );
  expect(seen).toBeGreaterThan(20);
});

test('a row that is corrected and does not move leaves its place untouched', async () => {
  await sample.reset();
  await sample.sync(STATIONS, samplePage([stationRow('1'), stationRow('2')]));
  const versions = () =>
    sample.query<{ ctid: string }>('SELECT key, xmin::text, ctid::text FROM hub.place ORDER BY key');
  const before = await versions();
  await sample.sync(STATIONS, samplePage([stationRow('1', { warnLevel: 7 }), stationRow('2')]));
  expect(await versions()).toEqual(before);
  await sample.sync(STATIONS, samplePage([stationRow('1', { location: SPOTS[4] }), stationRow('2')]));
  const [moved, stays] = await versions();
  expect([moved?.ctid === before[0]?.ctid, stays]).toEqual([false, before[1]]);
});

test('a page that fails leaves the places as they were', async () => {
  await sample.reset();
  await sample.sync(STATIONS, samplePage([stationRow('1')]));
  const before = await places();
  const run = await sample.open(STATIONS);
  const failing = samplePage([stationRow('1', { location: SPOTS[4] })], {
    setAside: [
      {
        type: 'Station',
        fault: { code: 'HUB_MAP_TEXT', field: null, column: null, raw: null, message: 'bad' },
        record: { big: 1n as never },
      },
    ],
  });
  await expect(sample.commit(run, failing)).rejects.toThrow();
  await sample.store.sync.release(run.lease);
  expect(await places()).toEqual(before);
});

describe('a manifest that changes', () => {
  const open = async () => {
    const own = await openSample(sampleUnit([STATION, READING]));
    await own.sync(STATIONS, samplePage([stationRow('1'), stationRow('2', { location: null })]));
    await own.sync(RIVER, samplePage([readingRow('1', '2026-04-05T00:00:00Z', 97)]));
    return own;
  };
  const HERE = [{ unit: 'sample', type: 'Station', key: '1', lon: 111.6, lat: 26.4 }];
  const PLAIN = { ...STATION, fields: STATION.fields.filter(({ name }) => name !== 'location') };
  const HIDDEN = {
    ...PLAIN,
    fields: [...PLAIN.fields, sampleField('location', 'Point', { converter: 'point', hidden: true })],
  };

  test('over a store of before places were kept brings in what is there, once', async () => {
    const own = await open();
    await own.query(`DROP TRIGGER keep_place_insert ON sample.station; DROP TRIGGER keep_place_update ON sample.station;
      DROP TRIGGER keep_place_delete ON sample.station; DROP TRIGGER keep_place_truncate ON sample.station; DELETE FROM hub.place`);
    const steps = await own.store.migrate([sampleUnit([STATION, READING])]);
    expect(steps.map(({ statement }) => statement.split(' ').slice(0, 3).join(' '))).toEqual([
      'CREATE TRIGGER keep_place_insert',
      'CREATE TRIGGER keep_place_update',
      'CREATE TRIGGER keep_place_delete',
      'CREATE TRIGGER keep_place_truncate',
      'INSERT INTO hub.place',
    ]);
    expect(await places(own)).toEqual(HERE);
    expect(await own.store.migrate([sampleUnit([STATION, READING])])).toEqual([]);
    await own.close();
  });

  test.each([
    ['a type that leaves', [READING]],
    ['a type that has no place any more', [PLAIN, READING]],
    ['a type whose place is hidden', [HIDDEN, READING]],
  ])('forgets the places of %s, and knows them again when they are back', async (_what, types) => {
    const own = await open();
    await own.store.migrate([sampleUnit(types)]);
    expect(await places(own)).toEqual([]);
    expect(await own.store.migrate([sampleUnit(types)])).toEqual([]);
    await own.store.migrate([sampleUnit([STATION, READING])]);
    expect(await places(own)).toEqual(HERE);
    await own.sync(STATIONS, samplePage([stationRow('1', { location: SPOTS[2] })]));
    expect(await places(own)).toEqual([{ ...HERE[0], ...SPOTS[2] }]);
    await own.close();
  });

  test('keeps them where a type without rows is made anew', async () => {
    const own = await openSample(sampleUnit([STATION]));
    await own.store.migrate([sampleUnit([{ ...STATION, key: ['rtu'] }])]);
    await own.sync(STATIONS, samplePage([stationRow('1')]));
    expect(await places(own)).toEqual(HERE);
    await own.close();
  });
});
