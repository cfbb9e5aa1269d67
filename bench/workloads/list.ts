// Five hundred rows: the highest stages of some three hours, each with its station and its division.
import { toInstantBefore, type Workload } from './contract.ts';
import { toInstantSql } from './raw-json.ts';

const NODES = 'nodes { id observedAt stage flow station { id name warnLevel } division { code name } }';

const SQL = `select json_build_object('riverReadings', json_build_object('nodes', coalesce(json_agg(json_build_object(
    'id', 'hydrology:RiverReading:' || r._key, 'observedAt', ${toInstantSql('r.observed_at')}, 'stage', r.stage, 'flow', r.flow,
    'station', json_build_object('id', 'hydrology:HydroStation:' || s._key, 'name', s.name, 'warnLevel', s.warn_level),
    'division', json_build_object('code', d.code, 'name', d.name)) order by r.stage desc, r.observed_at desc, r._key), '[]')))::text as data
  from (select * from hydrology.river_reading r
    where r._observed_at >= $1 and r._observed_at <= $2 and r.stage > $3 and r._gone_at is null
    order by r.stage desc, r.observed_at desc, r._key limit 500) r
  join hydrology.hydro_station s on s._key = r.station_key left join peer.division d on d.code = s._division`;

const HOURS = 3;

export const LIST: Workload = {
  name: 'list',
  title: '500 readings of three hours above a stage, highest first, with station and division',
  query: `query List($from: DateTime!, $until: DateTime!, $stage: Float!) {
  riverReadings(where: { observedAt: { gte: $from, lte: $until }, stage: { gt: $stage } }, orderBy: [{ stage: DESC }, { observedAt: DESC }], first: 500) { ${NODES} } }`,
  postgraphile: `query List($from: Datetime!, $until: Datetime!, $stage: Float!) {
  riverReadings: highestReadings(since: $from, until: $until, above: $stage, first: 500) { ${NODES.replaceAll(/\bid\b/g, 'id: rowId')} } }`,
  raw: { text: SQL, binds: ['from', 'until', 'stage'] },
  connections: 8,
  toVariables: (newest, index) => {
    const back = (index * 11) % 36_007;
    return {
      from: toInstantBefore(newest, back + HOURS * 3600),
      until: toInstantBefore(newest, back),
      stage: 160 + (index % 97) / 20,
    };
  },
};
