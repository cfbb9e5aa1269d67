// Where devices find the hub: a port that the sandbox chooses, tells the hub as a secret, and does not listen at itself.
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
};

const ANY = 20_000;
const TRIES = 1000;

/**
 * The port, kept in the folder for as long as the same parent runs: a system that is started again in its place must find the
 * hub where it was told to listen, though the port is then in use. A new parent has a new hub, and gets a free port.
 */
export async function openHubPort({ folder, name, first }: HubPortOptions): Promise<number> {
  const file = join(folder, `${name}-port`);
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  const [parent, port] = kept.split(' ').map(Number);
  if (parent === process.ppid && port !== undefined && port > 0) return port;
  const free = await findFreePort(first === 0 ? ANY : first, TRIES);
  if (free === null) throw new Error(`no port is free from ${first} on for ${name}`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${process.ppid} ${free}\n`);
  return free;
}
