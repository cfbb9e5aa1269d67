// Stations over UDP beside the crowds of bench/stress.ts: each with a socket of its own. A report that is not answered within a
// second is sent again, as a station would: datagrams may be lost on any way.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { toSerialKey } from '../../sandbox/hydrology/sl651.ts';
import { openAnswerReader } from '../../sandbox/hydrology/sl651-answers.ts';
import { toFrames } from './frames.ts';
import { beginRound, type Honest } from './honest.ts';

const AGAIN_MS = 1000;
const LAST_SERIAL = 0xffff;

export async function openHonestSenders(port: number, count: number): Promise<Honest> {
  const senders = await Promise.all(Array.from({ length: count }, (_, number) => openSender(port, number)));
  return {
    begin: () => beginRound(count, async (number) => senders[number % count]?.send()),
    close: async () => {
      for (const { socket, again } of senders) {
        clearInterval(again);
        socket.close();
      }
    },
  };
}

async function openSender(port: number, number: number) {
  const waiting = new Map<string, { readonly frame: Uint8Array; readonly resolve: () => void }>();
  const socket: Socket = createSocket('udp4');
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('message', (bytes) => {
    for (const { key } of openAnswerReader()(bytes)) {
      waiting.get(key)?.resolve();
      waiting.delete(key);
    }
  });
  socket.on('error', () => undefined);
  let serial = 0;
  const again = setInterval(() => {
    for (const { frame } of waiting.values()) socket.send(frame);
  }, AGAIN_MS);
  return {
    socket,
    again,
    send: () => {
      serial = (serial % LAST_SERIAL) + 1;
      const frame = toFrames(serial, 1, String(99_980_000 + number).padStart(10, '0'));
      return new Promise<void>((resolve) => {
        waiting.set(toSerialKey(serial), { frame, resolve });
        socket.send(frame);
      });
    },
  };
}
