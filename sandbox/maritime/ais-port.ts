// The port at which the hub is to listen for the receivers. The bureau chooses it, since the hub is told of it before it listens.
import { createSocket } from 'node:dgram';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

type Kept = { readonly port: number; readonly parent: number };

const TRIES = 100;

/**
 * The first free port for datagrams from `first` on; 0: any. A process that its parent starts again chooses what it chose before: by
 * then the hub listens there, and the port is not free.
 */
export async function openAisPort(folder: string, first: number, parent = process.ppid): Promise<number> {
  const file = join(folder, 'maritime-port.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  const kept = text === null ? null : (JSON.parse(text) as Kept);
  if (kept?.parent === parent) return kept.port;
  const port = await findFree(first);
  await writeFile(file, JSON.stringify({ port, parent } satisfies Kept));
  return port;
}

async function findFree(first: number): Promise<number> {
  for (let port = first; port < first + TRIES; port += 1) {
    const found = await tryPort(port);
    if (found !== null) return found;
  }
  throw new Error(`One of the ports ${first} to ${first + TRIES - 1} must be free for datagrams`);
}

/** The port that was had; null: it is taken. */
function tryPort(port: number): Promise<number | null> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(null);
    });
    socket.bind(port, () => {
      const { port: had } = socket.address();
      socket.close(() => resolve(had));
    });
  });
}
