// Peers over UDP: each sender of datagrams is one, known by address and port. Nobody can be asked to wait: what comes while a
// batch is written is kept up to a bound, and is the next one together.
import { createSocket, type RemoteInfo } from 'node:dgram';
import { toSocketFault } from './faults.ts';
import { isOverdue, keepLooking, type Meeting, type MeetOptions, waitAtMost } from './meet.ts';
import { openPeer, type Peer } from './peer.ts';

type Sender = { readonly peer: Peer; waiting: Uint8Array[]; bytes: number; work: Promise<void> | null };

/** Of one sender. */
const MOST_WAITING = 262_144;

/** Rejects with HUB_SOURCE_REFUSED where the port cannot be had. */
export async function listenOverUdp(options: MeetOptions): Promise<Meeting> {
  const { plan, clock, patience, hand, onAway, onEnd } = options;
  const { way, place } = plan;
  const senders = new Map<string, Sender>();
  const ending = new AbortController();
  const socket = createSocket('udp4');

  const find = (key: string, { address, port }: RemoteInfo): Sender | null => {
    const found = senders.get(key);
    if (found !== undefined) return found;
    if (senders.size >= plan.connections) makeRoom(senders);
    if (senders.size >= plan.connections) {
      onAway(address, `more than ${plan.connections} senders`);
      return null;
    }
    const send = (reply: Uint8Array) => socket.send(reply, port, address, () => undefined);
    const away = (words: string) => onAway(address, words);
    const peer = openPeer({ plan, address, hand, send, now: clock.now, onAway: away });
    const sender: Sender = { peer, waiting: [], bytes: 0, work: null };
    senders.set(key, sender);
    return sender;
  };
  const forget = (key: string, sender: Sender) => {
    if (senders.get(key) === sender) senders.delete(key);
  };
  const takeWaiting = async (sender: Sender) => {
    while (sender.waiting.length > 0 && !ending.signal.aborted) {
      const bytes = Buffer.concat(sender.waiting);
      [sender.waiting, sender.bytes] = [[], 0];
      await sender.peer.take(bytes);
    }
    sender.work = null;
  };
  socket.on('message', (bytes, from) => {
    const key = `${from.address}:${from.port}`;
    const sender = ending.signal.aborted ? null : find(key, from);
    if (sender === null) return;
    if (sender.bytes + bytes.length > MOST_WAITING)
      return onAway(from.address, 'datagrams were lost: it sends more than can be written');
    sender.waiting.push(bytes);
    sender.bytes += bytes.length;
    sender.work ??= takeWaiting(sender).catch(() => forget(key, sender));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => reject(toSocketFault(error, place, way)));
    socket.bind(way.port, resolve);
  });
  socket.on('error', (error) => onEnd(toSocketFault(error, place, way)));

  const looking = keepLooking({ clock, patience }, ending.signal, () => {
    for (const [key, sender] of senders) {
      const isGone = isOverdue(sender.peer, patience);
      if (isGone) senders.delete(key);
      const work = isGone ? sender.peer.leave() : sender.peer.tick();
      work.catch(() => forget(key, sender));
    }
  });
  let end: Promise<void> | null = null;
  const endOnce = async () => {
    ending.abort();
    const stopped = Promise.all([...senders.values()].map(({ peer }) => peer.stop()));
    await waitAtMost(plan.timeoutMs, clock, stopped);
    await looking;
    await new Promise<void>((resolve) => socket.close(resolve));
  };
  return {
    port: socket.address().port,
    end: () => {
      end ??= endOnce();
      return end;
    },
  };
}

function makeRoom(senders: Map<string, Sender>): void {
  const stranger = [...senders].find(([, { peer }]) => !peer.isKnown() && !peer.isBusy());
  if (stranger !== undefined) senders.delete(stranger[0]);
}
