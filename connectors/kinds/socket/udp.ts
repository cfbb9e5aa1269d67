// Peers over UDP: each sender of datagrams is one, known by address and port.
import { createSocket } from 'node:dgram';
import { waitAtMost } from '../../kit/listening.ts';
import { toSocketFault } from './faults.ts';
import { keepLooking, type Meeting, type MeetOptions } from './meet.ts';
import { openPlaces } from './places.ts';
import { openSender, type Sender } from './sender.ts';

/** Rejects with HUB_SOURCE_REFUSED where the port cannot be had. */
export async function listenOverUdp(options: MeetOptions): Promise<Meeting> {
  const { plan, clock, onAway, onEnd, devices } = options;
  const { way, place } = plan;
  const senders = new Map<string, Sender>();
  const places = openPlaces<Sender>(plan.connections, 'senders');
  const ending = new AbortController();
  const socket = createSocket('udp4');

  socket.on('message', (bytes, from) => {
    if (ending.signal.aborted) return;
    const key = `${from.address}:${from.port}`;
    let sender = senders.get(key);
    if (sender === undefined) {
      const refusal = places.refusal(from.address);
      if (refusal !== null) return onAway(from.address, refusal);
      const opened = openSender(socket, from, options, () => {
        senders.delete(key);
        places.remove(opened);
      });
      sender = opened;
      senders.set(key, sender);
      places.add(sender);
    }
    if (!sender.take(bytes)) onAway(from.address, 'datagrams were lost: it sends more than can be written');
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => reject(toSocketFault(error, place, way)));
    socket.bind(way.port, options.host, resolve);
  });
  socket.on('error', (error) => onEnd(toSocketFault(error, place, way)));

  const looking = keepLooking(options, ending.signal, async () => {
    await places.look();
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
