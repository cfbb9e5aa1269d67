// What the commands of people who run the hub begin with: the units, the divisions and the store, on the PostgreSQL of
// HUB_DATABASE_URL or on the embedded one of the data folder: a running one is used and left running.
import { openUnits } from '../connectors/kit/manifest/unit-folder.ts';
import { openDivisions } from '../schema/divisions/open-divisions.ts';
import { openStore } from '../store/open-store.ts';
import type { Config } from './config.ts';
import type { Hub } from './open-hub.ts';
import { openOperatorDatabase } from './start/operator-database.ts';

export type Operator = Hub & { close(): Promise<void> };

/** Units with faults are left out. `close` stops a PostgreSQL that was started for this command alone. */
export async function openOperator(config: Config): Promise<Operator> {
  const database = await openOperatorDatabase(config);
  try {
    const [found, divisions, store] = await Promise.all([
      openUnits(config.unitsDir),
      openDivisions(),
      openStore({ url: database.url }),
    ]);
    const close = async () => {
      await store.close();
      await database.close();
    };
    return { units: found.units, divisions, store, databaseUrl: database.url, close };
  } catch (error) {
    await database.close();
    throw error;
  }
}
