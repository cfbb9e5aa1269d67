// One hub a data folder: a file that names the owning process. A killed owner's file is recognised and taken over.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './postmaster.ts';
import { PostgresStartError } from './start-error.ts';

type Owner = { readonly pid: number; readonly started: string };

/** Takes the folder for this process, or rejects (reason `data`) naming the process that has it. Resolves to the release. */
export async function takeFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'owner.json');
  const mine: Owner = { pid: process.pid, started: await startOf(process.pid) };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const taken = await writeFile(file, JSON.stringify(mine), { flag: 'wx' }).then(() => true, isTaken);
    if (taken) return () => rm(file, { force: true });
    const owner = await readOwner(file);
    if (owner !== null && owner.pid !== process.pid && (await isSame(owner))) {
      throw new PostgresStartError(
        'data',
        `The data folder ${folder} is in use by process ${owner.pid}. Stop that hub, or set HUB_DATA_DIR to another folder.`,
      );
    }
    await rm(file, { force: true });
  }
  throw new PostgresStartError(
    'data',
    `The data folder ${folder} is being taken by another start at this moment. Try again.`,
  );
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
