// What the instruments read in a span of time, with the department's mistakes: which rows are first wrong and put right
// minutes later, which are withdrawn. legacy.ts and ledger.ts write the same readings down, each in its own way.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, MINUTE, STEP, toRainTips, toShowers } from '../storm/storm.ts';
import { type Flood, toFloods, toFlow, toStage, toThreeDigits } from './runoff.ts';
import { type Inflow, type Station, toInflows } from './station.ts';

/** The whole hidden state of the simulated centre: everything else follows from it and the time. */
export type World = {
  readonly seed: number;
  readonly stations: readonly Station[];
  readonly inflows: ReadonlyMap<string, readonly Inflow[]>;
};

/** What people do to a row afterwards. */
export type Afterwards = {
  /** Until then the row carries a wrong value; null: it never did. */
  readonly correctedAt: Instant | null;
  /** From then on the row is withdrawn; null: it stands. */
  readonly deletedAt: Instant | null;
};

export type RainReading = Afterwards & {
  readonly station: Station;
  /** End of the period. */
  readonly at: Instant;
  readonly minutes: number;
  /** Rain in the period and since 08:00 Beijing time, tenths of a millimetre. */
  readonly tips: number;
  readonly dayTips: number;
};

export type RiverReading = Afterwards & {
  readonly station: Station;
  readonly at: Instant;
  /** Stage, centimetres. */
  readonly stage: number;
  /** m³/s, three digits; null where only the stage is read. */
  readonly flow: string | null;
  readonly trend: 'rising' | 'falling' | 'steady';
};

/** Nobody touches a row later than this after its time. */
export const LATEST_AFTERWARDS = 40 * MINUTE;

const CORRECTED_SHARE = 1 / 400;
const DELETED_SHARE = 1 / 1500;

export function toWorld(seed: number, stations: readonly Station[]): World {
  return { seed, stations, inflows: toInflows(stations) };
}

/** Every rain reading whose period ends in (from, to], station by station. */
export function toRainReadings(world: World, from: Instant, to: Instant): RainReading[] {
  return world.stations.flatMap((station) =>
    station.rainEvery === null || station.use !== 'inUse'
      ? []
      : toStationRain(world.seed, station, station.rainEvery, from, to),
  );
}

function toStationRain(seed: number, station: Station, minutes: number, from: Instant, to: Instant) {
  const readings: RainReading[] = [];
  const showers = toShowers(seed, station, toRainDay(from), to);
  let tips = 0;
  let dayTips = 0;
  // From the start of the rain day, so that the day's counter is right from the first row on.
  for (let at = toRainDay(from) + STEP; at <= to; at += STEP) {
    const fallen = toRainTips(seed, station, showers, at);
    tips += fallen;
    dayTips += fallen;
    if (at % (minutes * MINUTE) !== 0) continue;
    if (at > from)
      readings.push({ station, at, minutes, tips, dayTips, ...toAfterwards(seed, 4, station, at) });
    tips = 0;
    if (at === toRainDay(at)) dayTips = 0;
  }
  return readings;
}

/** The 08:00 in Beijing (00:00 UTC) at or before: the hydrologist's day begins there. */
function toRainDay(at: Instant): Instant {
  return Math.floor(at / (24 * HOUR)) * 24 * HOUR;
}

/** Every river reading in (from, to], station by station. */
export function toRiverReadings(world: World, from: Instant, to: Instant): RiverReading[] {
  return world.stations.flatMap((station) => {
    if (station.stageEvery === null || station.use !== 'inUse') return [];
    const inflows = world.inflows.get(station.code) ?? [];
    const every = station.stageEvery * MINUTE;
    const floods = toFloods(world.seed, inflows, from - HOUR, to);
    const readings: RiverReading[] = [];
    for (let at = (Math.floor(from / every) + 1) * every; at <= to; at += every)
      readings.push(toRiverReading(world.seed, station, inflows, floods, at));
    return readings;
  });
}

function toRiverReading(
  seed: number,
  station: Station,
  inflows: readonly Inflow[],
  floods: readonly Flood[],
  at: Instant,
): RiverReading {
  const flow = toFlow(inflows, floods, at);
  const hourAgo = toFlow(inflows, floods, at - HOUR);
  return {
    station,
    at,
    stage: toStage(seed, station, inflows, flow, at),
    flow: station.kind === 'ZQ' ? toThreeDigits(flow) : null,
    trend: flow > hourAgo * 1.01 ? 'rising' : flow < hourAgo * 0.99 ? 'falling' : 'steady',
    ...toAfterwards(seed, 5, station, at),
  };
}

/** Rarely, a row is put right 5–15 minutes later or withdrawn after 10–40 minutes. */
function toAfterwards(seed: number, what: number, station: Station, at: Instant): Afterwards {
  const chance = toChance(seed, what, station.number, at / STEP);
  const delay = toChance(seed, what, station.number, at / STEP, 1);
  if (chance < CORRECTED_SHARE)
    return { correctedAt: at + (1 + Math.floor(3 * delay)) * STEP, deletedAt: null };
  if (chance < CORRECTED_SHARE + DELETED_SHARE)
    return { correctedAt: null, deletedAt: at + (2 + Math.floor(7 * delay)) * STEP };
  return { correctedAt: null, deletedAt: null };
}
