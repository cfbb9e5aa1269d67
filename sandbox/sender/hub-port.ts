// Where devices find the hub: a port that the sandbox chooses, tells the hub as a secret, and does not listen at itself.
import { createSocket } from 'node:dgram';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../postgres/ports.ts';

export type HubPortOptions = {
  /** The system's own folder. */
  readonly folder: string;
  /** What the port is for; names the file: `telemetry`. */
  readonly name: string;
  /** First choice; the next free one is taken if it is in use. 0: any free one from 20000 on. */
  readonly first: number;
  /** Of datagrams; else of connections. */
  readonly isUdp?: boolean;
};

const ANY = 20_000;
const TRIES = 1000;

/**
 * The port, kept in the folder for as long as the same parent runs: a system that is started again in its place must find the
 * hub where it was told to listen, though the port is then in use. A new parent has a new hub, and gets a free port.
 */
export async function openHubPort({ folder, name, first, isUdp = false }: HubPortOptions): Promise<number> {
  const file = join(folder, `${name}-port`);
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  const [parent, port] = kept.split(' ').map(Number);
  if (parent === process.ppid && port !== undefined && port > 0) return port;
  const from = first === 0 ? ANY : first;
  const free = isUdp ? await findFreeUdpPort(from) : await findFreePort(from, TRIES);
  if (free === null) throw new Error(`no port is free from ${first} on for ${name}`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${process.ppid} ${free}\n`);
  return free;
}

async function findFreeUdpPort(from: number): Promise<number | null> {
  for (let port = from; port < from + TRIES && port < 65_536; port += 1)
    if (await isUdpPortFree(port)) return port;
  return null;
}

/** At every address of this machine, as the hub will listen. */
function isUdpPortFree(port: number): Promise<boolean> {
  const probe = createSocket({ type: 'udp4', reuseAddr: false });
  return new Promise((resolve) => {
    probe.once('error', () => {
      probe.close();
      resolve(false);
    });
    probe.bind(port, () => probe.close(() => resolve(true)));
  });
}
