// The bureau's two receivers: each a sender of datagrams to the hub's port, a sentence in each. They send whether anybody listens
// or not, and nothing is ever sent again.
import { createSocket, type Socket } from 'node:dgram';
import type { Instant } from '../clock/sandbox-clock.ts';
import type { Fault } from '../front/fault.ts';
import { toChance } from '../storm/noise.ts';
import { planCalls } from './air.ts';
import { type Heard, openHearing } from './heard.ts';
import { toFleet } from './ship.ts';

export type Radio = {
  /** Sends what is on the air since the last time, up to this instant (half a minute at most: a message tells only its second). */
  send(to: Instant): Promise<void>;
  /** down and hang: silence; garbage: bytes of no protocol; all else changes nothing here. */
  setFault(fault: Fault): void;
  heard(): Heard;
  /** Sent so far under this fault. */
  bytes(fault: Fault): number;
  close(): Promise<void>;
};

const HOST = '127.0.0.1';
const MOST_SECONDS = 30;
const GARBAGE_BYTES = 60;

export async function openRadio(seed: number, port: number): Promise<Radio> {
  const fleet = toFleet(seed);
  const hearing = openHearing();
  const receivers = [await openReceiver(), await openReceiver()] as const;
  const bytes = new Map<Fault, number>();
  let fault: Fault = 'none';
  let last: number | null = null;

  const sendTo = async (receiver: 0 | 1, message: Buffer) => {
    bytes.set(fault, (bytes.get(fault) ?? 0) + message.length);
    // Nobody listens, or nobody can be reached: the receiver does not know.
    await new Promise<void>((resolve) => receivers[receiver].send(message, port, HOST, () => resolve()));
  };
  const sendSecond = async (second: number, leftAt: Instant) => {
    for (const call of planCalls(seed, fleet, second * 1000)) {
      for (const { receiver, lines } of call.handed)
        for (const line of lines) await sendTo(receiver, Buffer.from(`${line}\r\n`, 'latin1'));
      hearing.add(call, second * 1000, leftAt);
    }
  };
  return {
    async send(to) {
      const now = Math.floor(to / 1000);
      const from = Math.max((last ?? now - 1) + 1, now - MOST_SECONDS + 1);
      last = Math.max(last ?? now, now);
      if (fault === 'down' || fault === 'hang') return;
      for (let second = from; second <= now; second += 1)
        if (fault !== 'garbage') await sendSecond(second, to);
        else if (second % 5 === 0) {
          await sendTo(0, toNoise(seed, second));
          hearing.addGarbage(to);
        }
    },
    setFault(next) {
      fault = next;
    },
    heard: hearing.toHeard,
    bytes: (which) => bytes.get(which) ?? 0,
    close: async () => {
      for (const receiver of receivers) await new Promise<void>((resolve) => receiver.close(resolve));
    },
  };
}

async function openReceiver(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, HOST, resolve);
  });
  return socket;
}

/** Without any byte with which a sentence could begin. */
function toNoise(seed: number, number: number): Buffer {
  return Buffer.from(
    Array.from(
      { length: GARBAGE_BYTES },
      (_, index) => 128 + Math.floor(128 * toChance(seed, 128, number, index)),
    ),
  );
}
