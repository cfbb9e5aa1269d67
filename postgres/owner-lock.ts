// One hub a data folder: a file that names the owning process. A killed owner's file is recognised and taken over.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isAlive } from './postmaster.ts';
import { PostgresStartError } from './start-error.ts';

type Owner = { readonly pid: number; readonly started: string };

/** How long a process that is just stopping (its parent was killed) is waited for. */
const STOPPING_MS = 5000;

/** Takes the folder for this process, or rejects (reason `data`) naming the process that has it. Resolves to the release. */
export async function takeFolder(folder: string, waitMs = STOPPING_MS): Promise<() => Promise<void>> {
  const file = join(folder, 'owner.json');
  const mine = JSON.stringify({ pid: process.pid, started: await startOf(process.pid) } satisfies Owner);
  const deadline = Date.now() + waitMs;
  while (!(await writeFile(file, mine, { flag: 'wx' }).then(() => true, isTaken))) {
    const owner = await readOwner(file);
    const live = owner !== null && owner.pid !== process.pid && (await isSame(owner));
    if (!live) await rm(file, { force: true });
    else if (Date.now() < deadline) await wait(50);
    else {
      const text = `The data folder ${folder} is in use by process ${owner.pid}. Stop that hub, or set HUB_DATA_DIR to another folder.`;
      throw new PostgresStartError('data', text);
    }
  }
  return () => rm(file, { force: true });
}

async function readOwner(file: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Owner;
  } catch {
    return null;
  }
}

async function isSame(owner: Owner): Promise<boolean> {
  return (await isAlive(owner.pid)) && (await startOf(owner.pid)) === owner.started;
}

/** When the process started, in the kernel's ticks: a process number may be reused, number and start together are not. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function isTaken(error: NodeJS.ErrnoException): false {
  if (error.code !== 'EEXIST') throw error;
  return false;
}
