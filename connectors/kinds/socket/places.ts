// Who has the places of a port (tcp.ts, udp.ts): how many there are, how many an address has of them, and who makes room. What
// is asked at each coming is counted beforehand: a crowd that comes at once must not be looked through for each of it.
import { setImmediate as othersFirst } from 'node:timers/promises';

export type Placed = {
  readonly address: string;
  /** It never sent a sound frame, and none is being worked on. */
  readonly isStranger: () => boolean;
  look(): void;
  drop(words: string): void;
};

export type Places<Peer extends Placed> = {
  /** In the order of their coming. */
  readonly all: ReadonlySet<Peer>;
  /** Why one more of this address cannot be had; null: it can. The stranger that came longest ago
   * makes room: one of the same address where that has its share, else anybody's. */
  refusal(address: string): string | null;
  add(peer: Peer): void;
  /** Twice is harmless. */
  remove(peer: Peer): void;
  /** Looks after each of them; others are served in between. */
  look(): Promise<void>;
};

/** Looked after in one go. */
const AT_ONCE = 250;

/** `what`: the peers of this way, in words (`connections`). */
export function openPlaces<Peer extends Placed>(most: number, what: string): Places<Peer> {
  const all = new Set<Peer>();
  const ofAddress = new Map<string, number>();
  const share = toShare(most);
  const remove = (peer: Peer) => {
    if (!all.delete(peer)) return;
    const left = (ofAddress.get(peer.address) ?? 0) - 1;
    if (left > 0) ofAddress.set(peer.address, left);
    else ofAddress.delete(peer.address);
  };
  /** `address`: only its own peers make room; null: anybody's. */
  const makeRoom = (address: string | null, words: string) => {
    for (const peer of all) {
      if ((address !== null && peer.address !== address) || !peer.isStranger()) continue;
      remove(peer);
      peer.drop(`it made room: ${words}, and it never sent a sound frame`);
      return;
    }
  };
  const isAtShare = (address: string) => (ofAddress.get(address) ?? 0) >= share;
  return {
    all,
    refusal: (address) => {
      if (isAtShare(address)) makeRoom(address, `its address had its share of the ${what}`);
      else if (all.size >= most) makeRoom(null, `all ${what} were taken`);
      if (all.size >= most) return `more than ${most} ${what}`;
      return isAtShare(address) ? `one address has all but a tenth of the ${what}` : null;
    },
    add: (peer) => {
      all.add(peer);
      ofAddress.set(peer.address, (ofAddress.get(peer.address) ?? 0) + 1);
    },
    remove,
    look: async () => {
      let looked = 0;
      for (const peer of all) {
        peer.look();
        looked += 1;
        if (looked % AT_ONCE === 0) await othersFirst();
      }
    },
  };
}

/**
 * How many of all places one address may have: a tenth is left to others. Many stations may stand behind one address, that of
 * their operator's gateway, so that it may have most.
 */
const toShare = (places: number): number => places - Math.floor(places / 10);
