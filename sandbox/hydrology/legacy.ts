// The database that the hub sees: SL 323's real-time rain and water tables in one vendor's form. `dr` counts minutes (the
// standard's INTV hours), rows are withdrawn by `deleted`, several cities share the tables by `tenant_id`.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toBeijing } from '../clock/time-text.ts';
import type { Row } from '../database/copy.ts';
import type { RainReading, RiverReading, World } from './readings.ts';
import { toThresholds } from './runoff.ts';
import { type Station, type Travel, toAddress } from './station.ts';

export const LEGACY_TABLES = ['st_stbprp_b', 'st_rvfcch_b', 'st_fsdr_b', 'st_river_r', 'st_pptn_r'] as const;

/** CHAR columns as in the standard's 2005 form: names come padded with blanks. Unqualified: made in schema public. */
export const LEGACY_DDL = `
create table public.st_stbprp_b (
  stcd char(8) primary key, stnm char(30) not null, rvnm char(30), hnnm char(30), bsnm char(30),
  lgtd numeric(10,6), lttd numeric(10,6), stlc char(50), addvcd char(6), dtmnm char(16), dtmel numeric(7,3),
  sttp char(2), usesymb char(1), rtu_addr char(12), moditime timestamp,
  deleted smallint not null default 0, tenant_id varchar(12) not null);
create table public.st_rvfcch_b (
  stcd char(8) primary key, ldkel numeric(7,3), rdkel numeric(7,3), wrz numeric(7,3), wrq numeric(9,3),
  grz numeric(7,3), grq numeric(9,3), obhtz numeric(7,3),
  deleted smallint not null default 0, tenant_id varchar(12) not null);
create table public.st_fsdr_b (
  upstcd char(8), dwstcd char(8), mntrtm numeric(5,2), mxtrtm numeric(5,2), avtrtm numeric(5,2),
  deleted smallint not null default 0, tenant_id varchar(12) not null, primary key (upstcd, dwstcd));
create table public.st_river_r (
  stcd char(8), tm timestamp, z numeric(7,3), q numeric(9,3), wptn char(1),
  deleted smallint not null default 0, tenant_id varchar(12) not null, primary key (stcd, tm));
create index st_river_r_tm on public.st_river_r (tm);
create table public.st_pptn_r (
  stcd char(8), tm timestamp, p numeric(5,1), dr smallint, cump numeric(6,1),
  deleted smallint not null default 0, tenant_id varchar(12) not null, primary key (stcd, tm));
create index st_pptn_r_tm on public.st_pptn_r (tm);
`;

/** 水势: 4 falling, 5 rising, 6 steady. */
const TREND_CODES = { falling: '4', rising: '5', steady: '6' } as const;
/** The inventory was last touched then; SL 323's reading tables have no such column at all. */
const MODIFIED = '2026-03-01 09:30:00';
/** A wrong value before its correction: a slipped finger, 5 mm and 1 m too much. */
const WRONG_TIPS = 50;
const WRONG_CENTIMETRES = 100;

export function toStationRow(station: Station): Row {
  const { code, name, river, lon, lat, addvcd, kind, use, tenant } = station;
  const place = `${name}${station.stageEvery === null ? '雨量场' : '水尺断面'}`;
  // Only the newer telemetry units have an address of their own.
  const address = station.rainEvery === 5 ? toAddress(station) : null;
  const datum = station.zero > 0 ? station.zero : null;
  return [
    ...[code, name, river, '湘江', '长江', lon.toFixed(6), lat.toFixed(6), place, addvcd, '1985国家高程基准'],
    ...[datum, kind, use === 'inUse' ? '1' : '0', address, MODIFIED, use === 'deleted' ? 1 : 0, tenant],
  ];
}

/** Thresholds of the gauges that read a stage. */
export function toThresholdRows(world: World): Row[] {
  return world.stations
    .filter(({ stageEvery, use }) => stageEvery !== null && use === 'inUse')
    .map((station) => {
      const levels = toThresholds(station, world.inflows.get(station.code) ?? []);
      const { dykeLeft, dykeRight, warnStage, warnFlow, guaranteeStage, guaranteeFlow, recordStage } = levels;
      return [
        ...[station.code, dykeLeft.toFixed(2), dykeRight.toFixed(2), warnStage.toFixed(2), warnFlow],
        ...[guaranteeStage.toFixed(2), guaranteeFlow, recordStage.toFixed(2), 0, station.tenant],
      ];
    });
}

/** Times in decimal hours. */
export function toTravelRow({ from, to, shortest, longest, mean }: Travel): Row {
  return [from.code, to.code, shortest.toFixed(2), longest.toFixed(2), mean.toFixed(2), 0, from.tenant];
}

/** As the row stands at `now`: wrong until corrected, withdrawn once deleted. */
export function toRiverRow(reading: RiverReading, now: Instant): Row {
  const { station, at, stage, flow, trend } = reading;
  const read = stage + (isWrong(reading, now) ? WRONG_CENTIMETRES : 0);
  return [
    ...[station.code, toBeijing(at), (read / 100).toFixed(2), flow, TREND_CODES[trend]],
    ...[isWithdrawn(reading, now), station.tenant],
  ];
}

export function toRainRow(reading: RainReading, now: Instant): Row {
  const { station, at, minutes, tips, dayTips } = reading;
  const read = tips + (isWrong(reading, now) ? WRONG_TIPS : 0);
  return [
    ...[station.code, toBeijing(at), (read / 10).toFixed(1), minutes, (dayTips / 10).toFixed(1)],
    ...[isWithdrawn(reading, now), station.tenant],
  ];
}

function isWrong({ correctedAt }: { readonly correctedAt: Instant | null }, now: Instant): boolean {
  return correctedAt !== null && correctedAt > now;
}

function isWithdrawn({ deletedAt }: { readonly deletedAt: Instant | null }, now: Instant): 0 | 1 {
  return deletedAt !== null && deletedAt <= now ? 1 : 0;
}
