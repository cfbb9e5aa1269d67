// What an operator's command begins with: the units and the store of a hub that may be running, or not.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Unit } from '../connectors/kit/manifest/model.ts';
import type { ReadTexts } from '../connectors/kit/manifest/unit-set.ts';
import type { Divisions } from '../schema/divisions/divisions.ts';
import { HubError } from '../schema/errors.ts';
import type { HubStore } from '../store/open-store.ts';
import type { Config } from './config.ts';
import { openLog } from './log.ts';
import { openHub } from './open-hub.ts';
import { findHubDatabase, openHubDatabase } from './start/hub-database.ts';
import { readSandboxSecrets } from './start/sandbox-secrets.ts';
import { toSandboxTargets } from './start/sandbox-targets.ts';

export type Operator = {
  readonly units: readonly Unit[];
  /** Reads manifests' texts; it has those that are registered in mind. */
  readonly read: ReadTexts;
  readonly divisions: Divisions;
  readonly store: HubStore;
  readonly databaseUrl: string;
  /** As the environment has it; what it does not have, as a running sandbox city made it. */
  readonly secret: Config['secret'];
  /** Those of the environment, and where a running sandbox city is. */
  readonly privateTargets: Config['privateTargets'];
  /** Leaves a running hub's PostgreSQL as it is, and stops one that was started for this command. Twice is harmless. */
  close(): Promise<void>;
};

type Database = { readonly url: string; close(): Promise<void> };

/** HUB_DATABASE_URL where it is set; else the PostgreSQL of HUB_DATA_DIR, a running one beside its owner. */
async function openOperator(config: Config, looks: boolean): Promise<Operator> {
  const database = await openDatabase(config);
  try {
    // What a command prints is its answer: only what went wrong is said beside it.
    const log = openLog({ logLevel: 'error' }, 'operator', 2);
    const hub = await openHub({ ...config, databaseUrl: database.url }, log, { registers: false, looks });
    const ofSandbox = await readSandboxSecrets(config.dataDir);
    let closing: Promise<void> | null = null;
    const close = async () => {
      await hub.store.close();
      await database.close();
    };
    return {
      ...hub,
      secret: (name) => config.secret(name) ?? ofSandbox[name],
      privateTargets: [...config.privateTargets, ...toSandboxTargets(ofSandbox)],
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** One command's work on a hub, which is left as it was found. `looks` false: of units only what is registered. */
export async function withOperator<Answer>(
  config: Config,
  work: (operator: Operator) => Promise<Answer>,
  { looks = true }: { readonly looks?: boolean } = {},
): Promise<Answer> {
  const operator = await openOperator(config, looks);
  try {
    return await work(operator);
  } finally {
    await operator.close();
  }
}

/** Throws HUB_CONFIG_INVALID naming the units that there are. */
export function findUnit({ units }: Pick<Operator, 'units'>, name: string): Unit {
  const unit = units.find((one) => one.unit === name);
  if (unit !== undefined) return unit;
  throw toUnknown(
    `unit ${name}`,
    units.map((one) => one.unit),
  );
}

export function toUnknown(what: string, known: readonly string[]): HubError {
  return new HubError('HUB_CONFIG_INVALID', `没有 There is no ${what}; there are: ${known.join(', ')}`);
}

async function openDatabase({ databaseUrl, dataDir }: Config): Promise<Database> {
  const running = databaseUrl ?? (await findHubDatabase(dataDir));
  if (running !== null) return { url: running, close: async () => undefined };
  if ((await stat(join(dataDir, 'store')).catch(() => null)) === null)
    throw new HubError(
      'HUB_CONFIG_INVALID',
      `没有可用的库 There is no hub in ${dataDir}: set HUB_DATABASE_URL, or HUB_DATA_DIR to the folder of one.`,
    );
  return openHubDatabase(dataDir, () => undefined);
}
