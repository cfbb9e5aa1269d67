// Plain SQL for the tests of the simulated centre: where the legacy tables and the ledger differ, and what they hold in one word.

/**
 * Rows that stand in one and not, or otherwise, in the other. Reads the legacy form by its description alone (Beijing time, `dr` in
 * minutes, `deleted`, `tenant_id`), not through the code that wrote it.
 */
export const DIFFERENCES = `
with rain as (
  select trim(stcd) as stcd, tm at time zone 'Asia/Shanghai' as observed_at, p as amount_mm, make_interval(mins => dr) as period
  from public.st_pptn_r where deleted = 0 and tenant_id = '431100'),
true_rain as (select stcd, observed_at, amount_mm, period from ledger.settled_rain),
wrong_rain as (select stcd, observed_at from ledger.rain, ledger.clock where corrected_at > loaded_to),
river as (
  select trim(stcd) as stcd, tm at time zone 'Asia/Shanghai' as observed_at, z as stage_m, q as flow_m3s
  from public.st_river_r where deleted = 0 and tenant_id = '431100'),
true_river as (select stcd, observed_at, stage_m, flow_m3s from ledger.settled_river),
wrong_river as (select stcd, observed_at from ledger.river, ledger.clock where corrected_at > loaded_to)
select 'rain not in the ledger' as what, d.stcd, d.observed_at from (select * from rain except select * from true_rain) d
left join wrong_rain w using (stcd, observed_at) where w.stcd is null
union all
select 'rain only in the ledger', d.stcd, d.observed_at from (select * from true_rain except select * from rain) d
union all
select 'stage not in the ledger', d.stcd, d.observed_at from (select * from river except select * from true_river) d
left join wrong_river w using (stcd, observed_at) where w.stcd is null
union all
select 'stage only in the ledger', d.stcd, d.observed_at from (select * from true_river except select * from river) d`;

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
  .join(' union all ')
  .concat(' order by 1');
