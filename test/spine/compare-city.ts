// The weather bureau's and the forestry bureau's ledgers and the hub's tables side by side: truths written from the ledger's
// entries, what is stored by plain SQL, each as one key and one text. Nothing here asks the hub's own code.

import type { ForestrySystem } from '../../sandbox/forestry/system.ts';
import { GROUND_TABLE } from '../../sandbox/map/place-table.ts';
import type { WeatherSystem } from '../../sandbox/weather/system.ts';
import { type Compared, toDifferences } from './compare.ts';
import type { Spine } from './open-spine.ts';

type WeatherLedger = ReturnType<WeatherSystem['ledger']>;
type ForestryLedger = ReturnType<ForestrySystem['ledger']>;
type Truths = { readonly weather?: WeatherSystem; readonly forestry?: ForestrySystem };

const TIME = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const KEY_TIME = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;
const line = (...columns: readonly string[]) =>
  `array_to_string(array[${columns.map((column) => `(${column})::text`).join(', ')}], ' ', '-')`;
const toLine = (...values: readonly (string | number | null)[]) =>
  values.map((value) => value ?? '-').join(' ');
const FAULTS = `select string_agg(fault->>'code', ',') from jsonb_array_elements(_faults) fault`;

/** What the store holds and has not buried. Where keys are made of columns, they are compared with the hub's own on the way. */
const STORED = {
  station: `select code as key, ${line('name', 'location_lon', 'location_lat', 'altitude', '_division', '_division_basis', FAULTS)} as value
    from weather.weather_station where _gone_at is null and _key = code`,
  observation: toObservations('weather.observation', 'null'),
  warning: `select identifier as key, ${line(
    ...['sent', 'effective', 'expires'].map((column) => `to_char(${column}, ${TIME})`),
    ...[
      'status',
      'msg_type',
      'event_type',
      'colour',
      'severity',
      `array_to_string(areas, ',')`,
      'replaces_key',
    ],
    ...['_division', '_division_basis', FAULTS],
  )} as value
    from weather.warning where _gone_at is null and _key = identifier and observed_at = sent`,
  hotspot: `select ${line('satellite', `to_char(observed_at, ${TIME})`, 'location_lat', 'location_lon')} as key, ${line(
    ...['sensor', '_division', 'confidence', 'confidence_percent', 'brightness', 'power'],
    ...['number', 'pixels', 'open_flame', 'land_use', FAULTS],
  )} as value
    from forestry.fire_hotspot where _gone_at is null and observed_at = _observed_at`,
  tower: `select code as key, ${line('name', 'location_lon', 'location_lat', 'height', '_division', '_division_basis', FAULTS)} as value
    from forestry.watch_tower where _gone_at is null and _key = code`,
  ranger: `select ${line('number', `to_char(_known_from, ${TIME})`)} as key,
      ${line('name', 'phone', 'area', '_division', '_division_basis', `to_char(until, ${TIME})`, FAULTS)} as value
    from (select number, name, phone, area, _key, _division, _division_basis, _faults, _known_from, null::timestamptz as until
            from forestry.ranger where _gone_at is null
          union all select number, name, phone, area, _key, _division, _division_basis, _faults, _known_from, _known_to
            from forestry.ranger_history where _gone_at is null) version
    where _key = number`,
} as const;

/** Replaced versions of observations, by the value: `known` from and to before it. */
export const REPLACED_OBSERVATIONS = toObservations(
  'weather.observation_history',
  line(`to_char(_known_from, ${TIME})`, `to_char(_known_to, ${TIME})`),
);

/** One line a value: `HOUR P3101 2026-04-04T22:00:00.000Z temperature`. */
function toObservations(table: string, known: string): string {
  const values = [
    ...['temperature', 'humidity', 'pressure', 'rain1h', 'rain24h', 'visibility'].map((name) => [name, name]),
    ...[
      ['windSpeed', 'wind_speed'],
      ['windDirection', 'wind_direction'],
    ],
  ].map(([name, column]) => `('${name}', ${column}, ${column}_quality)`);
  return `select ${line('cadence', 'station_key', `to_char(observed_at, ${TIME})`, 'name')} as key,
      concat_ws(' ', ${known}, ${line('value', 'quality')}, _faults::text) as value
    from ${table}, lateral (values ${values.join(', ')}) taken (name, value, quality)
    where _gone_at is null and station_key = station_code and observed_at = _observed_at
      and _key = concat_ws('~', station_key, cadence, to_char(observed_at, ${KEY_TIME}))
      and (value is not null or quality is not null)`;
}

export type CityWhat = keyof typeof STORED;

const TRUE: { readonly [what in CityWhat]: (truths: Truths) => readonly Compared[] } = {
  station: ({ weather }) =>
    (weather?.ledger().stations ?? []).map((station) => {
      const { code, name, lon, lat, altitudeM, county, statedCode, isStatedWrong } = station;
      const division = isStatedWrong ? statedCode : county;
      const fault = isStatedWrong ? 'HUB_MAP_DIVISION_CONFLICT' : null;
      return { key: code, value: toLine(name, lon, lat, altitudeM, division, 'CODE', fault) };
    }),
  observation: ({ weather }) => (weather === undefined ? [] : toTrueObservations(weather)),
  warning: ({ weather }) => (weather?.ledger().warnings ?? []).map(toTrueWarning),
  hotspot: ({ forestry }) => (forestry?.ledger().hotspots ?? []).filter(isOurs).map(toTrueHotspot),
  tower: ({ forestry }) =>
    (forestry?.ledger().towers ?? []).map(({ code, name, county, town, lon, lat, heightM }) => {
      // Seconds of arc in six decimals; towns have one name only within their county.
      const [x, y] = [lon, lat].map((degrees) => Number(degrees.toFixed(6)));
      const division = TOWN_CODES.get(`${code.slice(3, 9)} ${town}`) ?? `${county} ${town} is in no table`;
      return { key: code, value: toLine(name, x ?? null, y ?? null, heightM, division, 'NAME', null) };
    }),
  ranger: ({ forestry }) =>
    (forestry?.ledger().rangers ?? []).map(
      ({ number, name, phone, areaM2, villageCode, validFrom, validTo }) => ({
        key: toLine(number, validFrom),
        value: toLine(name, phone, areaM2 / 10_000, villageCode, 'NAME', validTo, null),
      }),
    ),
};

const TOWN_CODES = new Map(
  GROUND_TABLE.trim()
    .split('\n')
    .map((row) => row.split(' '))
    .map(([code = '', town = '']) => [`${code.slice(0, 6)} ${town}`, code]),
);

type Observations = { readonly at: number; readonly rows: readonly Compared[] };
const WRITTEN = new WeakMap<WeatherSystem, Observations>();

/** The ledger's values of observations, as the comparison writes them: once as long as the bureau's clock stands still, as they are many. */
export function toTrueObservations(weather: WeatherSystem): readonly Compared[] {
  const at = weather.clock.now();
  const written = WRITTEN.get(weather);
  if (written?.at === at) return written.rows;
  const ledger = weather.ledger();
  const rows = [...toTrueValues('HOUR', ledger.hourly), ...toTrueValues('MINUTE', ledger.minutes)];
  WRITTEN.set(weather, { at, rows });
  return rows;
}

// Of the minute table's rain the hub takes the last hour's; the clock hour's amount is the hourly table's alone.
function toTrueValues(cadence: 'HOUR' | 'MINUTE', entries: WeatherLedger['hourly']): Compared[] {
  return entries
    .filter(({ quantity }) => cadence === 'HOUR' || (quantity !== 'rain' && quantity !== 'rain24h'))
    .map(({ station, observedAt, quantity, stated, statedQuality }) => ({
      key: toLine(cadence, station, observedAt, quantity),
      value: toLine(stated, statedQuality),
    }));
}

const EVENTS: Readonly<Record<string, string>> = { '11B03': 'RAINSTORM', '11B20': 'THUNDERSTORM_GALE' };
const SEVERITIES = { red: 'EXTREME', orange: 'SEVERE', yellow: 'MODERATE', blue: 'MINOR' } as const;

function toTrueWarning(warning: WeatherLedger['warnings'][number]): Compared {
  const { identifier, sentAt, expiresAt, status, type, eventCode, colour, counties, replaces } = warning;
  return {
    key: identifier,
    value: toLine(
      ...[sentAt, sentAt, expiresAt, status.toUpperCase(), type, EVENTS[eventCode] ?? eventCode],
      ...[colour.toUpperCase(), SEVERITIES[colour], counties.join(','), replaces],
      ...[identifier.slice(0, 6), 'CODE', null],
    ),
  };
}

type Hotspot = ForestryLedger['hotspots'][number];

/** Within the box of forestry's manifest; the domestic list is the city's own. */
export function isOurs({ sensor, lon, lat }: Hotspot): boolean {
  return sensor === 'domestic' || (lat >= 24.6 && lat <= 26.9 && lon >= 110.9 && lon <= 112.5);
}

function toTrueHotspot(hotspot: Hotspot): Compared {
  const { sensor, satellite, observedAt, lon, lat, county, openFlameM2 } = hotspot;
  return {
    key: toLine(satellite.toUpperCase().replace(/[ -]/g, '_'), observedAt, lat, lon),
    value: toLine(
      ...[sensor === 'domestic' ? 'DOMESTIC_SENSOR' : sensor, county],
      ...[hotspot.confidence?.toUpperCase() ?? null, hotspot.confidencePercent],
      ...[hotspot.brightnessK, hotspot.powerMW, hotspot.number, hotspot.pixels],
      ...[openFlameM2 === null ? null : openFlameM2 / 10_000, hotspot.landUse, null],
    ),
  };
}

/** How many rows of the ledger were looked for, and one line a row that differs. */
export async function compareCity(
  what: CityWhat,
  truths: Truths,
  query: Spine['query'],
): Promise<{ readonly compared: number; readonly differences: readonly string[] }> {
  const truth = TRUE[what](truths);
  return { compared: truth.length, differences: toDifferences(truth, await query(STORED[what])) };
}
