// The sandbox city's time: starts in the past when asked, may run fast or stand still, never passes the wall clock.

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

export type ClockOptions = {
  /** Where the clock starts; now when absent, never later than now. */
  readonly start?: Instant;
  /** Simulated seconds a second; 1 when absent. */
  readonly speed?: number;
  /** Stands at its start until `moveTo`; for tests. */
  readonly frozen?: boolean;
  /** The real clock. */
  readonly wall?: () => Instant;
};

export type SandboxClock = {
  readonly speed: number;
  readonly frozen: boolean;
  now(): Instant;
  /** The latest time not after `to` that the wall clock allows. */
  limit(to: Instant): Instant;
  /** Puts the clock forward, at most to the wall clock; it never goes back. */
  moveTo(to: Instant): void;
};

export function openClock(options: ClockOptions = {}): SandboxClock {
  const wall = options.wall ?? Date.now;
  const speed = options.speed ?? 1;
  const frozen = options.frozen ?? false;
  if (!(speed > 0)) throw new Error(`The clock's speed must be above 0, but got: ${speed}`);
  const rate = frozen ? 0 : speed;
  const limit = (to: Instant) => Math.min(to, wall());
  let setAt = wall();
  let base = limit(options.start ?? setAt);
  const now = () => limit(base + Math.max(0, wall() - setAt) * rate);
  const moveTo = (to: Instant) => {
    const from = now();
    setAt = wall();
    base = Math.max(from, limit(to));
  };
  return { speed, frozen, now, limit, moveTo };
}
