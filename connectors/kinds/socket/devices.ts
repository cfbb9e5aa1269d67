// How the hub stands with those who send, for whoever watches over them: which devices speak on which connection, told as
// they come and go and, gathered, while they go on. Nothing hangs on it; what it remembers has bounds.
import type { DeviceNotice } from '../../kit/contract.ts';

/** What one turn of a peer brought: sound frames by device, refused ones with the reason of the last. */
export type Heard = {
  readonly devices: ReadonlyMap<string, number>;
  readonly refused: number;
  readonly reason: string | null;
};

/** The devices of one connection, or of one sender of datagrams. */
export type PeerDevices = {
  hear(heard: Heard): void;
  /** The connection has ended; `reason`: why the hub sent it away, null where it went by itself. Twice is harmless. */
  leave(reason: string | null): void;
};

/** The devices of all peers of a source. */
export type Devices = {
  join(address: string): PeerDevices;
  /** To be called now and then: tells what was heard since. */
  tell(): void;
};

type Device = {
  readonly own: Own;
  frames: number;
  refused: number;
  reason: string | null;
  toldMs: number;
  heardMs: number;
};
/** Names of a peer's devices, the one heard longest ago first. */
type Own = { readonly address: string; readonly names: Set<string> };
type Book = {
  readonly now: () => number;
  /** A device that comes over a new connection is of that one: the end of the old one says nothing of it. */
  readonly devices: Map<string, Device>;
  /** Those of which something was heard since their last notice. */
  readonly fresh: Set<string>;
};

/** Devices of a source, and of one peer: an AIS receiver speaks for each ship that it hears. Beyond, none is told of. */
const MOST_DEVICES = 50_000;
const MOST_OF_PEER = 10_000;
/** A device that was silent for so long is forgotten for a new one. */
const STALE_MS = 600_000;
const HEARD_MS = 5000;

/** `onDevices` is told of several at once; a device that goes on is told of every five seconds at most. */
export function openDevices(
  now: () => number,
  onDevices: (notices: readonly DeviceNotice[]) => void,
): Devices {
  const book: Book = { now, devices: new Map(), fresh: new Set() };
  const tell = (notices: readonly DeviceNotice[]) => {
    if (notices.length > 0) onDevices(notices);
  };
  return {
    join: (address) => {
      const own: Own = { address, names: new Set() };
      return {
        hear: (heard) => tell(hear(book, own, heard)),
        leave: (reason) => tell(leave(book, own, reason)),
      };
    },
    tell: () =>
      tell(
        [...book.fresh].flatMap((name) => {
          const device = book.devices.get(name);
          const isDue = device !== undefined && now() - device.toldMs >= HEARD_MS;
          return isDue ? [toNotice(book, name, device, 'heard', device.reason)] : [];
        }),
      ),
  };
}

function hear(book: Book, own: Own, { devices, refused, reason }: Heard): readonly DeviceNotice[] {
  const notices: DeviceNotice[] = [];
  const begun: [string, Device][] = [];
  for (const [name, frames] of devices) {
    let device = book.devices.get(name);
    if (device?.own !== own) {
      const room = makeRoom(book, own, device);
      if (room === null) continue;
      notices.push(...room);
      device = { own, frames: 0, refused: 0, reason: null, toldMs: book.now(), heardMs: book.now() };
      book.devices.set(name, device);
      begun.push([name, device]);
    }
    device.frames += frames;
    device.heardMs = book.now();
    own.names.delete(name);
    own.names.add(name);
    book.fresh.add(name);
  }
  if (refused > 0) blame(book, own, { refused, reason });
  return [
    ...notices,
    ...begun.map(([name, device]) => toNotice(book, name, device, 'connected', device.reason)),
  ];
}

/** Bytes that are no frame do not say whose they are: they count for whoever spoke last. */
function blame(book: Book, own: Own, { refused, reason }: Pick<Heard, 'refused' | 'reason'>): void {
  const name = [...own.names].at(-1);
  const device = name === undefined ? undefined : book.devices.get(name);
  if (name === undefined || device?.own !== own) return;
  device.refused += refused;
  device.reason = reason;
  book.fresh.add(name);
}

/** Who has to be told of for it; null: there is no place for one more. */
function makeRoom(book: Book, own: Own, before: Device | undefined): readonly DeviceNotice[] | null {
  if (own.names.size < MOST_OF_PEER && (before !== undefined || book.devices.size < MOST_DEVICES)) return [];
  const [name] = own.names;
  const device = name === undefined ? undefined : book.devices.get(name);
  if (name === undefined || device === undefined || device.own !== own) {
    if (name !== undefined) own.names.delete(name);
    return name === undefined ? null : [];
  }
  if (book.now() - device.heardMs < STALE_MS) return null;
  own.names.delete(name);
  book.devices.delete(name);
  return [toNotice(book, name, device, 'disconnected', 'silent, and forgotten for others')];
}

function leave(book: Book, own: Own, reason: string | null): readonly DeviceNotice[] {
  const notices: DeviceNotice[] = [];
  for (const name of own.names) {
    const device = book.devices.get(name);
    if (device?.own !== own) continue;
    book.devices.delete(name);
    notices.push(toNotice(book, name, device, 'disconnected', reason ?? device.reason));
  }
  own.names.clear();
  return notices;
}

function toNotice(
  { now, fresh }: Book,
  name: string,
  device: Device,
  state: DeviceNotice['state'],
  reason: string | null,
): DeviceNotice {
  const { own, frames, refused } = device;
  Object.assign(device, { frames: 0, refused: 0, reason: null, toldMs: now() });
  fresh.delete(name);
  const at = new Date(now()).toISOString();
  return {
    ...{ device: name, peer: own.address === '' ? null : own.address, state, at },
    ...{ frames, refused, reason },
  };
}
