// How a pool stands: every storm flows in within a day and runs out again over days, as through a linear reservoir, so that
// what came in is what went out and what is kept. Pure functions of seed, reservoir and time.
import type { Instant } from '../clock/sandbox-clock.ts';
import { HOUR, toShower, toStorms } from '../storm/storm.ts';
import type { Reservoir } from './reservoir.ts';

// Bound once: a day of all reservoirs asks for it a thousand times.
const { exp, max, min } = Math;

/** A catchment keeps the rest in soil and leaves. */
const RUNOFF_SHARE = 0.35;
/** Hours in which a storm comes in and in which the gates let it out. */
const IN_HOURS = 6;
const OUT_HOURS = 72;
/** Hours after which a storm no longer shows: what is left of it is below a thousandth. */
const MEMORY_HOURS = 480;
/** Low-water flow of a square kilometre, m³/s. */
const BASE_FLOW = 0.02;
/** Shares of the capacity at the dead level, at the normal level, and on a calm day. */
const DEAD_SHARE = 0.1;
const NORMAL_SHARE = 0.8;
const CALM_SHARE = 0.55;
const MOST_SHARE = 0.99;

export type Pool = {
  /** m³/s. */
  readonly inflow: number;
  readonly outflow: number;
  /** m³. */
  readonly storage: number;
  /** Metres. */
  readonly level: number;
};

export function toPool(seed: number, reservoir: Reservoir, at: Instant): Pool {
  const { area, capacity } = reservoir;
  const base = area * BASE_FLOW;
  let inflow = base;
  let outflow = base;
  let kept = capacity * CALM_SHARE * 1e6;
  for (const storm of toStorms(seed, at, MEMORY_HOURS)) {
    const shower = toShower(storm, reservoir);
    const hours = (at - shower.begins) / HOUR - shower.hours / 2;
    if (hours <= 0 || hours > MEMORY_HOURS) continue;
    const volume = shower.depth * area * 1000 * RUNOFF_SHARE;
    const [fast, late] = [exp(-hours / IN_HOURS), exp(-hours / OUT_HOURS)];
    const passed = (late - fast) / (OUT_HOURS - IN_HOURS);
    inflow += (volume / 3600) * (fast / IN_HOURS);
    outflow += (volume / 3600) * passed;
    kept += volume * OUT_HOURS * passed;
  }
  const storage = min(kept, capacity * MOST_SHARE * 1e6);
  return { inflow, outflow, storage, level: toLevel(reservoir, storage) };
}

/** The pool's level–capacity curve: the higher, the wider. */
function toLevel({ dead, normal, capacity }: Reservoir, storage: number): number {
  const share = (storage / 1e6 / capacity - DEAD_SHARE) / (NORMAL_SHARE - DEAD_SHARE);
  return dead + (normal - dead) * max(share, 0) ** 0.7;
}
