// Peers over UDP: each sender of datagrams is one, known by address and port.
import { createSocket } from 'node:dgram';
import { toSocketFault } from './faults.ts';
import { keepLooking, type Meeting, type MeetOptions, toShare, waitAtMost } from './meet.ts';
import { openSender, type Sender } from './sender.ts';

/** Rejects with HUB_SOURCE_REFUSED where the port cannot be had. */
export async function listenOverUdp(options: MeetOptions): Promise<Meeting> {
  const { plan, clock, onAway, onEnd, devices } = options;
  const { way, place } = plan;
  const senders = new Map<string, Sender>();
  const ending = new AbortController();
  const socket = createSocket('udp4');

  socket.on('message', (bytes, from) => {
    if (ending.signal.aborted) return;
    const key = `${from.address}:${from.port}`;
    let sender = senders.get(key);
    if (sender === undefined) {
      if (senders.size >= plan.connections) makeRoom(senders);
      if (senders.size >= plan.connections)
        return onAway(from.address, `more than ${plan.connections} senders`);
      const own = [...senders.values()].filter(({ address }) => address === from.address);
      if (own.length >= toShare(plan.connections))
        return onAway(from.address, 'one address has all but a tenth of the places');
      sender = openSender(socket, from, options, () => senders.delete(key));
      senders.set(key, sender);
    }
    if (!sender.take(bytes)) onAway(from.address, 'datagrams were lost: it sends more than can be written');
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => reject(toSocketFault(error, place, way)));
    socket.bind(way.port, options.host, resolve);
  });
  socket.on('error', (error) => onEnd(toSocketFault(error, place, way)));

  const looking = keepLooking(options, ending.signal, () => {
    for (const sender of senders.values()) sender.look();
    devices.tell();
  });
  let end: Promise<void> | null = null;
  const endOnce = async () => {
    ending.abort();
    await waitAtMost(plan.timeoutMs, clock, Promise.all([...senders.values()].map((one) => one.end())));
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

function makeRoom(senders: ReadonlyMap<string, Sender>): void {
  const stranger = [...senders.values()].find((sender) => sender.isStranger());
  stranger?.drop('it made room: all places were taken, and it never sent a sound frame');
}
