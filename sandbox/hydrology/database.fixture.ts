// Plain SQL for the tests of the simulated centre: where the legacy tables and the ledger differ, and what they hold in one word.

/**
 * Rows that stand in one and not, or otherwise, in the other. Reads the legacy form by its description alone (Beijing time, `dr` in
 * minutes, `deleted`, `tenant_id`), not through the code that wrote it.
 */
export const DIFFERENCES = `
with rain as (
  select trim(stcd) as stcd, tm at time zone 'Asia/Shanghai' as observed_at, p as amount_mm, make_interval(mins => dr) as period
  from public.st_pptn_r where deleted = 0 and tenant_id = '431100'),
river as (
  select trim(stcd) as stcd, tm at time zone 'Asia/Shanghai' as observed_at, z as stage_m, q as flow_m3s
  from public.st_river_r where deleted = 0 and tenant_id = '431100'),
due as (select stcd, observed_at from ledger.rain, ledger.clock where corrected_at > loaded_to),
due_river as (select stcd, observed_at from ledger.river, ledger.clock where corrected_at > loaded_to)
select coalesce(r.stcd, l.stcd) as stcd, coalesce(r.observed_at, l.observed_at) as observed_at
from (select * from rain where (stcd, observed_at) not in (select * from due)) r
full join ledger.settled_rain l on l.stcd = r.stcd and l.observed_at = r.observed_at
where (r.amount_mm = l.amount_mm and r.period = l.period) is not true
union all
select coalesce(r.stcd, l.stcd), coalesce(r.observed_at, l.observed_at)
from (select * from river where (stcd, observed_at) not in (select * from due_river)) r
full join ledger.settled_river l on l.stcd = r.stcd and l.observed_at = r.observed_at
where (r.stage_m = l.stage_m and r.flow_m3s is not distinct from l.flow_m3s) is not true`;

/** One hash a table, over all columns of all rows in the order of the key. */
export const HASHES = ['st_stbprp_b', 'st_rvfcch_b', 'st_fsdr_b', 'st_river_r', 'st_pptn_r']
  .map(
    (table) =>
      `select '${table}' as name, md5(string_agg(t::text, '|' order by t::text)) as hash from public.${table} t`,
  )
  .concat(
    ['rain', 'river', 'station'].map(
      (table) => `select '${table}', md5(string_agg(t::text, '|' order by t::text)) from ledger.${table} t`,
    ),
  )
  .join(' union all ');
