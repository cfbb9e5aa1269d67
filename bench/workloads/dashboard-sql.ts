// The question of the dashboard as somebody writes it by hand who has this one question, these tables and no graph: one
// statement that makes the JSON of the whole answer. It relies on what is known of these rows: whole seconds, no word that
// an enum lacks, every station living. $1: the instant `until`, $2: the level.
import { POINT, toFreshnessSql, toInstantSql } from './raw-json.ts';

/** Of hydrology, weather and forestry; `s` is how old their last complete runs are. */
export const DASHBOARD_SQL = `
with c (code, name, beyond) as (values
  ('431102', '零陵区', '431103'), ('431103', '冷水滩区', '431104'), ('431122', '东安县', '431123'), ('431123', '双牌县', '431124'),
  ('431124', '道县', '431125'), ('431125', '江永县', '431126'), ('431126', '宁远县', '431127'), ('431127', '蓝山县', '431128'),
  ('431128', '新田县', '431129'), ('431129', '江华瑶族自治县', '431130'), ('431171', '永州经济技术开发区', '431172'),
  ('431173', '永州市回龙圩管理区', '431174'), ('431181', '祁阳市', '431182')),
s as materialized (select max(extract(epoch from now() - last_complete_at)) filter (where type = 'HydroStation') as hydro,
  max(extract(epoch from now() - last_complete_at)) filter (where type = 'WeatherStation') as weather
  from hub.type_state where type in ('HydroStation', 'WeatherStation'))
select json_build_object('divisions', json_agg(json_build_object('code', c.code, 'name', c.name,
  'hydroStations', ${toThings(
    'hydrology.hydro_station',
    `'id', 'hydrology:HydroStation:' || r._key, 'name', r.name, 'riverName', r.river_name, 'kind', r.kind, 'warnLevel', r.warn_level,
    'location', ${POINT}, 'source', json_build_object('freshness', ${toFreshnessSql('s.hydro', 7200)}, 'receivedAt', ${toInstantSql('r._received_at')})`,
    ' and r.warn_level > $2',
  )},
  'riverReadings', ${toReadings(
    'hydrology.river_reading',
    'hydrology.hydro_station',
    `'id', 'hydrology:RiverReading:' || r._key, 'observedAt', ${toInstantSql('r.observed_at')}, 'stage', r.stage, 'flow', r.flow,
    'station', json_build_object('id', 'hydrology:HydroStation:' || r.station_key, 'name', r.station_name)`,
  )},
  'rainReadings', ${toReadings(
    'hydrology.rain_reading',
    'hydrology.hydro_station',
    `'id', 'hydrology:RainReading:' || r._key, 'observedAt', ${toInstantSql('r.observed_at')}, 'amount', r.amount, 'period', r.period::text,
    'station', json_build_object('id', 'hydrology:HydroStation:' || r.station_key, 'name', r.station_name)`,
  )},
  'floodTravels', (select json_build_object('nodes', coalesce(json_agg(json_build_object('id', 'hydrology:FloodTravel:' || r._key,
      'shortest', r.shortest::text, 'longest', r.longest::text, 'mean', r.mean::text,
      'upstream', json_build_object('id', 'hydrology:HydroStation:' || up._key, 'name', up.name),
      'downstream', json_build_object('id', 'hydrology:HydroStation:' || r.downstream_key, 'name', r.down_name)) order by r._key), '[]'))
    from (select r.*, down.name as down_name from hydrology.hydro_station down join hydrology.flood_travel r on r.downstream_key = down._key
      where ${toInCounty('down')} and r._gone_at is null order by r._key limit 10) r
    join hydrology.hydro_station up on up._key = r.upstream_key),
  'weatherStations', ${toThings(
    'weather.weather_station',
    `'id', 'weather:WeatherStation:' || r._key, 'name', r.name, 'altitude', r.altitude, 'location', ${POINT},
    'source', json_build_object('freshness', ${toFreshnessSql('s.weather', 900)}, 'receivedAt', ${toInstantSql('r._received_at')})`,
  )},
  'observations', ${toReadings(
    'weather.observation',
    'weather.weather_station',
    `'id', 'weather:Observation:' || r._key, 'observedAt', ${toInstantSql('r.observed_at')}, 'cadence', r.cadence,
    'temperature', r.temperature, 'humidity', r.humidity, 'pressure', r.pressure, 'rain1h', r.rain1h, 'windSpeed', r.wind_speed,
    'windDirection', r.wind_direction, 'visibility', r.visibility,
    'station', json_build_object('id', 'weather:WeatherStation:' || r.station_key, 'name', r.station_name)`,
  )},
  'warnings', ${toEvents(
    'weather.warning',
    `'id', 'weather:Warning:' || r._key, 'sent', ${toInstantSql('r.sent')}, 'expires', ${toInstantSql('r.expires')}, 'status', r.status,
    'severity', r.severity, 'colour', r.colour, 'headline', r.headline`,
  )},
  'fireHotspots', ${toEvents(
    'forestry.fire_hotspot',
    `'id', 'forestry:FireHotspot:' || r._key, 'observedAt', ${toInstantSql('r.observed_at')}, 'satellite', r.satellite,
    'confidence', r.confidence, 'brightness', r.brightness, 'power', r.power, 'location', ${POINT}`,
  )},
  'watchTowers', ${toThings(
    'forestry.watch_tower',
    `'id', 'forestry:WatchTower:' || r._key, 'name', r.name, 'height', r.height, 'location', ${POINT}`,
  )},
  'rangers', ${toThings(
    'forestry.ranger',
    `'id', 'forestry:Ranger:' || r._key, 'name', left(r.name, 1) || '**', 'phone', left(r.phone, 3) || '****' || right(r.phone, 4), 'area', r.area`,
  )}) order by c.code))::text as data
from c, s`;

/** The first ten of a county by key. */
function toThings(table: string, json: string, more = ''): string {
  return `(select json_build_object('nodes', coalesce(json_agg(json_build_object(${json}) order by r._key), '[]'))
    from (select * from ${table} r where ${toInCounty('r')} and r._gone_at is null${more} order by r._key limit 10) r)`;
}

/** The last ten of a county by time and key. */
function toEvents(table: string, json: string): string {
  return `(select json_build_object('nodes', coalesce(json_agg(json_build_object(${json}) order by r._observed_at, r._key), '[]'))
    from (select * from ${table} r where ${toInCounty('r')} and r._gone_at is null and r.observed_at <= $1
      order by r._observed_at desc, r._key desc limit 10) r)`;
}

/** The last ten of each of a county's stations through the index on station and time, then of all. */
function toReadings(table: string, stations: string, json: string): string {
  return `(select json_build_object('nodes', coalesce(json_agg(json_build_object(${json}) order by r._observed_at, r._key), '[]'))
    from (select r.*, s.name as station_name from ${stations} s cross join lateral
        (select * from ${table} r where r.station_key = s._key and r._gone_at is null and r._observed_at <= $1
         order by r._observed_at desc, r._key desc limit 10) r
      where ${toInCounty('s')} order by r._observed_at desc, r._key desc limit 10) r)`;
}

function toInCounty(alias: string): string {
  return `${alias}._division >= c.code and ${alias}._division < c.beyond`;
}
