// A manifest that changes over tables that have rows: what keeps them is done, what cannot is refused with its reason.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Field, UnitType } from '../../connectors/kit/manifest/model.ts';
import { openStore } from '../open-store.ts';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';
import { RIVER, readingRow, STATIONS, samplePage, stationRow } from '../sample/sample-rows.fixture.ts';
import {
  READING,
  STATION,
  sampleField,
  sampleForm,
  sampleLink,
  sampleType,
  sampleUnit,
} from '../sample/sample-unit.fixture.ts';

let sample: Sample;
beforeEach(async () => {
  sample = await openSample(null);
  await sample.store.migrate([sampleUnit([STATION, READING])]);
});
afterEach(() => sample.close());

const fill = async () => {
  await sample.sync(STATIONS, samplePage([stationRow('1', { warnLevel: 98.5, count: 7 })]));
  await sample.sync(STATIONS, samplePage([stationRow('1', { warnLevel: 99.5, count: 8 })]));
  await sample.sync(RIVER, samplePage([readingRow('1', '2026-04-05T00:00:00Z', 97)]));
};
const migrate = async (...types: UnitType[]) =>
  (await sample.store.migrate([sampleUnit(types)])).map((step) => step.statement);
const withFields = (type: UnitType, change: (fields: readonly Field[]) => readonly Field[]): UnitType => ({
  ...type,
  fields: change(type.fields),
});
const retyped = (type: UnitType, name: string, graphql: string) =>
  withFields(type, (fields) =>
    fields.map((field) => (field.name === name ? sampleField(name, graphql) : field)),
  );
/** Everything that a migration could change, as text. */
const fingerprint = async () =>
  JSON.stringify([
    await sample.query(`SELECT table_name, column_name, data_type FROM information_schema.columns
      WHERE table_schema = 'sample' ORDER BY 1, 2`),
    await sample.query('SELECT shape FROM hub.unit_schema'),
    await sample.query('SELECT * FROM sample.station'),
  ]);

test('the same manifest again changes nothing', async () => {
  await fill();
  const before = await fingerprint();
  expect(await migrate(STATION, READING)).toEqual([]);
  expect(await fingerprint()).toBe(before);
});

test('months are made from the backfill’s first to the next one', async () => {
  const rows = await sample.query<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'sample.river_reading'::regclass`,
  );
  expect(rows.map(({ name }) => name.replace('sample.river_reading_', '')).sort()).toEqual([
    '2026_02',
    '2026_03',
    '2026_04',
    '2026_05',
    '_default',
  ]);
});

describe('a change that keeps every row', () => {
  test('an added field is null in rows that are there and filled in the next ones', async () => {
    await fill();
    const grown = withFields(STATION, (fields) => [...fields, sampleField('river', 'String')]);
    const point = withFields(grown, (fields) => [...fields, sampleField('gauge', 'Point')]);
    expect(await migrate(point, READING)).toContain(
      'ALTER TABLE "sample"."station" ADD COLUMN "gauge_lon" float8',
    );
    await sample.sync(STATIONS, samplePage([stationRow('2', { river: '潇水' })]));
    expect(
      await sample.query('SELECT code, river, gauge_lat, warn_level FROM sample.station ORDER BY code'),
    ).toEqual([
      { code: '1', river: null, gauge_lat: null, warn_level: 99.5 },
      { code: '2', river: '潇水', gauge_lat: null, warn_level: 98.5 },
    ]);
  });

  test('a removed field keeps its column, which is said once', async () => {
    await fill();
    const less = withFields(STATION, (fields) => fields.filter(({ name }) => name !== 'warnLevel'));
    expect(await migrate(less, READING)).toEqual([
      '-- kept: "sample"."station"."warn_level" is no longer in the manifest',
    ]);
    expect(await migrate(less, READING)).toEqual([]);
    await sample.sync(STATIONS, samplePage([stationRow('2')]));
    expect(await sample.query('SELECT warn_level FROM sample.station ORDER BY code')).toEqual([
      { warn_level: 99.5 },
      { warn_level: null },
    ]);
  });

  test('a removed field that returns as another type finds a new column, and the old one is still there', async () => {
    await fill();
    await migrate(
      withFields(STATION, (fields) => fields.filter(({ name }) => name !== 'name')),
      READING,
    );
    await migrate(retyped(STATION, 'name', 'Float'), READING);
    expect(await sample.query('SELECT name, _kept1_name FROM sample.station')).toEqual([
      { name: null, _kept1_name: '站 1' },
    ]);
  });

  test('a removed field that returns shows nothing that was corrected meanwhile', async () => {
    await fill();
    const less = withFields(STATION, (fields) => fields.filter(({ name }) => name !== 'name'));
    await migrate(less, READING);
    // The mapping leaves null fields out of the hash: with and without the field it is one content.
    const row = { ...stationRow('1', { name: null }), hash: 'ab'.repeat(32) };
    await sample.sync(STATIONS, samplePage([row]));
    await migrate(STATION, READING);
    await sample.sync(STATIONS, samplePage([row]));
    expect(await sample.query('SELECT name FROM sample.station')).toEqual([{ name: null }]);
    expect(await sample.sync(STATIONS, samplePage([row]))).toMatchObject({ unchanged: 1 });
  });

  test('so does a field of a type whose forms merge by field', async () => {
    const fields = { ...STATION, merge: 'fields' } as const;
    await sample.store.migrate([{ ...sampleUnit([fields]), unit: 'merged' }]);
    const unit = (type: UnitType) => ({ ...sampleUnit([type]), unit: 'merged' });
    const feed = { ...STATIONS, unit: 'merged' };
    await sample.sync(feed, samplePage([stationRow('1')]));
    await sample.store.migrate([
      unit(withFields(fields, (all) => all.filter(({ name }) => name !== 'name'))),
    ]);
    const row = { ...stationRow('1', { name: null }), hash: 'ab'.repeat(32) };
    await sample.sync(feed, samplePage([row]));
    await sample.store.migrate([unit(fields)]);
    await sample.sync(feed, samplePage([row]));
    expect(await sample.query('SELECT name FROM merged.station')).toEqual([{ name: null }]);
  });

  test.each([
    ['count', 'Long', '8'],
    ['count', 'Float', 8],
    ['count', 'Decimal', '8'],
    ['count', 'String', '8'],
    ['warnLevel', 'String', '99.5'],
  ])('%s becomes %s in rows and history', async (field, graphql, value) => {
    await fill();
    await migrate(retyped(STATION, field, graphql), READING);
    const column = field === 'count' ? 'count' : 'warn_level';
    expect(await sample.query(`SELECT ${column} AS value FROM sample.station`)).toEqual([{ value }]);
    expect(await sample.query(`SELECT count(${column})::int AS n FROM sample.station_history`)).toEqual([
      { n: 1 },
    ]);
  });

  test('times and durations become the text that the graph shows', async () => {
    await fill();
    const texts = withFields(READING, (fields) => [
      ...fields.filter(({ name }) => name !== 'period'),
      sampleField('period', 'String'),
    ]);
    await migrate(STATION, texts);
    expect(await sample.query('SELECT period FROM sample.river_reading')).toEqual([{ period: 'PT5M' }]);
  });

  test('a new type gets its tables and a removed one keeps them, which is said once', async () => {
    await fill();
    const basin = sampleType('Basin', 'thing', ['code'], { fields: [sampleField('code', 'String')] });
    const steps = await migrate(STATION, basin);
    expect(steps).toContain('-- kept: "sample"."river_reading" is no longer in the manifest');
    expect(await migrate(STATION, basin)).toEqual([]);
    expect(await sample.query('SELECT stage FROM sample.river_reading')).toEqual([{ stage: 97 }]);
    expect(await sample.query('SELECT * FROM sample.basin')).toEqual([]);
    expect(await migrate(STATION, basin, READING)).toEqual([]);
  });

  test('a form put in front moves the precedence of the rows that are there', async () => {
    await fill();
    const fields = STATION.fields.map((field) => field.name);
    const forms = [sampleForm(0, 'checked', fields), sampleForm(1, 'station', fields)];
    await migrate({ ...STATION, forms }, READING);
    expect(await sample.query('SELECT _form FROM sample.station')).toEqual([{ _form: 1 }]);
    await migrate({ ...STATION, forms: [sampleForm(0, 'checked', fields)] }, READING);
    expect(await sample.query('SELECT _form FROM sample.station')).toEqual([{ _form: 32767 }]);
  });

  test('a table without a row is made anew, whatever changes', async () => {
    await migrate({ ...STATION, key: ['name'] }, READING);
    await migrate(STATION, READING);
    await fill();
    expect(await sample.query('SELECT _key FROM sample.station')).toEqual([{ _key: '1' }]);
  });
});

describe('a change that would spoil rows is refused and changes nothing', () => {
  const event = {
    ...STATION,
    role: 'event',
    time: 'at',
    fields: [...STATION.fields, sampleField('at', 'DateTime')],
  } as const;
  const elsewhere = READING.links.map((link) => ({ ...link, to: { unit: 'sample', type: 'RiverReading' } }));
  test.each<[string, UnitType, UnitType, string]>([
    ['text → number', retyped(STATION, 'name', 'Float'), READING, 'Station.name: its stored values are text'],
    [
      'number → integer',
      retyped(STATION, 'warnLevel', 'Int'),
      READING,
      'Station.warnLevel: its stored values are float8',
    ],
    [
      'integer → flag',
      retyped(STATION, 'count', 'Boolean'),
      READING,
      'Station.count: its stored values are int4',
    ],
    [
      'another key',
      { ...STATION, key: ['name'] },
      READING,
      'Station: its key changes from [code: String] to [name: String]',
    ],
    ['a key of another kind', retyped(STATION, 'code', 'Int'), READING, 'to [code: Int]'],
    ['another role', event, READING, 'Station: its role changes from thing to event'],
    [
      'a key without its time',
      STATION,
      { ...READING, key: ['station'] },
      'RiverReading: its partitioning by month changes from true to false',
    ],
    [
      'a link to another type',
      STATION,
      { ...READING, links: elsewhere },
      'RiverReading.station: its link station changes from sample.Station to sample.RiverReading',
    ],
  ])('%s', async (_name, station, reading, reason) => {
    await fill();
    const before = await fingerprint();
    const added = withFields(station, (fields) => [...fields, sampleField('extra', 'String')]);
    const error = await migrate(added, reading).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'HUB_STORE_MIGRATION', place: { unit: 'sample' } });
    expect(String(error)).toContain(reason);
    expect(String(error)).toMatch(/give the (?:type|field|link) a new name/);
    expect(await fingerprint()).toBe(before);
  });

  test('all reasons are given at once, and other units are migrated', async () => {
    await fill();
    const other = { ...sampleUnit([STATION]), unit: 'other' };
    const bad = retyped(retyped(STATION, 'name', 'Float'), 'rtu', 'Int');
    const error = await sample.store
      .migrate([sampleUnit([bad, READING]), other])
      .catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('Station.name');
    expect(String(error)).toContain('Station.rtu');
    expect(await sample.query('SELECT * FROM other.station')).toEqual([]);
  });

  test('a table of that name that the hub did not make', async () => {
    await sample.query('CREATE SCHEMA foreign_one; CREATE TABLE foreign_one.station (code text)');
    const unit = { ...sampleUnit([STATION]), unit: 'foreign_one' };
    await expect(sample.store.migrate([unit])).rejects.toThrow('the hub did not make it');
  });

  test.each(['hub', 'public', 'bullmq'])('a unit that is called %s', async (name) => {
    await expect(sample.store.migrate([{ ...sampleUnit([STATION]), unit: name }])).rejects.toThrow(
      'belongs to the hub',
    );
  });

  test('a type whose table would be another’s history', async () => {
    const history = sampleType('StationHistory', 'thing', ['code'], {
      fields: [sampleField('code', 'String')],
    });
    await expect(migrate(STATION, READING, history)).rejects.toThrow('would be the history of another type');
  });
});

describe('a feed whose past something new wants', () => {
  const mark = { watermark: '2026-04-05T00:00:00Z', lateAt: null, scan: null };
  const fed = async () => {
    await sample.sync(STATIONS, samplePage([stationRow('1')]));
    await sample.sync(RIVER, samplePage([readingRow('1', '2026-04-05T00:00:00Z', 97)], { mark }));
  };
  const watermark = async () => (await sample.store.sync.readMark(RIVER)).watermark;
  const second = { ...READING, name: 'LowReading', as: 'low' };

  test.each<[string, UnitType[], boolean]>([
    ['a second type of its object', [STATION, READING, second], true],
    ['a new field', [STATION, withFields(READING, (own) => [...own, sampleField('flow', 'Float')])], true],
    ['nothing', [STATION, READING], false],
    [
      'one field less',
      [STATION, withFields(READING, (own) => own.filter(({ name }) => name !== 'stage'))],
      false,
    ],
    [
      'a field of another feed',
      [withFields(STATION, (own) => [...own, sampleField('river', 'String')]), READING],
      false,
    ],
  ])('is read from the beginning: %s', async (_about, types, again) => {
    await fed();
    await migrate(...types);
    expect(await watermark()).toBe(again ? null : mark.watermark);
  });

  test('is read from the beginning when a removed type returns', async () => {
    await fed();
    await migrate(STATION);
    expect(await watermark()).toBe(mark.watermark);
    await migrate(STATION, READING);
    expect(await watermark()).toBeNull();
  });

  test('is lost by a worker that still reads it by the older manifest', async () => {
    await fed();
    const run = await sample.open(RIVER);
    await migrate(STATION, READING, second);
    const page = samplePage([readingRow('1', '2026-04-05T01:00:00Z', 97)], { mark });
    await expect(sample.commit(run, page)).rejects.toMatchObject({ code: 'HUB_SYNC_LEASE_LOST' });
    expect(await watermark()).toBeNull();
  });
});

test('several processes that start at once make the tables once', async () => {
  const fresh = { ...sampleUnit([STATION, READING]), unit: 'shared' };
  const stores = await Promise.all([1, 2, 3].map(() => openStore({ url: sample.url, maxConnections: 3 })));
  const steps = await Promise.all(stores.map((store) => store.migrate([fresh])));
  await Promise.all(stores.map((store) => store.close()));
  expect(steps.filter((made) => made.length > 0)).toHaveLength(1);
});

test('a table that has rows gets the index by which what lies near a point is found', async () => {
  await fill();
  const before = await fingerprint();
  await sample.query('DROP INDEX sample.station_by_place_idx');
  expect(await migrate(STATION, READING)).toEqual([
    'CREATE INDEX "station_by_place_idx" ON "sample"."station" ("location_lon", "location_lat")',
  ]);
  expect(await fingerprint()).toBe(before);
});

test('an index that no statement uses any more is taken away', async () => {
  await sample.query('CREATE INDEX station_by_version_idx ON sample.station (_version)');
  await sample.query('CREATE INDEX river_reading_by_version_idx ON sample.river_reading (_version)');
  expect(await migrate(STATION, READING)).toEqual([
    'DROP INDEX "sample"."station_by_version_idx"',
    'DROP INDEX "sample"."river_reading_by_version_idx"',
  ]);
  expect(await migrate(STATION, READING)).toEqual([]);
});

test('links that are found at question time have no column, the others have one with an index', async () => {
  const near = sampleLink('shelter', 'Station', [], {
    to: null,
    nearest: { unit: 'sample', type: 'Station', maxMetres: 500 },
  });
  const linked = { ...STATION, links: [near, sampleLink('parent', 'Station', [])] };
  const steps = await migrate(linked, READING);
  expect(steps).toEqual([
    'ALTER TABLE "sample"."station" ADD COLUMN "parent_key" text COLLATE "C"',
    'ALTER TABLE "sample"."station_history" ADD COLUMN "parent_key" text COLLATE "C"',
    'CREATE INDEX "station_by_parent_key_idx" ON "sample"."station" ("parent_key")',
    'CREATE INDEX "station_history_by_parent_key_idx" ON "sample"."station_history" ("parent_key")',
  ]);
});
