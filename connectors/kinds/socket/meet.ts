// What every way of meeting peers (tcp.ts, udp.ts) is given, and gives.
import type { Batch } from '../../kit/contract.ts';
import type { FrameSession } from '../../kit/frame-codec.ts';
import type { Clock } from '../../kit/resilience/clock.ts';
import type { Devices } from './devices.ts';
import type { Peer } from './peer.ts';
import type { SocketPlan } from './settings.ts';

export type Meeting = {
  readonly port: number;
  /** Takes nothing new, lets what is under way be answered, closes; what hangs is cut off after `timeoutMs`. Twice is harmless. */
  end(): Promise<void>;
};

export type MeetOptions = {
  readonly plan: SocketPlan;
  /** The address that is listened at. */
  readonly host: string;
  readonly clock: Clock;
  readonly patience: Patience;
  /** How often objects that are asked for are, milliseconds. */
  readonly every: ReadonlyMap<string, number>;
  readonly hand: (batch: Batch) => Promise<void>;
  readonly devices: Devices;
  readonly onAway: (peer: string, words: string) => void;
  /** It ended by itself. */
  readonly onEnd: (error: Error) => void;
};

/** What is told of whoever is connected when the hub stops listening. */
export const ENDED = 'the hub stopped listening';

/** Milliseconds. A peer that never sent a sound frame is sent away after `first`, one that fell silent after `idle`. */
export type Patience = { readonly first: number; readonly idle: number; readonly look: number };

/** An hour without any sign of life is more than any of the protocols allows its senders. */
export const PATIENCE: Patience = { first: 60_000, idle: 3_600_000, look: 1000 };

export const isOverdue = (peer: Peer, { first, idle }: Patience): boolean =>
  !peer.isBusy() && peer.quietMs() >= (peer.isKnown() ? idle : first);

/** The conversation with one peer; null where the protocol has none. `port`: the hub's own. */
export function toPeerSession(
  { plan, every }: Pick<MeetOptions, 'plan' | 'every'>,
  { peer, port }: { readonly peer: string; readonly port: number },
): FrameSession | null {
  if (plan.session === null) return null;
  const { asks, ...words } = plan.session;
  return {
    ...words,
    ...{ peer, port, transport: plan.way.proto },
    asks: asks.map(({ object, command }) => ({ command, everyMs: every.get(object) ?? EVERY_MS })),
  };
}

/** Where whoever listens does not say: a day. */
const EVERY_MS = 86_400_000;

/** Calls `look` over and over until the signal, each time when the one before is done. */
export async function keepLooking(
  { clock, patience }: Pick<MeetOptions, 'clock' | 'patience'>,
  signal: AbortSignal,
  look: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(patience.look, signal).catch(() => undefined);
    if (!signal.aborted) await look();
  }
}
