// The ledger of true values: what the simulation knows, in UTC, WGS84 and SI, written before any encoding. Tests compare the
// hub's store with it by plain SQL; the hub's own role cannot read it.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toUtc } from '../clock/time-text.ts';
import type { Row } from '../database/copy.ts';
import { type Danger, toLastStep } from './danger.ts';
import type { LevelReading, RainReading } from './readings.ts';
import { type FloodSeason, isMeasured, type Reservoir } from './reservoir.ts';

/** Columns are described in sandbox/README.md. */
export const LEDGER_DDL = `
create table ledger.reservoir (
  stcd text primary key, name text not null, river text, county_code text not null, lon numeric(9,6), lat numeric(8,6),
  crest_m numeric, check_m numeric, design_m numeric, normal_m numeric, dead_m numeric, capacity_m3 numeric);
create table ledger.flood_limit (
  stcd text, from_month int, from_day int, to_month int, to_day int, level_m numeric not null,
  primary key (stcd, from_month, from_day));
create table ledger.level (
  stcd text, point text, observed_at timestamptz, level_m numeric not null, inflow_m3s numeric, outflow_m3s numeric,
  storage_m3 numeric, trend text, corrected_at timestamptz, primary key (stcd, point, observed_at));
create table ledger.rain (
  stcd text, observed_at timestamptz, amount_mm numeric not null, period interval not null, rained interval not null,
  day_mm numeric, corrected_at timestamptz, primary key (stcd, observed_at));
create table ledger.danger (
  code text primary key, stcd text not null, occurred_at timestamptz not null, place text, severity text, lon numeric(9,6),
  lat numeric(8,6), cause text, measures text, breach_m numeric, reporter text, phone text);
create table ledger.progress (code text, at timestamptz, what text, primary key (code, at));
create view ledger.settled_level as
  select l.* from ledger.level l, ledger.clock c where l.corrected_at is null or l.corrected_at <= c.loaded_to;
create view ledger.settled_rain as
  select r.* from ledger.rain r, ledger.clock c where r.corrected_at is null or r.corrected_at <= c.loaded_to;
`;

/** 祁阳县 became 祁阳市 in 2021; the true county is the one of today. */
const SUCCESSORS: Readonly<Record<string, string>> = { '431121': '431181' };

/** The reservoirs in use: what else stands in the list is none of the hub's business. */
export function toReservoirEntries(reservoirs: readonly Reservoir[]): Row[] {
  return reservoirs.filter(isMeasured).map((reservoir) => {
    const { code, name, river, addvcd, lon, lat, crest, check, design, normal, dead, capacity } = reservoir;
    return [
      ...[code, `${name}水库`, river, SUCCESSORS[addvcd] ?? addvcd, lon, lat],
      ...[crest, check, design, normal, dead, Math.round(capacity * 1e6)],
    ];
  });
}

export function toSeasonEntry({ reservoir, from, to, level }: FloodSeason): Row {
  return [reservoir.code, from.month, from.day, to.month, to.day, level];
}

export function toLevelEntry(reading: LevelReading): Row {
  const { reservoir, at, point, level, inflow, outflow, storage, trend, correctedAt } = reading;
  return [
    ...[reservoir.code, point, toUtc(at), level / 100, inflow / 1000, outflow / 1000, storage * 1000, trend],
    correctedAt === null ? null : toUtc(correctedAt),
  ];
}

export function toRainEntry(reading: RainReading): Row {
  const { reservoir, at, tips, minutes, rained, dayTips, correctedAt } = reading;
  return [
    ...[reservoir.code, toUtc(at), tips / 10, `${minutes} minutes`, `${rained} minutes`],
    ...[dayTips === null ? null : dayTips / 10, correctedAt === null ? null : toUtc(correctedAt)],
  ];
}

/** As the bureau knows it at `now`. */
export function toDangerEntry(danger: Danger, now: Instant): Row {
  const { code, reservoir, at, place, lon, lat, cause, breachWidth, reporter, phone } = danger;
  const { severity, text } = toLastStep(danger, now);
  const breach = severity === 'critical' ? breachWidth : null;
  return [
    ...[code, reservoir.code, toUtc(at), place, severity, lon, lat],
    ...[cause, text, breach, reporter, phone],
  ];
}

export function toProgressEntries({ code, steps }: Danger, from: Instant, to: Instant): Row[] {
  return steps.filter(({ at }) => at > from && at <= to).map(({ at, text }) => [code, toUtc(at), text]);
}
