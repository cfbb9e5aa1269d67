// A cluster on disk: made by initdb, started as a process of its own that outlives a killed hub, watched until it answers.
import { spawn } from 'node:child_process';
import { chown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { isRoot, UNPRIVILEGED } from './binaries.ts';
import { readPostmaster } from './postmaster.ts';
import { PostgresStartError } from './start-error.ts';

const USER = 'postgres';
const START_LIMIT_MS = 60_000;

/** Only what the programs need: no secret of the hub's environment reaches them. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

const identity = () => (isRoot() ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {});

/** Makes the folder and hands it to the user that PostgreSQL runs as. */
export async function openOwnFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (isRoot()) await chown(folder, UNPRIVILEGED, UNPRIVILEGED);
}

/** Makes a cluster in `place`/cluster unless it exists. A killed initdb leaves only the draft, which is removed here. */
export async function openCluster(binaries: Binaries, place: string, password: string): Promise<string> {
  const cluster = join(place, 'cluster');
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => null);
  const wanted = binaries.version.split('.')[0] ?? '';
  if (version !== null && version.trim() !== wanted) {
    throw new PostgresStartError(
      'data',
      `${cluster} was made by PostgreSQL ${version.trim()}; this hub brings ${wanted}. Move the folder away, or set HUB_DATA_DIR to another one.`,
    );
  }
  if (version !== null) return cluster;
  const draft = join(place, 'cluster.draft');
  const secret = join(place, 'password.draft');
  await rm(draft, { recursive: true, force: true });
  await writeFile(secret, `${password}\n`, { mode: 0o600 });
  if (isRoot()) await chown(secret, UNPRIVILEGED, UNPRIVILEGED);
  try {
    await runInitdb(binaries.initdb, [`--pgdata=${draft}`, `--pwfile=${secret}`]);
  } finally {
    await rm(secret, { force: true });
  }
  await rename(draft, cluster);
  return cluster;
}

function runInitdb(program: string, where: readonly string[]): Promise<void> {
  const args = [
    ...where,
    `--username=${USER}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...identity(),
      env: ENVIRONMENT,
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => {
      printed = `${printed}${chunk.toString()}`.slice(-2000);
    });
    child.once('error', (error) =>
      reject(new PostgresStartError('binary', `${program} cannot be run: ${error.message}`, error)),
    );
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new PostgresStartError('start', `initdb ended with code ${code}: ${printed.trim()}`));
    });
  });
}

export type Started = { readonly pid: number; readonly exited: Promise<void> };

/** Starts the cluster on this port and waits until it accepts connections. */
export async function startCluster(
  binaries: Binaries,
  cluster: string,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<Started> {
  const logFile = join(cluster, '..', 'postgres.log');
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const from = await sizeOf(logFile);
    const child = await spawnPostgres(binaries.postgres, cluster, port, settings, logFile);
    if (await isReady(cluster, child, deadline)) return child;
    const printed = (await readFile(logFile, 'utf8').catch(() => '')).slice(from).trim();
    // Backends of a killed postmaster need a moment to notice; until then their memory is in use.
    if (/shared memory block .* is still in use/.test(printed) && Date.now() < deadline) {
      await wait(200);
      continue;
    }
    const reason = /could not bind|Address already in use/.test(printed) ? 'port' : 'start';
    throw new PostgresStartError(
      reason,
      `PostgreSQL did not start in ${cluster} on port ${port}: ${printed.slice(-1500)}`,
    );
  }
}

async function spawnPostgres(
  program: string,
  cluster: string,
  port: number,
  settings: Readonly<Record<string, string>>,
  logFile: string,
): Promise<Started> {
  const log = await open(logFile, 'a', 0o600);
  try {
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    // A session of its own: Ctrl-C in the terminal reaches the hub alone, which then stops everything in order.
    const options = {
      ...identity(),
      env: ENVIRONMENT,
      cwd: '/',
      detached: true,
      stdio: ['ignore', log.fd, log.fd] as ['ignore', number, number],
    };
    const child = spawn(program, ['-D', cluster, '-p', String(port), ...flags], options);
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    child.unref();
    return { pid: child.pid ?? 0, exited };
  } finally {
    await log.close();
  }
}

async function isReady(cluster: string, child: Started, deadline: number): Promise<boolean> {
  let gone = false;
  void child.exited.then(() => {
    gone = true;
  });
  while (!gone && Date.now() < deadline) {
    const found = await readPostmaster(cluster);
    if (found?.pid === child.pid && found.ready) return true;
    await wait(25);
  }
  return false;
}

async function sizeOf(file: string): Promise<number> {
  return (await readFile(file, 'utf8').catch(() => '')).length;
}
