// A million readings in one answer: the highest stage of each county in each hour.
import { toInstantBefore, type Workload } from './contract.ts';
import { toInstantSql } from './raw-json.ts';

/** By station first: so that a million rows are joined to nothing, only the 56,000 groups of station and hour. */
const SQL = `select json_build_object('riverReadingsAggregate', coalesce(json_agg(json_build_object(
    'group', json_build_object('division', json_build_object('code', g.county), 'observedAt', ${toInstantSql('g.hour')}),
    'max', json_build_object('stage', g.stage)) order by g.county, g.hour), '[]'))::text as data
  from (select left(s._division, 6) as county, r.hour, max(r.stage) as stage
    from (select station_key, date_bin('1 hour', observed_at, timestamptz '1970-01-01 00:00:00Z') as hour, max(stage) as stage
      from hydrology.river_reading where _gone_at is null and _observed_at <= $1 and stage > $2 group by 1, 2) r
    join hydrology.hydro_station s on s._key = r.station_key group by 1, 2 order by 1, 2 limit 1000) g`;

export const AGGREGATE: Workload = {
  name: 'aggregate',
  title: 'the highest stage by county and hour, over 1,000,000 readings',
  query: `query Aggregate($until: DateTime!, $stage: Float!) {
  riverReadingsAggregate(where: { observedAt: { lte: $until }, stage: { gt: $stage } }, groupBy: [{ division: COUNTY }, { observedAt: { bucket: "PT1H" } }], first: 1000) {
    group { division { code } observedAt } max { stage } } }`,
  postgraphile: `query Aggregate($until: Datetime!, $stage: Float!) {
  riverReadingsAggregate: hourlyHighestList(until: $until, above: $stage) { group { division { code } observedAt } max { stage } } }`,
  raw: { text: SQL, binds: ['until', 'stage'] },
  connections: 2,
  toVariables: (newest, index) => ({
    until: toInstantBefore(newest, index % 3_001),
    stage: 159 + (index % 97) / 100,
  }),
};
