// The ways in which a legacy system fails at its door, and the counts that prove to a test that one was met.

/**
 * down: refuses connections · hang: accepts and never answers · slow: answers late · garbage: answers bytes of no protocol ·
 * half: each answer breaks off in its middle · error: each question is answered with a failure of the system (HTTP 500) ·
 * schema: answers in order, but of another shape · expired: credentials count no longer.
 */
export const FAULTS = [
  'none',
  'down',
  'hang',
  'slow',
  'garbage',
  'half',
  'error',
  'schema',
  'expired',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Faults in which the system speaks its protocol: they are said at the front, or done to what stands behind it. */
export type SpokenFault = Extract<Fault, 'error' | 'schema' | 'expired'>;

/** What was met while a fault was active. */
export type FaultCount = {
  /** How often it was switched on. */
  activations: number;
  /** Connections accepted meanwhile (none while down: they are refused). */
  connections: number;
  /** Connections that were open when the system went down, and were cut. */
  cut: number;
  bytesFromClient: number;
  bytesToClient: number;
};

export type FaultCounters = Readonly<Record<Fault, Readonly<FaultCount>>>;

/** All at zero; `none` is active from the start. */
export function toCounters(): Record<Fault, FaultCount> {
  const zero = { connections: 0, cut: 0, bytesFromClient: 0, bytesToClient: 0 };
  const counts = FAULTS.map((fault) => [fault, { activations: fault === 'none' ? 1 : 0, ...zero }] as const);
  return Object.fromEntries(counts) as Record<Fault, FaultCount>;
}
