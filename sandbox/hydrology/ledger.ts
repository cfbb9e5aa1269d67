// The ledger of true values: what the simulation knows, in UTC, WGS84 and SI, written before any encoding. Tests compare the
// hub's store with it by plain SQL; the hub's own role cannot read it.
import { toUtc } from '../clock/time-text.ts';
import type { Row } from '../database/copy.ts';
import type { RainReading, RiverReading, World } from './readings.ts';
import { toThresholds } from './runoff.ts';
import { CITY_TENANT, type Station, type Travel } from './station.ts';

/** Only this city's rows: the other tenant must never reach the hub. Columns are described in sandbox/README.md. */
export const LEDGER_DDL = `
create table ledger.station (
  stcd text primary key, name text not null, river text not null, kind text not null, county_code text not null,
  lon numeric(9,6) not null, lat numeric(8,6) not null, in_use boolean not null,
  warn_stage_m numeric, warn_flow_m3s numeric, guarantee_stage_m numeric);
create table ledger.travel (
  upstream text, downstream text, shortest interval not null, longest interval not null, mean interval not null,
  primary key (upstream, downstream));
create table ledger.rain (
  stcd text, observed_at timestamptz, amount_mm numeric not null, period interval not null,
  corrected_at timestamptz, deleted_at timestamptz, primary key (stcd, observed_at));
create table ledger.river (
  stcd text, observed_at timestamptz, stage_m numeric not null, flow_m3s numeric,
  corrected_at timestamptz, deleted_at timestamptz, primary key (stcd, observed_at));
create table ledger.telemetry (
  stcd text, observed_at timestamptz, stage_m numeric, flow_m3s numeric, rain_mm numeric,
  sent_at timestamptz not null, acknowledged_at timestamptz, primary key (stcd, observed_at));
create view ledger.settled_rain as
  select r.* from ledger.rain r, ledger.clock c
  where (r.corrected_at is null or r.corrected_at <= c.loaded_to) and (r.deleted_at is null or r.deleted_at > c.loaded_to);
create view ledger.settled_river as
  select r.* from ledger.river r, ledger.clock c
  where (r.corrected_at is null or r.corrected_at <= c.loaded_to) and (r.deleted_at is null or r.deleted_at > c.loaded_to);
`;

/** 祁阳县 became 祁阳市 in 2021; the true county is the one of today. */
const SUCCESSORS: Readonly<Record<string, string>> = { '431121': '431181' };

export const isOurs = ({ tenant }: Station): boolean => tenant === CITY_TENANT;

/** The city's stations that the legacy system has not deleted. */
export function toStationEntries(world: World): Row[] {
  return world.stations
    .filter((station) => isOurs(station) && station.use !== 'deleted')
    .map((station) => {
      const { code, name, river, kind, addvcd, lon, lat, use } = station;
      const county = SUCCESSORS[addvcd] ?? addvcd;
      const gauge = station.stageEvery !== null && use === 'inUse';
      const levels = gauge ? toThresholds(station, world.inflows.get(code) ?? []) : null;
      return [
        ...[code, name, river, kind, county, lon.toFixed(6), lat.toFixed(6), String(use === 'inUse')],
        ...[levels?.warnStage ?? null, levels?.warnFlow ?? null, levels?.guaranteeStage ?? null],
      ];
    });
}

export function toTravelEntry({ from, to, shortest, longest, mean }: Travel): Row {
  return [
    from.code,
    to.code,
    ...[shortest, longest, mean].map((hours) => `${Math.round(hours * 60)} minutes`),
  ];
}

export function toRainEntry(reading: RainReading): Row {
  const { station, at, tips, minutes } = reading;
  return [station.code, toUtc(at), tips / 10, `${minutes} minutes`, ...toFate(reading)];
}

export function toRiverEntry(reading: RiverReading): Row {
  const { station, at, stage, flow } = reading;
  return [station.code, toUtc(at), stage / 100, flow, ...toFate(reading)];
}

function toFate({ correctedAt, deletedAt }: RainReading | RiverReading): Row {
  return [correctedAt, deletedAt].map((at) => (at === null ? null : toUtc(at)));
}
