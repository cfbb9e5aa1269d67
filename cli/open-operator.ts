// What an operator's command begins with: the store of the hub that it is about, whether that runs or not, and the units.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HubError } from '../schema/errors.ts';
import type { Config } from './config.ts';
import { openLog } from './log.ts';
import { type Hub, openHub } from './open-hub.ts';
import { findHubDatabase, openHubDatabase } from './start/hub-database.ts';

export type Operator = Hub & { close(): Promise<void> };

/**
 * HUB_DATABASE_URL, else the embedded PostgreSQL in HUB_DATA_DIR: that of a running hub is shared and left running, that of a
 * stopped one is started until `close`. Warnings go to standard error. Rejects with HUB_CONFIG_INVALID where there is neither.
 */
export async function openOperator(config: Config): Promise<Operator> {
  const log = openLog({ logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel }, 'operator', 2);
  const found = config.databaseUrl ?? (await findHubDatabase(config.dataDir));
  const own = found === null ? await openStopped(config.dataDir) : null;
  const databaseUrl = found ?? own?.url ?? null;
  try {
    const hub = await openHub({ ...config, databaseUrl }, log);
    const close = async () => {
      await hub.store.close();
      await own?.close();
    };
    return { ...hub, close };
  } catch (error) {
    await own?.close();
    throw error;
  }
}

async function openStopped(dataDir: string) {
  if ((await stat(join(dataDir, 'store')).catch(() => null)) === null)
    throw new HubError(
      'HUB_CONFIG_INVALID',
      `没有可用的库 There is no hub in ${dataDir}: set HUB_DATABASE_URL, or HUB_DATA_DIR to the folder of one.`,
    );
  return openHubDatabase(dataDir, () => undefined);
}
