// A PostgreSQL that already runs: read from its postmaster.pid, told from a stranger with the same process number,
// and stopped. This is how the next start finds what a killed hub left behind.
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

export type Postmaster = { readonly pid: number; readonly port: number; readonly ready: boolean };

/** What postmaster.pid says (pid, data folder, start, port, socket folder, address, memory, state); null when there is none or it is half written. */
export async function readPostmaster(cluster: string): Promise<Postmaster | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => null);
  if (text === null) return null;
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number.isInteger(port) ? port : 0, ready: (lines[7] ?? '').trim() === 'ready' };
}

/** The postmaster of this cluster if it is alive; a file left by a dead one (or now naming a stranger) is removed. */
export async function findLivePostmaster(cluster: string): Promise<Postmaster | null> {
  const found = await readPostmaster(cluster);
  if (found === null) return null;
  if (await isPostmasterOf(found.pid, cluster)) return found;
  await rm(join(cluster, 'postmaster.pid'), { force: true });
  return null;
}

/** Fast shutdown, then, if that takes longer than `graceMs`, the immediate one: the log replays at the next start. */
export async function stopPostmaster(pid: number, graceMs = 15_000): Promise<void> {
  for (const [signal, limit] of [
    ['SIGINT', graceMs],
    ['SIGQUIT', 5000],
    ['SIGKILL', 5000],
  ] as const) {
    if (!signalTo(pid, signal)) return;
    if (await isGoneWithin(pid, limit)) return;
  }
}

/** Tells whether the process exists (a zombie that nobody has collected counts as gone). */
export async function isAlive(pid: number): Promise<boolean> {
  if (!signalTo(pid, 0)) return false;
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return !/\) Z /.test(state);
}

async function isPostmasterOf(pid: number, cluster: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').then(
    (text) => text.replaceAll('\0', ' '),
    () =>
      promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).then(
        ({ stdout }) => stdout,
        () => '',
      ),
  );
  return command.includes('postgres') && command.includes(cluster);
}

function signalTo(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isGoneWithin(pid: number, limitMs: number): Promise<boolean> {
  for (let waited = 0; waited < limitMs; waited += 25) {
    if (!(await isAlive(pid))) return true;
    await wait(25);
  }
  return false;
}
