// One connection over TCP as a peer: while its bytes are worked on nothing more is read, so that what is not taken yet stays
// with the sender.
import type { Socket } from 'node:net';
import { ENDED, isOverdue, type MeetOptions, toPeerSession } from './meet.ts';
import { openPeer } from './peer.ts';

export type Link = {
  /** It never sent a sound frame, and none is being worked on. */
  readonly isStranger: () => boolean;
  /** Sends it away when its time is over; else tells its codec that time has passed. */
  look(): void;
  /** Cuts it off; nothing more of it is taken. */
  drop(words: string): void;
  /** Answers what is under way and says goodbye; resolves when it is closed. */
  end(): Promise<void>;
  destroy(): void;
};

/** Answers that a peer does not read. */
const MOST_UNREAD = 262_144;
/** How long a peer is waited for that has been said goodbye. */
const GOODBYE_MS = 1000;

/** `socket` must be allowed to be half open: a station may end its side and still wait for its answer. */
export function openLink(socket: Socket, options: MeetOptions, onClose: () => void): Link {
  const { plan, clock, patience, hand, onAway } = options;
  // The address without its port, which changes with every connection.
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  let isOver = false;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const devices = options.devices.join(address);
  const session = toPeerSession(options, {
    peer: `${address}:${socket.remotePort ?? 0}`,
    port: socket.localPort ?? 0,
  });
  let reason: string | null = null;
  const away = (words: string) => {
    reason ??= words;
    onAway(address, words);
  };
  const peer = openPeer({
    ...{ plan, address, session, hand, devices, onAway: away, now: clock.now },
    send: (replies) => {
      if (!socket.destroyed) socket.write(Buffer.concat(replies));
    },
  });
  const destroy = () => {
    isOver = true;
    socket.destroy();
  };
  const goodbye = () => {
    if (socket.destroyed) return;
    socket.setTimeout(GOODBYE_MS, () => socket.destroy());
    socket.end();
    // What still comes is read and thrown away: closing over unread bytes would take our last answers back.
    socket.resume();
  };

  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    if (isOver) return;
    socket.pause();
    peer.take(bytes).then(() => {
      if (socket.writableLength > MOST_UNREAD) {
        away('its answers are not read');
        destroy();
      } else if (!isOver) socket.resume();
    }, destroy);
  });
  const leave = () => {
    if (isOver) return;
    isOver = true;
    peer.leave().then(goodbye, destroy);
  };
  socket.on('end', leave);
  socket.on('close', () => {
    leave();
    devices.leave(reason);
    onClose();
  });
  return {
    isStranger: () => !peer.isKnown() && !peer.isBusy(),
    look: () => {
      if (isOver) return;
      if (!isOverdue(peer, patience)) peer.tick().catch(destroy);
      else {
        away('no sound frame for too long');
        destroy();
      }
    },
    drop: (words) => {
      away(words);
      destroy();
    },
    end: async () => {
      isOver = true;
      reason ??= ENDED;
      await peer.stop();
      goodbye();
      await closed;
    },
    destroy,
  };
}
