// One sender of datagrams as a peer. Nobody can be asked to wait: what comes while a batch is written is kept up to a bound,
// and is the next one together.
import type { Socket } from 'node:dgram';
import { ENDED, isOverdue, type MeetOptions, toPeerSession } from './meet.ts';
import { openPeer } from './peer.ts';

export type Sender = {
  readonly address: string;
  /** It never sent a sound frame, and none is being worked on. */
  readonly isStranger: () => boolean;
  /** False: it is lost. */
  take(datagram: Uint8Array): boolean;
  /** Sends it away when its time is over; else tells its codec that time has passed. */
  look(): void;
  drop(words: string): void;
  /** Answers what is under way. */
  end(): Promise<void>;
};

/** Of one sender. */
const MOST_WAITING = 262_144;

/** `onGone`: it is to be forgotten; what it sends next is of a new one. */
export function openSender(
  socket: Socket,
  { address, port }: { readonly address: string; readonly port: number },
  options: MeetOptions,
  onGone: () => void,
): Sender {
  const { plan, clock, patience, hand, onAway } = options;
  const devices = options.devices.join(address);
  const session = toPeerSession(options, { peer: `${address}:${port}`, port: socket.address().port });
  let [isOver, reason] = [false, null as string | null];
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  let isTaking = false;
  const away = (words: string) => {
    reason ??= words;
    onAway(address, words);
  };
  const peer = openPeer({
    ...{ plan, address, session, hand, devices, onAway: away, now: clock.now },
    send: (replies) => {
      for (const reply of replies) socket.send(reply, port, address, () => undefined);
    },
  });
  const leave = () => {
    if (isOver) return;
    isOver = true;
    devices.leave(reason);
    onGone();
  };
  const takeWaiting = async () => {
    isTaking = true;
    while (waiting.length > 0 && !isOver) {
      const together = Buffer.concat(waiting);
      [waiting, bytes] = [[], 0];
      await peer.take(together);
    }
    isTaking = false;
  };
  return {
    address,
    isStranger: () => !peer.isKnown() && !peer.isBusy(),
    take: (datagram) => {
      if (bytes + datagram.length > MOST_WAITING) return false;
      waiting.push(datagram);
      bytes += datagram.length;
      if (!isTaking) takeWaiting().catch(leave);
      return true;
    },
    look: () => {
      if (!isOverdue(peer, patience)) peer.tick().catch(leave);
      else {
        reason ??= 'no sound frame for too long';
        leave();
        peer.leave().catch(() => undefined);
      }
    },
    drop: (words) => {
      away(words);
      leave();
    },
    end: async () => {
      reason ??= ENDED;
      isOver = true;
      await peer.stop();
      devices.leave(reason);
    },
  };
}
