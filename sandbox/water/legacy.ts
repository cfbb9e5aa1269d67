// The database that the hub sees: SL 323's tables in their form of 2011, as the bureau's front-end database has them. INTV counts
// hours, PDR is hours and minutes written as a decimal, W millions of m³, codes are CHAR(8) here and VARCHAR there.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toBeijing } from '../clock/time-text.ts';
import type { Row } from '../database/copy.ts';
import { type Danger, type Severity, toLastStep } from './danger.ts';
import type { LevelReading, RainReading } from './readings.ts';
import type { FloodSeason, Reservoir } from './reservoir.ts';

export const LEGACY_TABLES = [
  'st_stbprp_b',
  'st_rsvrfcch_b',
  'st_rsvrfsr_b',
  'st_rsvr_r',
  'st_pptn_r',
  'rei_prjdbinf',
  'rei_brchinf',
  'rei_flfttr',
] as const;

/** The columns of the REI_ tables are those of the standard as far as they are known; BRCHWD and FTTRDSC are proposed. */
export const LEGACY_DDL = `
create table public.st_stbprp_b (
  stcd char(8) primary key, stnm char(30) not null, rvnm char(30), hnnm char(30), bsnm char(30),
  lgtd numeric(10,6), lttd numeric(10,6), stlc char(50), addvcd char(6), dtmnm char(16),
  sttp char(2), usesymb char(1), admauth char(20), moditime timestamp);
create table public.st_rsvrfcch_b (
  stcd char(8) primary key, damel numeric(7,3), ckflz numeric(7,3), dsflz numeric(7,3), normz numeric(7,3),
  ddz numeric(7,3), ttcp numeric(9,3));
create table public.st_rsvrfsr_b (
  stcd char(8), bgmd varchar(4), edmd varchar(4), fsltdz numeric(7,3), fstp char(1), primary key (stcd, bgmd));
create table public.st_rsvr_r (
  stcd varchar(8), mpcd char(1), tm timestamp, rz numeric(7,3), inq numeric(9,3), w numeric(9,3), otq numeric(9,3),
  rwptn char(1), primary key (stcd, mpcd, tm));
create index st_rsvr_r_tm on public.st_rsvr_r (tm);
create table public.st_pptn_r (
  stcd varchar(8), tm timestamp, drp numeric(5,1), intv numeric(5,2), pdr numeric(5,2), dyp numeric(5,1), wth char(1),
  primary key (stcd, tm));
create index st_pptn_r_tm on public.st_pptn_r (tm);
create table public.rei_prjdbinf (
  dngcd char(12) primary key, prjnmcd varchar(20), dnghtm timestamp, dngpst varchar(40), dngsvt char(1),
  lgtd numeric(10,6), lttd numeric(10,6), dngrsan varchar(200), trmm varchar(200), dngprdt varchar(200),
  reporter varchar(20), rpttlnb varchar(20), rmk varchar(200));
create table public.rei_brchinf (dngcd char(12) primary key, brchwd numeric(6,1));
create table public.rei_flfttr (
  dngcd varchar(12), tm timestamp, fttrdsc varchar(200), primary key (dngcd, tm));
create index rei_flfttr_tm on public.rei_flfttr (tm);
`;

/** 水势: 4 falling, 5 rising, 6 steady. */
const TREND_CODES = { falling: '4', rising: '5', steady: '6' } as const;
const SEVERITY_CODES: Readonly<Record<Severity, string>> = { minor: '1', major: '2', critical: '3' };
const MODIFIED = '2026-03-01 09:30:00';
/** A wrong value before its correction: half a metre and 3 mm too much. */
const WRONG_CENTIMETRES = 50;
const WRONG_TIPS = 30;

/** What the bureau does not know stands as an empty text. */
export function toStationRow(reservoir: Reservoir): Row {
  const { code, name, river, lon, lat, addvcd, kind, inUse } = reservoir;
  const [east, north] = [lon.toFixed(6), lat.toFixed(6)];
  return [
    ...[
      code,
      `${name}水库`,
      river ?? '',
      '湘江',
      '长江',
      east,
      north,
      `${name}大坝`,
      addvcd,
      '1985国家高程基准',
    ],
    ...[kind, inUse ? '1' : '0', '', MODIFIED],
  ];
}

export function toCharacterRows(reservoirs: readonly Reservoir[]): Row[] {
  return reservoirs
    .filter(({ kind }) => kind === 'RR')
    .map((reservoir) => {
      const { code, crest, check, design, normal, dead, capacity } = reservoir;
      return [code, ...[crest, check, design, normal, dead, capacity].map((number) => number.toFixed(3))];
    });
}

/** Months and days as a clerk types them: 415 for the fifteenth of April, 1001 for the first of October. */
export function toSeasonRow({ reservoir, from, to, level }: FloodSeason): Row {
  const [begins, ends] = [from, to].map(({ month, day }) => `${month}${String(day).padStart(2, '0')}`);
  return [reservoir.code, begins ?? '', ends ?? '', level.toFixed(3), '1'];
}

/** As the row stands at `now`: wrong until corrected. */
export function toLevelRow(reading: LevelReading, now: Instant): Row {
  const { reservoir, at, point, level, inflow, outflow, storage, trend } = reading;
  const read = level + (isWrong(reading, now) ? WRONG_CENTIMETRES : 0);
  return [
    ...[reservoir.code, point, toBeijing(at), (read / 100).toFixed(3), (inflow / 1000).toFixed(3)],
    ...[(storage / 1000).toFixed(3), (outflow / 1000).toFixed(3), TREND_CODES[trend]],
  ];
}

export function toRainRow(reading: RainReading, now: Instant): Row {
  const { reservoir, at, tips, minutes, rained, dayTips } = reading;
  const read = tips + (isWrong(reading, now) ? WRONG_TIPS : 0);
  return [
    ...[reservoir.code, toBeijing(at), (read / 10).toFixed(1), (minutes / 60).toFixed(2)],
    ...[toHoursMinutes(rained), dayTips === null ? null : (dayTips / 10).toFixed(1), tips > 0 ? '7' : '8'],
  ];
}

/** 1.30 is an hour and a half. */
export function toHoursMinutes(minutes: number): string {
  return `${Math.floor(minutes / 60)}.${String(minutes % 60).padStart(2, '0')}`;
}

/** As the sheet stands at `now`. */
export function toDangerRow(danger: Danger, now: Instant): Row {
  const { code, reservoir, at, place, lon, lat, cause, reporter, phone } = danger;
  const { severity, text } = toLastStep(danger, now);
  return [
    ...[code, reservoir.code, toBeijing(at), place, SEVERITY_CODES[severity], lon.toFixed(6), lat.toFixed(6)],
    ...[cause, text, '', reporter, phone, ''],
  ];
}

/** A breach stands in a table of its own, once it is there. */
export function toBreachRows({ code, breachWidth, steps }: Danger, now: Instant): Row[] {
  const breached = steps.find(({ severity }) => severity === 'critical');
  if (breachWidth === null || breached === undefined || breached.at > now) return [];
  return [[code, breachWidth.toFixed(1)]];
}

export function toProgressRows({ code, steps }: Danger, from: Instant, to: Instant): Row[] {
  const fresh = steps.filter(({ at }) => at > from && at <= to);
  return fresh.map(({ at, text }) => [code, toBeijing(at), text]);
}

function isWrong({ correctedAt }: { readonly correctedAt: Instant | null }, now: Instant): boolean {
  return correctedAt !== null && correctedAt > now;
}
