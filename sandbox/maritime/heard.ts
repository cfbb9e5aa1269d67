// What has left the receivers: the part of the ledger that no file holds. Only of the last hours, since the ships never stop.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toUtc } from '../clock/time-text.ts';
import type { Call, Message } from './air.ts';

export type PositionEntry = {
  readonly mmsi: string;
  /** When it left for the hub, whether or not anybody listened. */
  readonly leftAt: string;
  /** The second that it says; where it says none, the one in which it left. */
  readonly observedAt: string;
  /** WGS84; null: the ship did not know. */
  readonly lon: number | null;
  readonly lat: number | null;
  readonly metresPerSecond: number | null;
  /** Degrees from north; null also where it lies still. */
  readonly course: number | null;
};
/** A message of a ship of itself. */
export type WordEntry = {
  readonly mmsi: string;
  readonly message: '5' | '24A' | '24B';
  readonly leftAt: string;
};
/** checksum, half: spoilt on the way (`isLost`: at every receiver) · unnamed: sound, and of a sort that no manifest names · garbage: the fault's. */
export type StrayEntry = {
  readonly sort: 'checksum' | 'half' | 'unnamed' | 'garbage';
  readonly leftAt: string;
  readonly isLost: boolean;
};

export type Heard = {
  readonly positions: readonly PositionEntry[];
  readonly words: readonly WordEntry[];
  readonly strays: readonly StrayEntry[];
  /** What the shore said of the time. */
  readonly heartbeats: number;
};

export type Hearing = {
  add(call: Call, at: Instant, leftAt: Instant): void;
  addGarbage(leftAt: Instant): void;
  toHeard(): Heard;
};

/** About three hours. */
const MOST_ENTRIES = 20_000;
const METRES_PER_SECOND_A_TENTH = 185.2 / 3600;

export function openHearing(): Hearing {
  const positions = new Map<string, PositionEntry>();
  const words: WordEntry[] = [];
  const strays: StrayEntry[] = [];
  let heartbeats = 0;
  const addStray = (sort: StrayEntry['sort'], leftAt: Instant, isLost: boolean) => {
    strays.push({ sort, leftAt: toUtc(leftAt), isLost });
    if (strays.length > MOST_ENTRIES) strays.shift();
  };
  return {
    add(call, at, leftAt) {
      const { message, ship, spoilt, isWhole } = call;
      if (spoilt !== null) addStray(spoilt, leftAt, !isWhole);
      if (!isWhole) return;
      if (message === '15') for (const _ of call.handed) addStray('unnamed', leftAt, true);
      if (message === '4') heartbeats += 1;
      if (ship === null) return;
      if (isWord(message)) words.push({ mmsi: ship.mmsi, message, leftAt: toUtc(leftAt) });
      else {
        const entry = toPosition(call, ship.mmsi, at, leftAt);
        positions.set(`${entry.mmsi}~${entry.observedAt}`, entry);
      }
      if (words.length > MOST_ENTRIES) words.shift();
      for (const key of positions.keys()) {
        if (positions.size <= MOST_ENTRIES) break;
        positions.delete(key);
      }
    },
    addGarbage: (leftAt) => addStray('garbage', leftAt, true),
    toHeard: () => ({
      positions: [...positions.values()],
      words: [...words],
      strays: [...strays],
      heartbeats,
    }),
  };
}

function isWord(message: Message): message is WordEntry['message'] {
  return message === '5' || message === '24A' || message === '24B';
}

function toPosition({ motion }: Call, mmsi: string, at: Instant, leftAt: Instant): PositionEntry {
  const left = toUtc(leftAt);
  if (motion === null) {
    const observedAt = toUtc(Math.floor(leftAt / 1000) * 1000);
    return { mmsi, leftAt: left, observedAt, lon: null, lat: null, metresPerSecond: null, course: null };
  }
  const { lon, lat, tenths, course } = motion;
  return {
    ...{ mmsi, leftAt: left, observedAt: toUtc(at), lon, lat },
    metresPerSecond: tenths * METRES_PER_SECOND_A_TENTH,
    course: course === null ? null : course / 10,
  };
}
