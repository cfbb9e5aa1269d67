// News of those who send, by the first capture of their topic. MQTT does not say when a sender goes: there is no notice of that.
import type { DeviceNotice } from '../../kit/contract.ts';
import type { Message, Reading } from './reading.ts';

export type Devices = {
  /** What came at once, in order. */
  hear(heard: readonly { readonly message: Message; readonly reading: Reading }[]): void;
};

/** A sender that never stops is one notice in this time, with its counts. */
const QUIET_MS = 5000;
/** Topics are made by whoever may publish: no more than these are remembered. */
const MOST_DEVICES = 10_000;

type Known = { toldMs: number; isConnected: boolean; frames: number; refused: number; reason: string | null };

/** Of one connection: with the next one each is `connected` anew. Must not be given a callback that throws. */
export function openDevices(
  onDevices: (notices: readonly DeviceNotice[]) => void,
  now: () => number,
): Devices {
  const devices = new Map<string, Known>();
  const hear = (message: Message, { sender, refusal }: Reading): DeviceNotice | null => {
    if (sender === null || message.isRetained) return null;
    const known = devices.get(sender) ?? toKnown();
    if (!devices.has(sender) && devices.size >= MOST_DEVICES) return null;
    devices.set(sender, known);
    known.frames += refusal === null ? 1 : 0;
    known.refused += refusal === null ? 0 : 1;
    known.reason = refusal ?? known.reason;
    // Who never sent a sound message is not there yet.
    const isNew = !known.isConnected && refusal === null;
    if (!isNew && (!known.isConnected || now() - known.toldMs < QUIET_MS)) return null;
    const { frames, refused, reason } = known;
    Object.assign(known, toKnown(), { toldMs: now(), isConnected: true });
    return {
      device: sender,
      peer: message.topic,
      state: isNew ? 'connected' : 'heard',
      at: new Date(now()).toISOString(),
      ...{ frames, refused, reason },
    };
  };
  return {
    hear(heard) {
      const notices = heard.flatMap(({ message, reading }) => hear(message, reading) ?? []);
      if (notices.length > 0) onDevices(notices);
    },
  };
}

function toKnown(): Known {
  return { toldMs: 0, isConnected: false, frames: 0, refused: 0, reason: null };
}
