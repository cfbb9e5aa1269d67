// What a seed decides before anything runs: whose clock is wrong by how much, what hits which worker at which count, and
// what is done to the servers at which step of the writers. Pure.
import type { Blow } from './messages.ts';
import { POINTS } from './points.ts';
import { openRandom } from './random.ts';

export type ServerBlow = 'cut source' | 'cut store' | 'restart redis' | 'change zone';
export type ChaosPlan = {
  readonly seed: number;
  readonly writers: number;
  /** Of all writers together. */
  readonly steps: number;
  readonly workers: number;
  readonly clockOffsetOf: (slot: number) => number;
  /** Of place `slot` its `life`th worker; most lives have one. */
  readonly blowOf: (slot: number, life: number) => Blow | null;
  readonly serverBlows: ReadonlyMap<number, readonly ServerBlow[]>;
};

export type Size = {
  readonly steps: number;
  readonly workers: number;
  readonly serverBlows: number;
  /** True: no server is hit while a worker stands still, so that this wakes up with its connection whole. */
  readonly inTurn: boolean;
};
export const SHORT: Size = { steps: 150, workers: 2, serverBlows: 4, inTurn: true };
export const LONG: Size = { steps: 450, workers: 3, serverBlows: 10, inTurn: false };

const KINDS = ['cut source', 'cut store', 'restart redis', 'change zone'] as const;

export function planChaos(seed: number, { steps, workers, serverBlows }: Size): ChaosPlan {
  const random = openRandom(seed, 'servers');
  const blows = new Map<number, ServerBlow[]>();
  for (let index = 0; index < serverBlows; index += 1) {
    const at = random.whole(Math.floor(steps * 0.1), steps - 1);
    // Each kind once before any comes twice.
    blows.set(at, [...(blows.get(at) ?? []), KINDS[index] ?? random.pick(KINDS)]);
  }
  return {
    seed,
    writers: 3,
    steps,
    workers,
    clockOffsetOf: (slot) => openRandom(seed, `clock-${slot}`).whole(-4000, 4000),
    blowOf: (slot, life) => toBlow(seed, slot, life),
    serverBlows: blows,
  };
}

function toBlow(seed: number, slot: number, life: number): Blow {
  const random = openRandom(seed, `blow-${slot}-${life}`);
  // In every chaos somebody is stopped with a page in hand that others overtake.
  if (slot === 0 && life === 0)
    return { point: 'commit', object: 'st_river_r', count: random.whole(2, 5), act: 'stop', afterMs: 0 };
  return {
    point: random.pick(POINTS),
    object: null,
    count: random.whole(1, 12),
    act: random.chance(0.5) ? 'kill' : 'stop',
    afterMs: random.whole(0, 12),
  };
}
