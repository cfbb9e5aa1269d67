// One peer, whatever carries its bytes: the codec's state, and its turns one after the other. The next turn begins when the
// batches of the one before are durable and answered.
import { setImmediate as othersFirst } from 'node:timers/promises';
import type { Batch } from '../../kit/contract.ts';
import type { FrameSession, FrameStep } from '../../kit/frame-codec.ts';
import type { PeerDevices } from './devices.ts';
import { refuse } from './faults.ts';
import type { SocketPlan } from './settings.ts';
import { type Standing, toTurn } from './turn.ts';

export type Peer = {
  /** Resolves when all that these bytes complete is durable and answered; to be called again after that. Rejects when the peer must go; then it is no more to be used. */
  take(bytes: Uint8Array): Promise<void>;
  /** Time has passed: assemblies are given up. Rejects as `take` does. */
  tick(): Promise<void>;
  /** Its last byte came: what is left open is refused and handed over. */
  leave(): Promise<void>;
  /** Nothing new is taken; resolves when the turn under way is answered. */
  stop(): Promise<void>;
  readonly isBusy: () => boolean;
  /** It sent a sound frame once. */
  readonly isKnown: () => boolean;
  /** Since its last sound frame, or its beginning: bytes that come to nothing are no sign of life. */
  readonly quietMs: () => number;
};

export type PeerOptions = {
  readonly plan: SocketPlan;
  readonly address: string;
  /** Of protocols in which peers register: this conversation. */
  readonly session: FrameSession | null;
  readonly now: () => number;
  /** Resolves when the batch is durable. */
  readonly hand: (batch: Batch) => Promise<void>;
  /** In this order; each is a datagram of its own where there are datagrams. */
  readonly send: (replies: readonly Uint8Array[]) => void;
  readonly devices: PeerDevices;
  /** Told why the peer is sent away, before `take` rejects. */
  readonly onAway: (words: string) => void;
};

/** Of one turn: a peer that has more to say waits in line again behind the others. */
const TURN_BYTES = 8192;
const TURN_FRAMES = 100;

export function openPeer({ plan, address, session, now, hand, send, onAway, devices }: PeerOptions): Peer {
  const { codec, place } = plan;
  let state = codec.begin(session === null ? plan.frame : { ...plan.frame, session });
  let standing: Standing = { isProven: plan.proof === null, device: null, strays: 0 };
  let [heardMs, isKnown, isStopped, pending] = [now(), false, false, 0];
  let tail: Promise<void> = Promise.resolve();
  let taking: Promise<void> = Promise.resolve();

  const runTurns = async ({ state: next, items, said = [] }: FrameStep<unknown>) => {
    state = next;
    for (let at = 0; at < items.length && !isStopped; at += TURN_FRAMES) {
      const receivedAt = new Date(now()).toISOString();
      const turn = toTurn(plan, items.slice(at, at + TURN_FRAMES), { peer: address, receivedAt, standing });
      devices.hear(turn.heard);
      for (const batch of turn.batches) await hand(batch);
      if (turn.replies.length > 0) send(turn.replies);
      standing = turn.standing;
      if (turn.sound > 0) [heardMs, isKnown] = [now(), true];
      if (turn.away === null) continue;
      onAway(turn.away);
      throw refuse('HUB_SOURCE_REFUSED', place, turn.away);
    }
    if (said.length > 0 && !isStopped) send(said);
  };
  // A turn that failed spoils those behind it: nothing may be answered behind a frame that was not.
  const inTurn = (step: () => FrameStep<unknown>): Promise<void> => {
    pending += 1;
    tail = tail
      .then(() => (isStopped ? undefined : runTurns(step())))
      .finally(() => {
        pending -= 1;
      });
    return tail;
  };
  const takePieces = async (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length; at += TURN_BYTES) {
      if (at > 0) await othersFirst();
      await inTurn(() => codec.step(state, bytes.subarray(at, at + TURN_BYTES), now()));
    }
  };
  return {
    take: (bytes) => {
      taking = takePieces(bytes);
      return taking;
    },
    tick: async () => {
      if (pending === 0) await inTurn(() => codec.step(state, new Uint8Array(0), now()));
    },
    leave: async () => {
      await taking;
      await inTurn(() => codec.end(state, now()));
    },
    stop: async () => {
      isStopped = true;
      await tail.catch(() => undefined);
    },
    isBusy: () => pending > 0,
    isKnown: () => isKnown,
    quietMs: () => now() - heardMs,
  };
}
