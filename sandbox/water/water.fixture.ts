// Plain SQL for the tests of the simulated bureau: where its tables and the ledger differ.

/**
 * Rows that stand in one and not, or otherwise, in the other. Reads the legacy form by its description alone (Beijing time, INTV
 * in hours, PDR as HH.NN, W in millions of m³, an empty MPCD), not through the code that wrote it.
 */
export const DIFFERENCES = `
with level as (
  select trim(stcd) as stcd, trim(mpcd) as point, tm at time zone 'Asia/Shanghai' as observed_at, rz as level_m,
    inq as inflow_m3s, otq as outflow_m3s, w * 1000000 as storage_m3,
    case rwptn when '4' then 'falling' when '5' then 'rising' when '6' then 'steady' end as trend
  from public.st_rsvr_r),
true_level as (select stcd, point, observed_at, level_m, inflow_m3s, outflow_m3s, storage_m3, trend from ledger.settled_level),
rain as (
  select trim(stcd) as stcd, tm at time zone 'Asia/Shanghai' as observed_at, drp as amount_mm,
    make_interval(mins => (intv * 60)::int) as period,
    make_interval(hours => trunc(pdr)::int, mins => ((pdr - trunc(pdr)) * 100)::int) as rained, dyp as day_mm
  from public.st_pptn_r),
true_rain as (select stcd, observed_at, amount_mm, period, rained, day_mm from ledger.settled_rain),
wrong as (
  select stcd, observed_at from ledger.level, ledger.clock where corrected_at > loaded_to
  union all select stcd, observed_at from ledger.rain, ledger.clock where corrected_at > loaded_to),
danger as (
  select trim(dngcd) as code, prjnmcd, dnghtm at time zone 'Asia/Shanghai' as at, dngpst,
    case dngsvt when '1' then 'minor' when '2' then 'major' when '3' then 'critical' end as severity, lgtd, lttd, dngrsan, trmm,
    brchwd, reporter, rpttlnb
  from public.rei_prjdbinf left join public.rei_brchinf using (dngcd)),
true_danger as (
  select code, stcd, occurred_at, place, severity, lon, lat, cause, measures, breach_m, reporter, phone from ledger.danger)
select 'level' as what, d.stcd as key from (select * from level except select * from true_level) d
  left join wrong w using (stcd, observed_at) where w.stcd is null
union all select 'true level', d.stcd from (select * from true_level except select * from level) d
union all select 'rain', d.stcd from (select * from rain except select * from true_rain) d
  left join wrong w using (stcd, observed_at) where w.stcd is null
union all select 'true rain', d.stcd from (select * from true_rain except select * from rain) d
union all select 'danger', d.code from (select * from danger except select * from true_danger) d
union all select 'true danger', d.code from (select * from true_danger except select * from danger) d`;
