// A wire between a source and its legacy system that can hang, break and go down: how worlds over TCP make faults.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Faults } from './world.ts';

export type Wire = Faults & {
  readonly port: number;
  /** Local ports of the far side, as the legacy system sees its clients. */
  readonly clientPorts: ReadonlySet<number>;
  close(): Promise<void>;
};

type Pair = { readonly near: Socket; readonly far: Socket };

/** Listens on a free loopback port and forwards to `host:port`. */
export async function openWire(host: string, port: number): Promise<Wire> {
  const pairs = new Set<Pair>();
  const clientPorts = new Set<number>();
  let hanging = false;
  let isDown = false;
  let left = Number.POSITIVE_INFINITY;
  const end = ({ near, far }: Pair) => {
    near.destroy();
    far.destroy();
  };
  const answer = (pair: Pair, bytes: Buffer) => {
    if (bytes.length <= left) {
      left -= bytes.length;
      pair.near.write(bytes);
      return;
    }
    pair.near.write(bytes.subarray(0, left));
    left = 0;
    isDown = true;
    for (const each of pairs) setImmediate(end, each);
  };
  const server = createServer((near) => {
    if (isDown) {
      near.destroy();
      return;
    }
    const pair = { near, far: connect(port, host) };
    pairs.add(pair);
    pair.far.once('connect', () => clientPorts.add(pair.far.localPort ?? 0));
    if (hanging) stop(pair);
    pair.far.on('data', (bytes) => answer(pair, bytes));
    near.on('data', (bytes) => pair.far.write(bytes));
    for (const socket of [near, pair.far]) {
      socket.on('error', () => end(pair));
      socket.on('close', () => {
        pairs.delete(pair);
        end(pair);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    clientPorts,
    hang() {
      hanging = true;
      for (const pair of pairs) stop(pair);
    },
    dieAfter(bytes) {
      left = bytes;
    },
    down() {
      isDown = true;
      for (const pair of pairs) end(pair);
    },
    heal() {
      hanging = false;
      isDown = false;
      left = Number.POSITIVE_INFINITY;
      for (const { near, far } of pairs) {
        near.resume();
        far.resume();
      }
    },
    async close() {
      for (const pair of pairs) end(pair);
      server.close();
      await once(server, 'close');
    },
  };
}

/** Takes nothing from either side any more, and keeps both. */
function stop({ near, far }: Pair): void {
  near.pause();
  far.pause();
}
