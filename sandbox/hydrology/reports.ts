// What the stations with a telemetry unit send in a span of time, and what becomes of it on the way: pure, from the same world
// as the tables. A unit sends what its instrument shows, millimetres and all; what stands in the tables was checked.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, MINUTE, STEP } from '../storm/storm.ts';
import { isOurs } from './ledger.ts';
import { toRainReadings, type World } from './readings.ts';
import { toFloods, toFlow, toStage, toThreeDigits } from './runoff.ts';
import type { Station } from './station.ts';

/** One observation of one station. Null: not measured there, or the instrument gives nothing. */
export type Observation = {
  readonly station: Station;
  readonly at: Instant;
  readonly stageM: number | null;
  readonly flowM3s: number | null;
  /** Of the five minutes before, and since 08:00 Beijing time. */
  readonly rainMm: number | null;
  readonly dayMm: number | null;
  readonly volts: number;
};

export type Sending = {
  readonly word: '32' | '33';
  readonly observation: Observation;
  readonly coding: 'hex' | 'ascii' | 'packets';
  /** A copy with a wrong byte goes before it. */
  readonly isDamagedFirst: boolean;
  /** It is sent twice, whatever is answered. */
  readonly isDoubled: boolean;
};

/** What the chances of telemetry begin with: 1–5 are the storm's and the tables'. */
const TELEMETRY = 6;
/** Extra reports a five minutes and station; others of all reports. */
const EXTRA_SHARE = 1 / 4;
const SILENT_GAUGE_SHARE = 1 / 40;
const PACKETS_SHARE = 1 / 12;
const DAMAGED_SHARE = 1 / 20;
const DOUBLED_SHARE = 1 / 15;
/** Every fifth unit is an older one that speaks ASCII. */
const ASCII_EVERY = 5;

/** The stations that have a telemetry unit: the newer ones, in use, of this city. */
export function toTelemetered(stations: readonly Station[]): Station[] {
  return stations.filter((station) => station.rainEvery === 5 && station.use === 'inUse' && isOurs(station));
}

/**
 * All that is due in (from, to], in order of time: each station's report of every five minutes (32H), and at a quarter of them
 * an extra one of the stage (33H) some minutes later, at a time that no table has.
 */
export function toSendings(world: World, from: Instant, to: Instant): Sending[] {
  const stations = toTelemetered(world.stations);
  const own = { ...world, stations };
  const timed = toRainReadings(own, from, to).map(({ station, at, tips, dayTips }) => ({
    word: '32' as const,
    observation: {
      ...toRiver(own, station, at),
      ...{ rainMm: tips / 10, dayMm: dayTips / 10 },
    },
  }));
  const extra = stations
    .filter(({ stageEvery }) => stageEvery !== null)
    .flatMap((station) => toExtraTimes(world.seed, station, from, to).map((at) => toRiver(own, station, at)))
    .map((river) => ({ word: '33' as const, observation: { ...river, ...NO_RAIN } }));
  return [...timed, ...extra]
    .toSorted((left, right) => left.observation.at - right.observation.at)
    .map((sending) => ({ ...sending, ...toFate(world.seed, sending.observation) }));
}

const NO_RAIN = { rainMm: null, dayMm: null };

function toExtraTimes(seed: number, { number }: Station, from: Instant, to: Instant): Instant[] {
  const first = Math.floor(from / STEP);
  const steps = Array.from({ length: Math.floor(to / STEP) - first + 1 }, (_, index) => first + index);
  return steps
    .filter((step) => toChance(seed, TELEMETRY, number, step) < EXTRA_SHARE)
    .map((step) => step * STEP + (1 + Math.floor(4 * toChance(seed, TELEMETRY, number, step, 1))) * MINUTE)
    .filter((at) => at > from && at <= to);
}

/** The stage in whole millimetres, never on a whole centimetre: so it can be told from what stands in the tables. */
function toRiver(world: World, station: Station, at: Instant) {
  const { seed, inflows } = world;
  const chance = (what: number) => toChance(seed, TELEMETRY, station.number, at / MINUTE, what);
  const volts = Math.round(1180 + 150 * chance(2)) / 100;
  const head = { station, at, volts };
  // A wet cable: the report comes, its stage says nothing.
  const isSilent = at % STEP === 0 && chance(3) < SILENT_GAUGE_SHARE;
  if (station.stageEvery === null || isSilent) return { ...head, stageM: null, flowM3s: null };
  const own = inflows.get(station.code) ?? [];
  const flow = toFlow(own, toFloods(seed, own, at - HOUR, at), at);
  const millimetres = toStage(seed, station, own, flow, at) * 10 + 1 + Math.floor(4 * chance(4));
  const flowM3s = station.kind === 'ZQ' ? Number(toThreeDigits(flow)) : null;
  return { ...head, stageM: millimetres / 1000, flowM3s };
}

function toFate(seed: number, { station, at }: Observation) {
  const chance = (what: number) => toChance(seed, TELEMETRY, station.number, at / MINUTE, what);
  const isAscii = (station.number / 10) % ASCII_EVERY === 0;
  const coding: Sending['coding'] = isAscii ? 'ascii' : chance(5) < PACKETS_SHARE ? 'packets' : 'hex';
  return { coding, isDamagedFirst: chance(6) < DAMAGED_SHARE, isDoubled: chance(7) < DOUBLED_SHARE };
}
