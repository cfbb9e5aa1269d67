// One client's connection through the front: bytes to the server and back, held, delayed or spoilt as the fault says.
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from './fault.ts';

export type RelayWorld = {
  readonly serverPort: number;
  readonly slowMs: number;
  fault(): Fault;
  /** Resolves when the fault changes. */
  changed(): Promise<void>;
  /** What is said in place of the server; null for nothing. */
  answer(): Buffer | null;
  count(direction: 'bytesFromClient' | 'bytesToClient', bytes: number): void;
  closed(): void;
};

export type Relay = {
  /** True once the client was answered in place of the server, or in part: nothing sensible can follow. */
  isSpoilt(): boolean;
  close(): void;
};

/** Bytes waiting in one direction above which the sender is made to wait. */
const WAITING_LIMIT = 1 << 20;

/** No PostgreSQL message begins with these bytes, and no text is made of them. */
const GARBAGE = Buffer.from('21000000089d00ff9e7fef0201feffd0', 'hex');

export function openRelay(client: Socket, world: RelayWorld): Relay {
  let server: Socket | null = null;
  let spoilt = false;
  const close = () => {
    client.destroy();
    server?.destroy();
    world.closed();
  };
  /** A client that has gone is let go, also while nothing is answered; else its last words reach the server. */
  const endOfClient = (delivered: Promise<void>) => {
    if (world.fault() === 'hang') close();
    else void delivered.then(close);
  };
  const reply = (chunk: Buffer) => {
    world.count('bytesToClient', chunk.length);
    return write(client, chunk);
  };
  const toInstead = () => (world.fault() === 'garbage' ? GARBAGE : world.answer());
  // The server is called on the first byte that passes: one that hangs must not be closed by the server's own patience.
  const openToServer = () => {
    const socket = connect({ port: world.serverPort, host: '127.0.0.1', noDelay: true });
    const end = (delivered: Promise<void>) => void delivered.then(close);
    pipe(socket, end, close, async (chunk) => {
      await pause(world);
      if (world.fault() === 'half') {
        spoilt = true;
        await reply(chunk.subarray(0, Math.floor(chunk.length / 2)));
        close();
        return;
      }
      const instead = toInstead();
      spoilt ||= instead !== null;
      await reply(instead ?? chunk);
    });
    return socket;
  };
  client.setNoDelay(true);
  client.on('data', (chunk: Buffer) => world.count('bytesFromClient', chunk.length));
  pipe(client, endOfClient, close, async (chunk) => {
    await pause(world);
    if (client.destroyed) return;
    const instead = toInstead();
    if (instead !== null) {
      spoilt = true;
      return reply(instead);
    }
    server ??= openToServer();
    return write(server, chunk);
  });
  return { isSpoilt: () => spoilt, close };
}

/** Waits as the fault demands: until it ends, a while, or not at all. */
async function pause(world: RelayWorld): Promise<void> {
  while (world.fault() === 'hang') await world.changed();
  // A fault that ends meanwhile ends the waiting.
  if (world.fault() === 'slow') await Promise.race([wait(world.slowMs / 2), world.changed()]);
}

/** Hands the socket's chunks over one after another; PostgreSQL knows no half-closed connection, so an end ends both sides. */
function pipe(
  from: Socket,
  end: (delivered: Promise<void>) => void,
  close: () => void,
  pass: (chunk: Buffer) => Promise<void>,
): void {
  let waiting = 0;
  let last = Promise.resolve();
  from.on('data', (chunk: Buffer) => {
    waiting += chunk.length;
    if (waiting > WAITING_LIMIT) from.pause();
    last = last
      .then(() => pass(chunk))
      .then(() => {
        waiting -= chunk.length;
        if (waiting <= WAITING_LIMIT) from.resume();
      });
  });
  from.once('end', () => end(last));
  from.on('error', close);
}

function write(to: Socket, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (to.destroyed) resolve();
    else to.write(chunk, () => resolve());
  });
}
