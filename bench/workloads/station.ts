// One station by its id, as a person opens it: what it is, its thresholds, where it lies, its latest readings.
import type { Workload } from './contract.ts';
import { POINT, toFreshnessSql, toInstantSql } from './raw-json.ts';

const FIELDS = `id name riverName kind warnLevel guaranteeLevel location { lon lat } division { code name }
  latestRiver { id observedAt stage flow }
  rain(last: 3) { nodes { id observedAt amount period } }
  source { freshness receivedAt }`;

const SQL = `select json_build_object('hydroStation', (select json_build_object(
  'id', 'hydrology:HydroStation:' || r._key, 'name', r.name, 'riverName', r.river_name, 'kind', r.kind,
  'warnLevel', r.warn_level, 'guaranteeLevel', r.guarantee_level, 'location', ${POINT},
  'division', (select json_build_object('code', d.code, 'name', d.name) from peer.division d where d.code = r._division),
  'latestRiver', (select json_build_object('id', 'hydrology:RiverReading:' || v._key, 'observedAt', ${toInstantSql('v.observed_at')}, 'stage', v.stage, 'flow', v.flow)
    from hydrology.river_reading v where v.station_key = r._key and v._gone_at is null order by v._observed_at desc limit 1),
  'rain', json_build_object('nodes', (select coalesce(json_agg(json_build_object('id', 'hydrology:RainReading:' || v._key, 'observedAt', ${toInstantSql('v.observed_at')},
      'amount', v.amount, 'period', v.period::text) order by v._observed_at), '[]')
    from (select * from hydrology.rain_reading v where v.station_key = r._key and v._gone_at is null order by v._observed_at desc limit 3) v)),
  'source', json_build_object('receivedAt', ${toInstantSql('r._received_at')}, 'freshness',
    (select ${toFreshnessSql('s.age', 7200)} from (select extract(epoch from now() - last_complete_at) as age from hub.type_state where type = 'HydroStation') s)))
  from hydrology.hydro_station r where r._key = substr($1, 24) and r._gone_at is null))::text as data`;

const STATIONS = 660;

export const STATION: Workload = {
  name: 'station',
  title: 'one station by its id, with thresholds, division and latest readings',
  query: `query Station($id: ID!) { hydroStation(id: $id) { ${FIELDS} } }`,
  postgraphile: `query Station($id: String!) { hydroStation: stationById(id: $id) { ${FIELDS.replace('last: 3', 'count: 3').replaceAll(/\bid\b/g, 'id: rowId')} } }`,
  raw: { text: SQL, binds: ['id'] },
  connections: 8,
  toVariables: (_newest, index) => ({
    id: `hydrology:HydroStation:${61_510_001 + ((index * 7) % STATIONS)}`,
  }),
};
