// The ways in which a legacy system fails at its door, and the counts that prove to a test that one was met.

/** down: refuses connections · hang: accepts and never answers · slow: answers late · garbage: answers bytes of no protocol. */
export const FAULTS = ['none', 'down', 'hang', 'slow', 'garbage'] as const;
export type Fault = (typeof FAULTS)[number];

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
  const count = (activations: number): FaultCount => ({ activations, ...zero });
  return { none: count(1), down: count(0), hang: count(0), slow: count(0), garbage: count(0) };
}
