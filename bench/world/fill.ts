// The rows that everything but the sync is measured on: stations, readings and events of eleven counties, put into the
// tables that the real manifests of hydrology, weather and forestry give.
import { fileURLToPath } from 'node:url';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { openUnits } from '../../connectors/kit/manifest/unit-folder.ts';
import { toTableName } from '../../store/columns.ts';
import { openStore } from '../../store/open-store.ts';
import { ask, run } from '../sync/world.ts';
import { fillPeerSchema } from './peer-schema.ts';

const UNITS = fileURLToPath(new URL('../../connectors/units', import.meta.url));
const COUNTIES = '{431102,431103,431122,431123,431124,431125,431126,431127,431128,431129,431181}';
/** In each county, of each of the two kinds. */
const STATIONS = 60;
const READ_STATIONS = 11 * STATIONS;

type Columns = { readonly [column: string]: string };

/** Those that the questions are about, so that their figures stay comparable however many units there are. */
const ASKED = ['hydrology', 'weather', 'forestry'];

/** The three units, from their own manifests. */
export async function openRealUnits(): Promise<readonly Unit[]> {
  const { units, faults } = await openUnits(UNITS);
  const errors = faults.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(`${errors.length} fault(s) in the manifests`);
  return units.filter(({ unit }) => ASKED.includes(unit));
}

/** `river`, `others`: readings of a type, of the rivers and of the two others. `newest`: the instant of the newest, UTC milliseconds. */
export type Sizes = { readonly river: number; readonly others: number; readonly newest: number };

/** Fills an empty database. Answers how many rows each table has. */
export async function fillWorld(
  url: string,
  units: readonly Unit[],
  { river, others, newest }: Sizes,
): Promise<ReadonlyMap<string, number>> {
  const store = await openStore({ url, clock: () => newest });
  await store.migrate(units);
  await store.close();
  const at = `'${new Date(newest).toISOString()}'::timestamptz`;
  for (const statement of [
    ...toThings(at),
    ...toReadings(at, toEach(river), toEach(others)),
    ...toEvents(at),
  ])
    await run(url, statement);
  const counts = new Map<string, number>();
  for (const { unit, types } of units) {
    for (const { name } of types) {
      const { n } = await ask(url, `select count(*)::int as n from ${toTableName(unit, name)}`);
      counts.set(name, Number(n));
      await run(
        url,
        `insert into hub.type_state (unit, type, version, last_attempt_at, last_complete_at, rows_landed, rows_living)
         values ('${unit}', '${name}', 1, ${at}, ${at}, ${n}, ${n}) on conflict (unit, type) do update
         set last_complete_at = excluded.last_complete_at, rows_landed = excluded.rows_landed, rows_living = excluded.rows_living`,
      );
    }
  }
  await fillPeerSchema(url);
  await run(url, 'vacuum analyze');
  return counts;
}

/** Of the database as it lies on disk. */
export async function readMegabytes(url: string): Promise<number> {
  const { size } = await ask(url, 'select pg_database_size(current_database()) as size');
  return Math.round(Number(size) / 1e6);
}

/** Readings of each station, so that there are at least as many of a type. */
function toEach(readings: number): number {
  return Math.max(1, Math.ceil(readings / READ_STATIONS));
}

/** `k`: the number within a county, `n`: within the city; every third lies in a town of its county (every one of the eleven has 103). */
function toCity(count: number): string {
  return `(select *, (i - 1) * ${count} + k as n, case when k % 3 = 0 then code || '103' else code end as place
    from unnest('${COUNTIES}'::text[]) with ordinality c(code, i), generate_series(1, ${count}) k) c`;
}

const POINT = { location_lon: '111.5 + n % 700 / 1000.0', location_lat: '25.5 + n % 900 / 1000.0' };

function toThings(at: string): readonly string[] {
  const inPlace = { _division: 'place', _division_basis: `'CODE'` };
  return [
    toInsert(at, 'hydrology', 'HydroStation', toCity(STATIONS), {
      ...inPlace,
      ...POINT,
      _key: '(61510000 + n)::text',
      code: '(61510000 + n)::text',
      name: `'水文站' || n`,
      river_name: `(array['潇水', '湘江', '舂陵水', '宁远河'])[1 + n % 4]`,
      kind: `(array['RAIN', 'STAGE', 'FLOW', 'RESERVOIR'])[1 + n % 4]`,
      in_use: 'true',
      warn_level: '165 + n % 23',
      guarantee_level: '167 + n % 23',
    }),
    toInsert(at, 'weather', 'WeatherStation', toCity(STATIONS), {
      ...inPlace,
      ...POINT,
      _key: `'P' || (3000 + n)`,
      code: `'P' || (3000 + n)`,
      name: `'气象站' || n`,
      altitude: '90 + n % 1200 / 10.0',
    }),
    toInsert(at, 'forestry', 'WatchTower', toCity(20), {
      ...inPlace,
      ...POINT,
      _key: `'T' || (1000 + n)`,
      code: `'T' || (1000 + n)`,
      name: `'瞭望塔' || n`,
      height: '400 + n',
    }),
    toInsert(at, 'forestry', 'Ranger', toCity(50), {
      ...inPlace,
      _key: `'R' || (10000 + n)`,
      number: `'R' || (10000 + n)`,
      name: `'张护林' || n`,
      phone: '(13900000000 + n)::text',
      area: 'n / 8.0',
    }),
    toInsert(
      at,
      'hydrology',
      'FloodTravel',
      `${toCity(STATIONS - 1)}, lateral (select (61510000 + n + i - 1)::text up, (61510001 + n + i - 1)::text down) way`,
      {
        _key: `up || '~' || down`,
        up_code: 'up',
        down_code: 'down',
        upstream_key: 'up',
        downstream_key: 'down',
        shortest: `n % 5 * interval '1 hour'`,
        longest: `n % 9 * interval '1 hour'`,
        mean: `n % 7 * interval '1 hour'`,
        _division: 'null',
        _division_basis: `'PARENT'`,
      },
    ),
  ];
}

/**
 * A reading of each station every five minutes, of a river every 200 s (a million of them are then 85 hours, which is 935
 * groups of county and hour: one list hands out a thousand), each station at a second of its own.
 */
function toReadings(at: string, river: number, others: number): readonly string[] {
  const from = (table: string, each: number, seconds: number) =>
    `(select _key as station, substr(_key, 2)::int as n from ${table}) s, generate_series(0, ${each - 1}) back,
     lateral (select ${at} - (back * ${seconds} + n % ${seconds}) * interval '1 second' as tm) t`;
  const read = {
    station_code: 'station',
    station_key: 'station',
    observed_at: 'tm',
    _observed_at: 'tm',
    _division: 'null',
    _division_basis: `'PARENT'`,
  };
  const rivers = from('hydrology.hydro_station', river, 200);
  const rains = from('hydrology.hydro_station', others, 300);
  const weather = from('weather.weather_station', others, 300);
  const key = `station || '~' || ${toInstant('tm')}`;
  return [
    toInsert(at, 'hydrology', 'RiverReading', rivers, {
      ...read,
      _key: key,
      stage: '160 + (n * 7 + back) % 997 / 100.0',
      flow: 'case when n % 4 > 0 then (n + back) % 3000 / 10.0 end',
    }),
    toInsert(at, 'hydrology', 'RainReading', rains, {
      ...read,
      _key: key,
      amount: '(n + back) % 40 / 10.0',
      period: `interval '5 minutes'`,
    }),
    toInsert(at, 'weather', 'Observation', weather, {
      ...read,
      _key: `station || '~MINUTE~' || ${toInstant('tm')}`,
      cadence: `'MINUTE'`,
      temperature: '(n + back) % 300 / 10.0',
      humidity: '(n * 3 + back) % 100',
      pressure: '980 + (n + back) % 400 / 10.0',
      rain1h: '(n + back) % 60 / 10.0',
      wind_speed: '(n + back) % 90 / 10.0',
      wind_direction: '(n * 11 + back) % 360',
      visibility: 'case when n % 5 > 0 then (n * 17 + back) % 30000 end',
    }),
  ];
}

/** 300 in each county, one in ten minutes. */
function toEvents(at: string): readonly string[] {
  const from = `${toCity(300)}, lateral (select ${at} - k * interval '10 minutes' - i * interval '7 seconds' as tm) t`;
  const event = { observed_at: 'tm', _observed_at: 'tm', _division: 'place' };
  return [
    toInsert(at, 'weather', 'Warning', from, {
      ...event,
      _key: `code || '41600000_' || (20260000000000 + n)`,
      identifier: `code || '41600000_' || (20260000000000 + n)`,
      sent: 'tm',
      effective: 'tm',
      expires: `tm + interval '6 hours'`,
      status: `'ACTUAL'`,
      msg_type: `'ALERT'`,
      severity: `(array['MINOR', 'MODERATE', 'SEVERE', 'EXTREME'])[1 + n % 4]`,
      colour: `(array['BLUE', 'YELLOW', 'ORANGE', 'RED'])[1 + n % 4]`,
      headline: `'气象台发布暴雨预警信号第' || n || '号'`,
      _division_basis: `'CODE'`,
    }),
    toInsert(at, 'forestry', 'FireHotspot', from, {
      ...event,
      ...POINT,
      _key: `'SUOMI_NPP~' || ${toInstant('tm')} || '~25.' || n || '~111.' || n`,
      satellite: `'SUOMI_NPP'`,
      sensor: `'VIIRS'`,
      confidence: `(array['LOW', 'NOMINAL', 'HIGH'])[1 + n % 3]`,
      brightness: '300 + n % 700 / 10.0',
      power: 'n % 300 / 10.0',
      _division_basis: `'POINT'`,
    }),
  ];
}

function toInsert(at: string, unit: string, type: string, from: string, columns: Columns): string {
  const all: Columns = {
    _source: `'bench'`,
    _form: '0',
    _native: `'{}'`,
    _received_at: at,
    _run: '1',
    _manifest: `'bench'`,
    _hash: `'\\x00'`,
    _known_from: at,
    _version: '1',
    ...columns,
  };
  return `insert into ${toTableName(unit, type)} (${Object.keys(all).join(', ')}) select ${Object.values(all).join(', ')} from ${from}`;
}

function toInstant(time: string): string {
  return `to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}
