// The whole city as `npm start` runs it, for bench/push.ts: its processes, where it listens, what its worker and gateway hold in
// memory, and the worker's death at any moment.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSandboxSecrets, type SandboxSecrets } from '../../cli/start/sandbox-secrets.ts';

export type City = {
  readonly graphql: string;
  readonly secrets: SandboxSecrets;
  readonly readySeconds: number;
  /** Resident megabytes of the hub's processes; one that is just being started again is missing. */
  memory(): Promise<{ readonly worker: number | null; readonly gateway: number | null }>;
  /** SIGKILL; `hub start` starts it again. False when none was there. */
  killWorker(): Promise<boolean>;
  close(): Promise<void>;
};

const HUB = fileURLToPath(new URL('../../cli/hub.js', import.meta.url));
const READY_LIMIT_MS = 240_000;

/** What a city is started with; `joins`: folders of units that are registered once it runs. */
export type CityOptions = { readonly environment: object; readonly joins: readonly string[] };

/** Resolves when the first load is done and every newcomer has joined. `databaseUrl`: an empty database. */
export async function openCity(
  databaseUrl: string,
  port: number,
  { environment, joins }: CityOptions,
): Promise<City> {
  const folder = await mkdtemp(join(tmpdir(), 'one-network-push-'));
  const began = performance.now();
  const env = {
    ...process.env,
    ...environment,
    HUB_DATABASE_URL: databaseUrl,
    HUB_DATA_DIR: folder,
    PORT: String(port),
  };
  const child = spawn(process.execPath, [HUB, 'start'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async () => {
    child.kill('SIGTERM');
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitForReady(child.stdout);
    for (const unit of joins) await register(unit, env);
  } catch (error) {
    await close();
    throw error;
  }
  const findPids = () => findProcesses(child.pid ?? 0);
  return {
    graphql: `http://127.0.0.1:${port}/graphql`,
    secrets: await readSandboxSecrets(folder),
    readySeconds: (performance.now() - began) / 1000,
    memory: async () => {
      const { worker, gateway } = await findPids();
      return { worker: await readMegabytes(worker), gateway: await readMegabytes(gateway) };
    },
    killWorker: async () => {
      const { worker } = await findPids();
      return worker !== null && process.kill(worker, 'SIGKILL');
    },
    close,
  };
}

async function register(unit: string, env: NodeJS.ProcessEnv): Promise<void> {
  const command = spawn(process.execPath, [HUB, 'register', unit], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(command, 'close')) as [number | null];
  if (code !== 0) throw new Error(`hub register ${unit} ended with ${code}`);
}

function waitForReady(output: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const limit = setTimeout(
      () => reject(new Error(`the city was not ready within ${READY_LIMIT_MS / 1000} s:\n${text}`)),
      READY_LIMIT_MS,
    );
    output.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      if (!text.includes('Ready in')) return;
      clearTimeout(limit);
      resolve();
    });
    output.once('end', () => {
      clearTimeout(limit);
      reject(new Error(`the city ended:\n${text}`));
    });
  });
}

/** The newest of each: `hub start` starts another one when one has died. */
async function findProcesses(parent: number): Promise<{ worker: number | null; gateway: number | null }> {
  const found = { worker: null as number | null, gateway: null as number | null };
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // `pid (name) state ppid …`; the name may hold blanks.
    const ppid = Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
    if (ppid !== parent) continue;
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (words.includes('worker')) found.worker = Math.max(found.worker ?? 0, pid);
    if (words.includes('gateway')) found.gateway = Math.max(found.gateway ?? 0, pid);
  }
  return found;
}

async function readMegabytes(pid: number | null): Promise<number | null> {
  if (pid === null) return null;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
  return Number.isNaN(kilobytes) ? null : kilobytes / 1024;
}
