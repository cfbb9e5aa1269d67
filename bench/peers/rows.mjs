// The database as the hand-written server and the subgraphs read it: knex, one statement for all keys of a batch, columns
// under the names that the graph has, so that no row is copied. Times come as the text that is answered.
import knex from 'knex';
import pg from 'pg';

const TIMESTAMPTZ = 1184;
pg.types.setTypeParser(TIMESTAMPTZ, (text) => `${text.slice(0, 10)}T${text.slice(11, 19)}Z`);

/** As many connections and the same planner as the gateway's reading sessions. */
export function openDatabase(url) {
  const options = '-c intervalstyle=iso_8601 -c timezone=UTC -c jit=off -c random_page_cost=1.1';
  return knex({
    client: 'pg',
    connection: { connectionString: url, options },
    pool: { min: 8, max: 8 },
  });
}

const HYDRO_STATION = `'hydrology:HydroStation:' || r._key as id, r._key as key, r.name, r.river_name as "riverName", r.kind, r.warn_level as "warnLevel",
  r.guarantee_level as "guaranteeLevel", r.location_lon as lon, r.location_lat as lat, r._division as division_code, r._received_at as "receivedAt"`;
const WEATHER_STATION = `'weather:WeatherStation:' || r._key as id, r._key as key, r.name, r.altitude, r.location_lon as lon, r.location_lat as lat,
  r._received_at as "receivedAt"`;
const RIVER = `'hydrology:RiverReading:' || r._key as id, r.observed_at as "observedAt", r.stage, r.flow, r.station_key`;
const RAIN = `'hydrology:RainReading:' || r._key as id, r.observed_at as "observedAt", r.amount, r.period::text as period, r.station_key`;
const OBSERVATION = `'weather:Observation:' || r._key as id, r.observed_at as "observedAt", r.cadence, r.temperature, r.humidity, r.pressure,
  r.rain1h, r.wind_speed as "windSpeed", r.wind_direction as "windDirection", r.visibility, r.station_key`;

/** Tables by the name of their type. `stations`: those that the readings of a county are found by. */
export const TABLES = {
  HydroStation: { table: 'hydrology.hydro_station', columns: HYDRO_STATION, above: 'warn_level' },
  WeatherStation: { table: 'weather.weather_station', columns: WEATHER_STATION },
  RiverReading: { table: 'hydrology.river_reading', columns: RIVER, stations: 'hydrology.hydro_station' },
  RainReading: { table: 'hydrology.rain_reading', columns: RAIN, stations: 'hydrology.hydro_station' },
  Observation: { table: 'weather.observation', columns: OBSERVATION, stations: 'weather.weather_station' },
  Warning: {
    table: 'weather.warning',
    columns: `'weather:Warning:' || r._key as id, r.sent, r.expires, r.status, r.severity, r.colour, r.headline`,
  },
  FireHotspot: {
    table: 'forestry.fire_hotspot',
    columns: `'forestry:FireHotspot:' || r._key as id, r.observed_at as "observedAt", r.satellite, r.confidence, r.brightness, r.power,
      r.location_lon as lon, r.location_lat as lat`,
  },
  WatchTower: {
    table: 'forestry.watch_tower',
    columns: `'forestry:WatchTower:' || r._key as id, r.name, r.height, r.location_lon as lon, r.location_lat as lat`,
  },
  Ranger: {
    table: 'forestry.ranger',
    columns: `'forestry:Ranger:' || r._key as id, left(r.name, 1) || '**' as name, left(r.phone, 3) || '****' || right(r.phone, 4) as phone, r.area`,
  },
};

const COUNTIES = `select code as county, (code::int + 1)::text as beyond from unnest(?::text[]) c(code)`;

/** The first of each county by key; a batch for DataLoader. `above`: of the column that the table says. */
export function toThings({ table, columns, above: column }, { first, above }) {
  const isBounded = column !== undefined && above !== undefined;
  const text = `select c.county, r.* from (${COUNTIES}) c cross join lateral (select ${columns} from ${table} r
    where r._division >= c.county and r._division < c.beyond and r._gone_at is null${isBounded ? ` and r.${column} > ?` : ''}
    order by r._key limit ?) r`;
  return (db, counties) =>
    readGroups(db, text, isBounded ? [counties, above, first] : [counties, first], counties);
}

/** The last of each county by time, oldest first. */
export function toEvents({ table, columns }, { until, last }) {
  const text = `select c.county, r.* from (${COUNTIES}) c cross join lateral (select ${columns} from ${table} r
    where r._division >= c.county and r._division < c.beyond and r._gone_at is null and r._observed_at <= ?
    order by r._observed_at desc, r._key desc limit ?) r`;
  return async (db, counties) =>
    (await readGroups(db, text, [counties, until, last], counties)).map((rows) => rows.reverse());
}

/** The last of each of a county's stations through the index on station and time, then of all; oldest first. */
export function toReadings({ table, columns, stations }, { until, last }) {
  const text = `select c.county, r.* from (${COUNTIES}) c cross join lateral (select ${columns} from ${stations} s cross join lateral
      (select * from ${table} r where r.station_key = s._key and r._gone_at is null and r._observed_at <= ?
       order by r._observed_at desc, r._key desc limit ?) r
    where s._division >= c.county and s._division < c.beyond order by r._observed_at desc, r._key desc limit ?) r`;
  return async (db, counties) =>
    (await readGroups(db, text, [counties, until, last, last], counties)).map((rows) => rows.reverse());
}

/** Of each county, by where the stream ends. */
export function toTravels({ first }) {
  const text = `select c.county, r.* from (${COUNTIES}) c cross join lateral (select 'hydrology:FloodTravel:' || r._key as id, r.shortest::text as shortest,
      r.longest::text as longest, r.mean::text as mean, r.upstream_key, r.downstream_key
    from hydrology.hydro_station s join hydrology.flood_travel r on r.downstream_key = s._key
    where s._division >= c.county and s._division < c.beyond and r._gone_at is null order by r._key limit ?) r`;
  return (db, counties) => readGroups(db, text, [counties, first], counties);
}

/** Rows by their keys, in the order of the keys. */
export async function readByKeys(db, { table, columns }, keys) {
  const rows = await db(`${table} as r`)
    .select(db.raw(columns))
    .whereIn('r._key', keys)
    .whereNull('r._gone_at');
  const found = new Map(rows.map((row) => [row.key, row]));
  return keys.map((key) => found.get(key) ?? null);
}

/** The last readings of each station, oldest first. */
export function toLatest({ table, columns }, { last }) {
  const text = `select k.county, r.* from unnest(?::text[]) k(county) cross join lateral (select ${columns} from ${table} r
    where r.station_key = k.county and r._gone_at is null order by r._observed_at desc, r._key desc limit ?) r`;
  return async (db, stations) =>
    (await readGroups(db, text, [stations, last], stations)).map((rows) => rows.reverse());
}

/** Readings of all rivers between two instants, the highest first. */
export function readHighest(db, { from, until, above, first }) {
  const { table, columns } = TABLES.RiverReading;
  return db(`${table} as r`)
    .select(db.raw(columns))
    .where('r._observed_at', '>=', from)
    .where('r._observed_at', '<=', until)
    .where('r.stage', '>', above)
    .whereNull('r._gone_at')
    .orderBy([
      { column: 'r.stage', order: 'desc' },
      { column: 'r.observed_at', order: 'desc' },
      { column: 'r._key' },
    ])
    .limit(first);
}

/** By station first: a million rows are then joined to nothing. `bucket`: an ISO 8601 duration. */
export async function readHighestByHour(db, { until, above, bucket, first }) {
  const { rows } = await db.raw(
    `select left(s._division, 6) as county, r.hour, max(r.stage) as stage
     from (select station_key, date_bin(?::interval, observed_at, timestamptz '1970-01-01 00:00:00Z') as hour, max(stage) as stage
       from hydrology.river_reading where _gone_at is null and _observed_at <= ? and stage > ? group by 1, 2) r
     join hydrology.hydro_station s on s._key = r.station_key group by 1, 2 order by 1, 2 limit ?`,
    [bucket, until, above, first],
  );
  return rows;
}

/** Seconds since a type was last complete, by type. */
export async function readAges(db, types) {
  const { rows } = await db.raw(
    'select type, extract(epoch from now() - last_complete_at)::float8 as age from hub.type_state where type = any(?)',
    [types],
  );
  const ages = new Map(rows.map(({ type, age }) => [type, age]));
  return types.map((type) => ages.get(type) ?? Number.POSITIVE_INFINITY);
}

/** All divisions: some thousands that change once in years, read at the start. */
export async function readDivisions(db) {
  return new Map((await db('peer.division').select('code', 'name', 'level')).map((row) => [row.code, row]));
}

async function readGroups(db, text, values, keys) {
  const { rows } = await db.raw(text, values);
  const groups = new Map(keys.map((key) => [key, []]));
  for (const row of rows) groups.get(row.county)?.push(row);
  return keys.map((key) => groups.get(key));
}
