// Where devices find the hub: a port that the sandbox chooses, tells the hub as a secret, and does not listen at itself.
import { createSocket } from 'node:dgram';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findAnyPort, findFreePort } from '../../postgres/ports.ts';

export type HubPortOptions = {
  /** The system's own folder. */
  readonly folder: string;
  /** What the port is for; names the file: `telemetry`. */
  readonly name: string;
  /** First choice; the next free one is taken if it is in use. 0: any free one. */
  readonly first: number;
  /** Of datagrams; else of connections. */
  readonly isUdp?: boolean;
};

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
  const free = isUdp ? await findFreeUdpPort(first) : await findFreeTcpPort(first);
  if (free === null) throw new Error(`no port is free from ${first} on for ${name}`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${process.ppid} ${free}\n`);
  return free;
}

function findFreeTcpPort(first: number): Promise<number | null> {
  return first === 0 ? findAnyPort() : findFreePort(first, TRIES);
}

/** 0: one that the system picks, so that two who look at one time do not find the same. */
async function findFreeUdpPort(first: number): Promise<number | null> {
  for (let port = first; port < first + TRIES && port < 65_536; port += 1) {
    const had = await tryUdpPort(port);
    if (had !== null) return had;
  }
  return null;
}

/** At every address of this machine, as the hub will listen. Null: it is taken. */
function tryUdpPort(port: number): Promise<number | null> {
  const probe = createSocket('udp4');
  return new Promise((resolve) => {
    probe.once('error', () => {
      probe.close();
      resolve(null);
    });
    probe.bind(port, () => {
      const { port: had } = probe.address();
      probe.close(() => resolve(had));
    });
  });
}
