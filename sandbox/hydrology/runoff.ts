// The rivers: each catchment lets its rain run off over hours, and the water reaches every gauge downstream after its
// travel time. Pure functions of seed, gauge and time.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, STEP, toShower, toStorms } from '../storm/storm.ts';
import type { Inflow, Station } from './station.ts';

// Bound once: millions of calls a load, and a test runner's sandboxed globals are slow to look up.
const { exp, floor, max, round } = Math;

/** A catchment keeps the rest in soil and leaves. */
const RUNOFF_SHARE = 0.35;
/** Hours after which a storm's flood no longer shows at a gauge. */
const MEMORY_HOURS = 240;
/** From a storm's beginning to its flood at the lowest gauge, at most. */
const LONGEST_WAY_HOURS = 84;
/** Low-water flow of a square kilometre, m³/s. */
const BASE_FLOW = 0.02;

export type Flood = {
  readonly peaksAround: Instant;
  readonly recession: number;
  readonly cubicMetres: number;
};

/** The floods that reach a gauge between two times: one a storm and catchment. */
export function toFloods(seed: number, inflows: readonly Inflow[], from: Instant, to: Instant): Flood[] {
  const storms = toStorms(seed, to, MEMORY_HOURS + LONGEST_WAY_HOURS + (to - from) / HOUR);
  return inflows.flatMap(({ from: catchment, hours }) =>
    storms.map((storm) => {
      const shower = toShower(storm, catchment);
      return {
        peaksAround: shower.begins + (shower.hours / 2 + hours) * HOUR,
        // A longer way flattens the wave.
        recession: 4 + 0.3 * hours,
        cubicMetres: shower.depth * catchment.area * 1000 * RUNOFF_SHARE,
      };
    }),
  );
}

/** Flow at a gauge in m³/s: low water, and every flood rising fast and falling slowly (a cascade of two reservoirs). */
export function toFlow(inflows: readonly Inflow[], floods: readonly Flood[], at: Instant): number {
  let flow = toCatchment(inflows) * BASE_FLOW;
  for (const { peaksAround, recession, cubicMetres } of floods) {
    const hours = (at - peaksAround) / HOUR + recession;
    // A forgotten flood is left out here, not above: the flow must not depend on the span that was asked for.
    if (hours <= 0 || hours > MEMORY_HOURS) continue;
    flow += (cubicMetres / 3600) * (hours / recession ** 2) * exp(-hours / recession);
  }
  return flow;
}

/** Depth of that flow above the gauge zero, metres: the station's rating curve. */
export function toDepth(catchment: number, flow: number): number {
  return (flow / (15 + catchment / 100)) ** 0.6;
}

/** Everything that drains to the gauge, km². */
export function toCatchment(inflows: readonly Inflow[]): number {
  return inflows.reduce((sum, { from }) => sum + from.area, 0);
}

/** Stage in centimetres above the datum, as a float gauge reads it with a ripple of one. */
export function toStage(
  seed: number,
  station: Station,
  inflows: readonly Inflow[],
  flow: number,
  at: Instant,
): number {
  const ripple = floor(3 * toChance(seed, 3, station.number, at / STEP)) - 1;
  return round((station.zero + toDepth(toCatchment(inflows), flow)) * 100) + ripple;
}

/** A flow as hydrologists write it: three significant digits, no finer than a litre a second. */
export function toThreeDigits(flow: number): string {
  return String(Number(Number(max(flow, 0.001).toPrecision(3)).toFixed(3)));
}

export type Thresholds = {
  readonly warnStage: number;
  readonly warnFlow: number;
  readonly guaranteeStage: number;
  readonly guaranteeFlow: number;
  readonly recordStage: number;
  readonly dykeLeft: number;
  readonly dykeRight: number;
};

/** The levels at which a gauge's people are warned, m and m³/s: from the rating curve, so that storms do reach them. */
export function toThresholds(station: Station, inflows: readonly Inflow[]): Thresholds {
  const catchment = toCatchment(inflows);
  const stage = (flow: number) => round((station.zero + toDepth(catchment, flow)) * 100) / 100;
  const [warnFlow, guaranteeFlow] = [round(catchment * 0.22), round(catchment * 0.36)];
  return {
    warnStage: stage(warnFlow),
    warnFlow,
    guaranteeStage: stage(guaranteeFlow),
    guaranteeFlow,
    recordStage: stage(catchment * 0.5),
    dykeLeft: stage(guaranteeFlow) + 1,
    dykeRight: stage(guaranteeFlow) + 1.2,
  };
}
