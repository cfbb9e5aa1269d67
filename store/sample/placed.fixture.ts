// A small world in which things move: stations and devices (of which two forms tell) that lie at one of a few spots or nowhere,
// and everything that may happen to them, by pages and by hand.
import fc from 'fast-check';
import type { Sample } from './open-sample.fixture.ts';
import { deletedRow, STATIONS, samplePage, sampleRow, stationRow } from './sample-rows.fixture.ts';
import { DEVICE, READING, STATION, sampleField, sampleForm, sampleUnit } from './sample-unit.fixture.ts';

const LOCATION = sampleField('location', 'Point', { converter: 'point' });

/** Stations, devices and, with a place of their own each, readings. */
export const PLACED_UNIT = sampleUnit([
  STATION,
  { ...READING, fields: [...READING.fields, LOCATION] },
  {
    ...DEVICE,
    fields: [...DEVICE.fields, LOCATION],
    forms: [sampleForm(0, 'device', ['code', 'name', 'location']), ...DEVICE.forms.slice(1)],
  },
]);

const DEVICES = { ...STATIONS, object: 'device' };
const NOTICES = { ...STATIONS, object: 'notice', strategy: 'push' as const };

export const SPOTS = [
  null,
  { lon: 111.6, lat: 26.4 },
  { lon: 111.61, lat: 26.4 },
  { lon: 111.6, lat: 26.45 },
  { lon: 112.1, lat: 25.2 },
] as const;

type Some = { readonly key: number; readonly spot: number; readonly gone: boolean };

export type Step = {
  readonly what: 'stations' | 'absence' | 'devices' | 'notices' | 'by hand' | 'purged' | 'emptied';
  readonly rows: readonly Some[];
};

export const STEPS: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    what: fc.constantFrom(
      'stations' as const,
      'stations' as const,
      'absence' as const,
      'devices' as const,
      'notices' as const,
      'by hand' as const,
      'purged' as const,
      'emptied' as const,
    ),
    rows: fc.array(
      fc.record({ key: fc.integer({ min: 1, max: 6 }), spot: fc.nat(SPOTS.length - 1), gone: fc.boolean() }),
      { maxLength: 7 },
    ),
  }),
  { minLength: 1, maxLength: 9 },
);

export async function runStep(sample: Sample, { what, rows }: Step): Promise<void> {
  switch (what) {
    case 'stations':
      await sample.sync(STATIONS, samplePage(rows.map(toStation)));
      return;
    case 'devices':
      await sample.sync(DEVICES, samplePage(rows.map((one) => toDevice(one, 0))));
      return;
    case 'notices':
      await sample.sync(NOTICES, samplePage(rows.map((one) => toDevice(one, 1))));
      return;
    case 'absence': {
      const run = await sample.open(STATIONS);
      await sample.commit(
        run,
        samplePage(
          rows.map((one) => toStation({ ...one, gone: false })),
          { remember: true },
        ),
      );
      const end = { state: 'succeeded' as const, mark: run.lease.mark, absence: true };
      // The brake may stop it, and then nothing goes.
      await sample.store.sync.closeRun(run, end, { now: sample.now() }).catch(() => undefined);
      await sample.store.sync.release(run.lease);
      return;
    }
    case 'by hand':
      for (const { key, spot } of rows)
        await sample.query('UPDATE sample.station SET location_lon = $2, location_lat = $3 WHERE _key = $1', [
          String(key),
          SPOTS[spot]?.lon ?? null,
          SPOTS[spot]?.lat ?? null,
        ]);
      return;
    case 'purged':
      await sample.query('DELETE FROM sample.station WHERE _key = ANY ($1)', [
        rows.map(({ key }) => String(key)),
      ]);
      return;
    case 'emptied':
      await sample.query('TRUNCATE sample.device');
  }
}

function toStation({ key, spot, gone }: Some) {
  const row = stationRow(String(key), { location: SPOTS[spot] ?? null });
  return gone ? deletedRow(row) : row;
}

function toDevice({ key, spot, gone }: Some, form: number) {
  const code = String(key);
  const values =
    form === 0 ? { code, name: `名${spot}`, location: SPOTS[spot] ?? null } : { code, status: `S${spot}` };
  const row = sampleRow('Device', code, { form, values, native: { code } });
  return gone ? deletedRow(row) : row;
}
