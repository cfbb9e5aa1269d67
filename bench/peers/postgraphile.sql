-- What PostGraphile serves: views of the hub's tables with the names of the graph, and functions for what is asked of a
-- county, as its manual advises (computed columns, custom queries, smart tags). Functions are plain SQL, so that PostgreSQL
-- can write them into the statement.
create type peer.place as (lon float8, lat float8);
create type peer.source as (freshness text, received_at text);

create function peer.utc(at timestamptz) returns text language sql stable parallel safe
  as $$ select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') $$;
create function peer.freshness(name text, promise int) returns text language sql stable as $$
  select case when age <= promise then 'LIVE' when age <= promise * 3 then 'LATE' when age <= promise * 24 then 'STALE' else 'DEAD' end
  from (select extract(epoch from now() - last_complete_at) as age from hub.type_state where type = name) s $$;
comment on function peer.utc is '@behavior -*';
comment on function peer.freshness is '@behavior -*';

create view peer.counties as select code, name from peer.division where level = 'COUNTY';
create view peer.hydro_stations as select 'hydrology:HydroStation:' || _key as id, _key as key, name, river_name, kind, warn_level, guarantee_level,
    row(location_lon, location_lat)::peer.place as location, _division as division_code,
    row(peer.freshness('HydroStation', 7200), peer.utc(_received_at))::peer.source as source
  from hydrology.hydro_station where _gone_at is null;
create view peer.river_readings as select 'hydrology:RiverReading:' || r._key as id, r._key as key, r._observed_at as at, peer.utc(r.observed_at) as observed_at,
    r.stage, r.flow, r.station_key, (select s._division from hydrology.hydro_station s where s._key = r.station_key) as division_code
  from hydrology.river_reading r where r._gone_at is null;
create view peer.rain_readings as select 'hydrology:RainReading:' || _key as id, _key as key, _observed_at as at, peer.utc(observed_at) as observed_at,
    amount, period::text as period, station_key from hydrology.rain_reading where _gone_at is null;
create view peer.flood_travels as select 'hydrology:FloodTravel:' || _key as id, _key as key, shortest::text as shortest, longest::text as longest,
    mean::text as mean, upstream_key, downstream_key from hydrology.flood_travel where _gone_at is null;
create view peer.weather_stations as select 'weather:WeatherStation:' || _key as id, _key as key, name, altitude,
    row(location_lon, location_lat)::peer.place as location, _division as division_code,
    row(peer.freshness('WeatherStation', 900), peer.utc(_received_at))::peer.source as source
  from weather.weather_station where _gone_at is null;
create view peer.observations as select 'weather:Observation:' || _key as id, _key as key, _observed_at as at, peer.utc(observed_at) as observed_at, cadence,
    temperature, humidity, pressure, rain1h as "rain1h", wind_speed, wind_direction, visibility, station_key
  from weather.observation where _gone_at is null;
create view peer.warnings as select 'weather:Warning:' || _key as id, _key as key, _observed_at as at, peer.utc(sent) as sent, peer.utc(expires) as expires, status,
    severity, colour, headline, _division as division_code from weather.warning where _gone_at is null;
create view peer.fire_hotspots as select 'forestry:FireHotspot:' || _key as id, _key as key, _observed_at as at, peer.utc(observed_at) as observed_at, satellite,
    confidence, brightness, power, row(location_lon, location_lat)::peer.place as location, _division as division_code
  from forestry.fire_hotspot where _gone_at is null;
create view peer.watch_towers as select 'forestry:WatchTower:' || _key as id, _key as key, name, height,
    row(location_lon, location_lat)::peer.place as location, _division as division_code from forestry.watch_tower where _gone_at is null;
create view peer.rangers as select 'forestry:Ranger:' || _key as id, _key as key, left(name, 1) || '**' as name, left(phone, 3) || '****' || right(phone, 4) as phone,
    area, _division as division_code from forestry.ranger where _gone_at is null;

comment on view peer.counties is E'@primaryKey code\n@behavior +query:resource:list -query:resource:connection';
comment on view peer.hydro_stations is E'@primaryKey key\n@foreignKey (division_code) references peer.division (code)|@fieldName division|@behavior -manyRelation:resource:list -manyRelation:resource:connection';
comment on view peer.river_readings is E'@primaryKey key\n@foreignKey (station_key) references peer.hydro_stations (key)|@fieldName station|@behavior -manyRelation:resource:list -manyRelation:resource:connection\n@foreignKey (division_code) references peer.division (code)|@fieldName division|@behavior -manyRelation:resource:list -manyRelation:resource:connection';
comment on view peer.rain_readings is E'@primaryKey key\n@foreignKey (station_key) references peer.hydro_stations (key)|@fieldName station|@behavior -manyRelation:resource:list -manyRelation:resource:connection';
comment on view peer.flood_travels is E'@primaryKey key\n@foreignKey (upstream_key) references peer.hydro_stations (key)|@fieldName upstream|@behavior -manyRelation:resource:list -manyRelation:resource:connection\n@foreignKey (downstream_key) references peer.hydro_stations (key)|@fieldName downstream|@behavior -manyRelation:resource:list -manyRelation:resource:connection';
comment on view peer.weather_stations is '@primaryKey key';
comment on view peer.observations is E'@primaryKey key\n@foreignKey (station_key) references peer.weather_stations (key)|@fieldName station|@behavior -manyRelation:resource:list -manyRelation:resource:connection';
comment on view peer.warnings is '@primaryKey key';
comment on view peer.fire_hotspots is '@primaryKey key';
comment on view peer.watch_towers is '@primaryKey key';
comment on view peer.rangers is '@primaryKey key';

create function peer.beyond(code text) returns text language sql immutable as $$ select (code::int + 1)::text $$;
comment on function peer.beyond is '@behavior -*';

create function peer.counties_hydro_stations(c peer.counties, above float8) returns setof peer.hydro_stations language sql stable as $$
  select v.* from peer.hydro_stations v where v.division_code >= c.code and v.division_code < peer.beyond(c.code) and v.warn_level > above order by v.key $$;
create function peer.counties_weather_stations(c peer.counties) returns setof peer.weather_stations language sql stable as $$
  select v.* from peer.weather_stations v where v.division_code >= c.code and v.division_code < peer.beyond(c.code) order by v.key $$;
create function peer.counties_watch_towers(c peer.counties) returns setof peer.watch_towers language sql stable as $$
  select v.* from peer.watch_towers v where v.division_code >= c.code and v.division_code < peer.beyond(c.code) order by v.key $$;
create function peer.counties_rangers(c peer.counties) returns setof peer.rangers language sql stable as $$
  select v.* from peer.rangers v where v.division_code >= c.code and v.division_code < peer.beyond(c.code) order by v.key $$;
create function peer.counties_flood_travels(c peer.counties) returns setof peer.flood_travels language sql stable as $$
  select v.* from hydrology.hydro_station s join peer.flood_travels v on v.downstream_key = s._key
  where s._division >= c.code and s._division < peer.beyond(c.code) order by v.key $$;
create function peer.counties_warnings(c peer.counties, until timestamptz, count int) returns setof peer.warnings language sql stable as $$
  select v.* from (select v.* from peer.warnings v where v.division_code >= c.code and v.division_code < peer.beyond(c.code) and v.at <= until
    order by v.at desc, v.key desc limit count) v order by v.at, v.key $$;
create function peer.counties_fire_hotspots(c peer.counties, until timestamptz, count int) returns setof peer.fire_hotspots language sql stable as $$
  select v.* from (select v.* from peer.fire_hotspots v where v.division_code >= c.code and v.division_code < peer.beyond(c.code) and v.at <= until
    order by v.at desc, v.key desc limit count) v order by v.at, v.key $$;
create function peer.counties_river_readings(c peer.counties, until timestamptz, count int) returns setof peer.river_readings language sql stable as $$
  select v.* from (select v.* from hydrology.hydro_station s cross join lateral
      (select v.* from peer.river_readings v where v.station_key = s._key and v.at <= until order by v.at desc, v.key desc limit count) v
    where s._division >= c.code and s._division < peer.beyond(c.code) order by v.at desc, v.key desc limit count) v order by v.at, v.key $$;
create function peer.counties_rain_readings(c peer.counties, until timestamptz, count int) returns setof peer.rain_readings language sql stable as $$
  select v.* from (select v.* from hydrology.hydro_station s cross join lateral
      (select v.* from peer.rain_readings v where v.station_key = s._key and v.at <= until order by v.at desc, v.key desc limit count) v
    where s._division >= c.code and s._division < peer.beyond(c.code) order by v.at desc, v.key desc limit count) v order by v.at, v.key $$;
create function peer.counties_observations(c peer.counties, until timestamptz, count int) returns setof peer.observations language sql stable as $$
  select v.* from (select v.* from weather.weather_station s cross join lateral
      (select v.* from peer.observations v where v.station_key = s._key and v.at <= until order by v.at desc, v.key desc limit count) v
    where s._division >= c.code and s._division < peer.beyond(c.code) order by v.at desc, v.key desc limit count) v order by v.at, v.key $$;

create function peer.station_by_id(id text) returns peer.hydro_stations language sql stable as $$
  select v.* from peer.hydro_stations v where v.key = substr($1, 24) $$;
create function peer.hydro_stations_latest_river(s peer.hydro_stations) returns peer.river_readings language sql stable as $$
  select v.* from peer.river_readings v where v.station_key = s.key order by v.at desc limit 1 $$;
create function peer.hydro_stations_rain(s peer.hydro_stations, count int) returns setof peer.rain_readings language sql stable as $$
  select v.* from (select v.* from peer.rain_readings v where v.station_key = s.key order by v.at desc limit count) v order by v.at $$;

create function peer.highest_readings(since timestamptz, until timestamptz, above float8) returns setof peer.river_readings language sql stable as $$
  select v.* from peer.river_readings v where v.at >= since and v.at <= until and v.stage > above order by v.stage desc, v.at desc, v.key $$;

create type peer.county_code as (code text);
create type peer.hour_key as (division peer.county_code, observed_at text);
create type peer.stage_measure as (stage float8);
create type peer.hour_highest as ("group" peer.hour_key, max peer.stage_measure);
create function peer.hourly_highest(until timestamptz, above float8) returns setof peer.hour_highest language sql stable as $$
  select row(row(left(s._division, 6))::peer.county_code, peer.utc(r.hour))::peer.hour_key, row(max(r.stage))::peer.stage_measure
  from (select station_key, date_bin('1 hour', observed_at, timestamptz '1970-01-01 00:00:00Z') as hour, max(stage) as stage
    from hydrology.river_reading where _gone_at is null and _observed_at <= until and stage > above group by 1, 2) r
  join hydrology.hydro_station s on s._key = r.station_key group by left(s._division, 6), r.hour order by left(s._division, 6), r.hour limit 1000 $$;
comment on function peer.hourly_highest is E'@behavior +queryField:resource:list +list -queryField:resource:connection -connection';
