// What is new of the senders of a source, gathered between two times at which it is written down: one update a device, however
// many notices came of it.
import type { DeviceNotice } from '../../connectors/kit/contract.ts';
import type { DeviceUpdate } from '../../store/contract.ts';

export type DeviceBook = {
  note(notices: readonly DeviceNotice[]): void;
  /** What is new since the last time. */
  take(): readonly DeviceUpdate[];
  /** It could not be written down: it is still new. */
  giveBack(updates: readonly DeviceUpdate[]): void;
  /** Devices of which nothing is known since there were too many. */
  unknown(): number;
};

/** More than any department has; whoever invents device names must not fill the memory. */
const MOST_DEVICES = 50_000;

export function openDeviceBook(most: number = MOST_DEVICES): DeviceBook {
  /** Connections of each device: it is away when the last of them has ended. */
  const lines = new Map<string, number>();
  const fresh = new Map<string, DeviceUpdate>();
  const refused = new Set<string>();
  const noteOne = (notice: DeviceNotice) => {
    const { device, state } = notice;
    if (!lines.has(device) && lines.size >= most) {
      if (refused.size < MOST_DEVICES) refused.add(device);
      return;
    }
    const before = lines.get(device) ?? 0;
    const step = { connected: 1, heard: 0, disconnected: -1 }[state];
    const count = Math.max(0, before + step, state === 'heard' ? 1 : 0);
    lines.set(device, count);
    fresh.set(device, toMerged(fresh.get(device), toUpdate(notice, count > 0)));
  };
  return {
    note: (notices) => {
      for (const notice of notices) noteOne(notice);
    },
    take: () => {
      const updates = [...fresh.values()];
      fresh.clear();
      for (const { device, connected } of updates) if (!connected) lines.delete(device);
      return updates;
    },
    giveBack: (updates) => {
      for (const update of updates) {
        const newer = fresh.get(update.device);
        fresh.set(update.device, newer === undefined ? update : toMerged(update, newer));
      }
    },
    unknown: () => refused.size,
  };
}

function toUpdate({ device, peer, state, at, frames, refused, reason }: DeviceNotice, connected: boolean) {
  return {
    ...{ device, peer, connected, frames, refused, reason },
    connectedAt: state === 'connected' ? at : null,
    heardAt: frames > 0 ? at : null,
    disconnectedAt: state === 'disconnected' && !connected ? at : null,
  };
}

function toMerged(older: DeviceUpdate | undefined, newer: DeviceUpdate): DeviceUpdate {
  if (older === undefined) return newer;
  return {
    device: newer.device,
    peer: newer.peer ?? older.peer,
    connected: newer.connected,
    connectedAt: newer.connectedAt ?? older.connectedAt,
    heardAt: newer.heardAt ?? older.heardAt,
    disconnectedAt: newer.disconnectedAt ?? older.disconnectedAt,
    frames: older.frames + newer.frames,
    refused: older.refused + newer.refused,
    reason: newer.reason ?? older.reason,
  };
}
