// The PostgreSQL that an operator's command works on: the given one; else the embedded one, used as it runs, or started
// for this command and stopped again.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSharedPlace } from '../../postgres/binaries.ts';
import { findLivePostmaster } from '../../postgres/postmaster.ts';
import type { Config } from '../config.ts';
import { openHubDatabase } from './hub-database.ts';

export type OperatorDatabase = { readonly url: string; close(): Promise<void> };

/** Rejects with HUB_POSTGRES_… when there is no database and none can be started. */
export async function openOperatorDatabase({
  databaseUrl,
  dataDir,
}: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<OperatorDatabase> {
  if (databaseUrl !== null) return { url: databaseUrl, close: async () => undefined };
  const running = await findRunning(join(dataDir, 'store'));
  if (running !== null) return { url: running, close: async () => undefined };
  return openHubDatabase(dataDir, () => undefined);
}

async function findRunning(folder: string): Promise<string | null> {
  const [password, id] = await Promise.all([
    readWord(folder, 'hub-password'),
    readWord(folder, 'cluster-id'),
  ]);
  if (password === null) return null;
  // Where root may not run it, the cluster lies outside the data folder, under an id that the folder remembers.
  const place = id === null ? join(folder, 'postgres') : join(await openSharedPlace(), `data-${id}`);
  const found = await findLivePostmaster(join(place, 'cluster'));
  return found?.ready ? `postgres://hub:${encodeURIComponent(password)}@127.0.0.1:${found.port}/hub` : null;
}

async function readWord(folder: string, name: string): Promise<string | null> {
  const text = await readFile(join(folder, name), 'utf8').catch(() => '');
  return text.trim() === '' ? null : text.trim();
}
