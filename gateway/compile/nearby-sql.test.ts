// What the hub's own index finds around a point is what a look at every row finds, while rows come, move, go and come back.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openSample, type Sample } from '../../store/sample/open-sample.fixture.ts';
import { PLACED_UNIT, runStep, SPOTS, STEPS } from '../../store/sample/placed.fixture.ts';
import {
  RIVER,
  readingRow,
  STATIONS,
  samplePage,
  sampleRow,
  stationRow,
} from '../../store/sample/sample-rows.fixture.ts';
import { type Around, toNearbyStatement } from './nearby-sql.ts';

let sample: Sample;
beforeAll(async () => {
  sample = await openSample(PLACED_UNIT);
});
afterAll(() => sample.close());

const ask = ({ types, ...around }: Omit<Around, 'types'> & { readonly types: readonly string[] }) => {
  const wanted = PLACED_UNIT.types.filter(({ name }) => types.includes(name));
  const statement = toNearbyStatement({
    ...around,
    types: wanted.map((type) => ({ unit: PLACED_UNIT.unit, type })),
  });
  return sample.store.reader.read<{ type: string; id: string; metres: number }>(statement, {});
};

const TABLES = { Station: 'station', Device: 'device' };

type Point = { readonly lon: number; readonly lat: number };

/** By the chord through the sphere: another way than the statement's, and as exact where points lie close together. */
function metresBetween(one: Point, other: Point): number {
  const onSphere = ({ lon, lat }: Point) => {
    const [x, y] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180];
    return [Math.cos(y) * Math.cos(x), Math.cos(y) * Math.sin(x), Math.sin(y)];
  };
  const there = onSphere(other);
  const chord = Math.hypot(...onSphere(one).map((part, index) => part - (there[index] ?? 0)));
  return 2 * 6_371_008.8 * Math.asin(chord / 2);
}

const scan = async ({ point, metres, limit, types }: Parameters<typeof ask>[0]) => {
  const found = [];
  for (const [type, table] of Object.entries(TABLES)) {
    if (!types.includes(type)) continue;
    const rows = await sample.query<{ key: string; lon: number | null; lat: number | null }>(
      `SELECT _key AS key, location_lon AS lon, location_lat AS lat FROM sample.${table} WHERE _gone_at IS NULL`,
    );
    for (const { key, lon, lat } of rows) {
      if (lon === null || lat === null) continue;
      const apart = metresBetween(point, { lon, lat });
      if (apart <= metres) found.push({ type, id: `sample:${type}:${key}`, metres: Math.round(apart) });
    }
  }
  found.sort((left, right) => left.metres - right.metres || (left.id < right.id ? -1 : 1));
  return found.slice(0, limit);
};

const around = fc.record({
  point: fc.oneof(
    fc.constantFrom(...SPOTS.flatMap((spot) => (spot === null ? [] : [spot]))),
    fc.record({
      lon: fc.double({ min: 111.5, max: 112.2, noNaN: true }),
      lat: fc.double({ min: 25.1, max: 26.5, noNaN: true }),
    }),
  ),
  metres: fc.oneof(fc.constant(100_000), fc.double({ min: 1, max: 20_000, noNaN: true })),
  limit: fc.constantFrom(1, 3, 100),
  types: fc.constantFrom(['Station', 'Device'], ['Device'], ['Station']),
});

test('finds what a look at every row finds, in its order', async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(STEPS, fc.array(around, { minLength: 1, maxLength: 4 }), async (steps, questions) => {
      await sample.reset();
      for (const step of steps) {
        await runStep(sample, step);
        for (const question of questions) {
          const found = await ask(question);
          expect(found).toEqual(await scan(question));
          seen += found.length;
        }
      }
    }),
    { numRuns: 15 },
  );
  expect(seen).toBeGreaterThan(20);
});

test('finds readings only where they are named, among things by their distance', async () => {
  await sample.reset();
  const here = { point: { lon: 111.6, lat: 26.4 }, metres: 5000, limit: 10 };
  await sample.sync(STATIONS, samplePage([stationRow('1')]));
  const reading = readingRow('1', '2026-04-05T00:00:00Z', 97);
  const location = { lon: 111.605, lat: 26.4 };
  await sample.sync(
    RIVER,
    samplePage([
      sampleRow('RiverReading', reading.key, { ...reading, values: { ...reading.values, location } }),
    ]),
  );
  const ids = async (...types: string[]) => (await ask({ ...here, types })).map(({ type }) => type);
  expect(await ids('Station', 'Device')).toEqual(['Station']);
  expect(await ids('RiverReading')).toEqual(['RiverReading']);
  expect(await ids('RiverReading', 'Station')).toEqual(['Station', 'RiverReading']);
});

test('looks into one index for all types, once', async () => {
  const types = PLACED_UNIT.types.filter(({ name }) => name in TABLES);
  const statement = toNearbyStatement({
    types: types.map((type) => ({ unit: 'sample', type })),
    point: { lon: 111.6, lat: 26.4 },
    metres: 500,
    limit: 20,
  });
  await sample.query(`INSERT INTO hub.place SELECT 'other', 'T', n::text, 100 + n / 1000.0, 26 FROM generate_series(1, 20000) n;
    ANALYZE hub.place`);
  const plan = await sample.store.reader.read<{ 'QUERY PLAN': string }>(
    { text: `explain ${statement.text}`, values: statement.values },
    {},
  );
  const scans = plan.flatMap(
    (line) => /(?:Index|Seq|Heap) Scan.* on (\S+)/.exec(line['QUERY PLAN'])?.[0] ?? [],
  );
  const [first = '', ...others] = scans.filter((line) => !line.startsWith('Heap'));
  expect([first, others]).toEqual([expect.stringContaining('place_by_point'), []]);
  await sample.query(`DELETE FROM hub.place WHERE unit = 'other'`);
});
