// Where a vehicle truly is: it drives its way there and back and rests at both ends, and now and then its terminal raises an alarm.
// Depends on nothing but seed, vehicle and time, so that terminal and record tell of one and the same drive.
import type { Instant } from '../clock/sandbox-clock.ts';
import { type Position, toMetres } from '../map/shift.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';
import type { Vehicle } from './vehicle.ts';

export type Fix = {
  readonly at: Instant;
  /** WGS84, six decimals; null: no satellites, as in a tunnel. */
  readonly place: Position | null;
  /** km/h, one decimal. */
  readonly speed: number;
  /** Degrees from north, whole. */
  readonly heading: number;
  /** Metres, whole. */
  readonly altitude: number;
  /** km, one decimal. */
  readonly mileage: number;
  /** Numbers of the alarm bits of JT/T 808, ascending. */
  readonly alarms: readonly number[];
};

/** Terminals send at these marks, each vehicle at a second of its own. */
export const SEND_EVERY = 10_000;
/** The record keeps one position in so long a time. */
export const RECORD_EVERY = 5 * MINUTE;
const REST = 25 * MINUTE;
const EPISODE = 10 * MINUTE;
const EPISODE_LASTS = 2 * MINUTE;
const MILEAGE_SINCE = Date.parse('2026-01-01T00:00:00Z');
/** Overspeed, fatigue, daily limit, area, route, deviation, emergency; antenna open (bit 5) is in no list of the bureau. */
const ALARMS: readonly (readonly number[])[] = [[1], [2], [18], [20], [21], [23], [0], [1, 23], [5]];

/** How far into an interval this vehicle's marks lie, milliseconds. */
export function toPhase({ index }: Pick<Vehicle, 'index'>, every: number): number {
  const second = (index * 7) % (SEND_EVERY / 1000);
  const marks = Math.max(1, Math.floor(every / SEND_EVERY));
  return (second * 1000 + ((index * 13) % marks) * SEND_EVERY) % every;
}

/** The vehicle's marks in (from, to]. */
export function toMarks(vehicle: Vehicle, every: number, from: Instant, to: Instant): Instant[] {
  const phase = toPhase(vehicle, every);
  const marks: Instant[] = [];
  for (let at = (Math.floor((from - phase) / every) + 1) * every + phase; at <= to; at += every)
    marks.push(at);
  return marks;
}

export function toFix(seed: number, vehicle: Vehicle, at: Instant): Fix {
  const chance = (...parts: number[]) => toChance(seed, 111, vehicle.index, ...parts);
  const cruise = 36 + 30 * chance(1);
  const way = toLegs(vehicle.stops);
  const drive = (way.metres / 1000 / cruise) * HOUR;
  const cycle = 2 * (drive + REST);
  const since = at - MILEAGE_SINCE + chance(2) * cycle;
  const [round, within] = [Math.floor(since / cycle), since - Math.floor(since / cycle) * cycle];
  const isBack = within >= drive + REST;
  const gone = Math.min(1, (isBack ? within - drive - REST : within) / drive);
  const isDriving = gone < 1;
  const { place, heading } = toPlaceOn(way, isBack ? 1 - gone : gone);
  const { alarms, isBlind } = toEpisode(chance, at, isDriving);
  const speed = isDriving ? cruise + 4 * (chance(3, Math.floor(at / 1000)) - 0.5) : 0;
  const ways = 2 * round + (isBack ? 1 : 0) + gone;
  return {
    at,
    place: isBlind ? null : place,
    speed: toTenth(alarms.includes(1) ? speed + 45 : speed),
    heading: isBack ? (heading + 180) % 360 : heading,
    altitude: Math.round(130 + 80 * chance(4) + 60 * gone),
    mileage: toTenth(20_000 + 200_000 * chance(5) + (ways * way.metres) / 1000),
    alarms,
  };
}

/** In every tenth span of ten minutes something goes on for two. */
function toEpisode(chance: (...parts: number[]) => number, at: Instant, isDriving: boolean) {
  const episode = Math.floor(at / EPISODE);
  const isOn = isDriving && at - episode * EPISODE < EPISODE_LASTS;
  const isBlind = isOn && chance(6, episode) > 0.96;
  const alarms =
    isOn && chance(7, episode) < 0.1 ? ALARMS[Math.floor(chance(8, episode) * ALARMS.length)] : [];
  return { alarms: alarms ?? [], isBlind };
}

type Way = {
  readonly stops: readonly Position[];
  readonly lengths: readonly number[];
  readonly metres: number;
};

function toLegs(stops: readonly Position[]): Way {
  const lengths = stops.slice(1).map((stop, at) => toMetres(stops[at] ?? stop, stop));
  return { stops, lengths, metres: lengths.reduce((sum, length) => sum + length, 0) };
}

/** `share`: of the whole way, 0 at its first stop. */
function toPlaceOn({ stops, lengths, metres }: Way, share: number) {
  let left = share * metres;
  let leg = 0;
  while (leg < lengths.length - 1 && left > (lengths[leg] ?? 0)) {
    left -= lengths[leg] ?? 0;
    leg += 1;
  }
  const [a, b] = stops.slice(leg, leg + 2);
  if (a === undefined || b === undefined) throw new Error('A way must have two stops.');
  const part = Math.min(1, left / (lengths[leg] ?? 1));
  const toSix = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
  const place = { lon: toSix(a.lon + (b.lon - a.lon) * part), lat: toSix(a.lat + (b.lat - a.lat) * part) };
  const degrees = (Math.atan2((b.lon - a.lon) * 100.4, (b.lat - a.lat) * 110.8) * 180) / Math.PI;
  return { place, heading: (Math.round(degrees) + 360) % 360 };
}

function toTenth(value: number): number {
  return Math.round(value * 10) / 10;
}
