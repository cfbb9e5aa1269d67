// What worker and gateway both begin with: the units that are fit to run, the divisions, and the store with their tables.

import { hostname, userInfo } from 'node:os';
import type { Divisions } from '../schema/divisions/divisions.ts';
import { openDivisions } from '../schema/divisions/open-divisions.ts';
import { HubError } from '../schema/errors.ts';
import { type HubStore, openStore, type StoreOptions } from '../store/open-store.ts';
import type { Config } from './config.ts';
import type { HubLog } from './log.ts';
import { type Joined, joinAtStart } from './units/join-at-start.ts';

export type Hub = Joined & {
  readonly divisions: Divisions;
  readonly store: HubStore;
  readonly databaseUrl: string;
};

export type OpenHub = Pick<StoreOptions, 'mostly' | 'onChange'> & {
  /** False for a command beside a hub: it registers nothing. */
  readonly registers?: boolean;
  /** False: the folder of units is not looked at, only what is registered. */
  readonly looks?: boolean;
};

/** Opens the store and brings each unit's tables up to date. A unit with faults, or one that cannot be migrated, is reported and left out. */
export async function openHub(
  config: Config,
  log: HubLog,
  { registers = true, looks = true, ...options }: OpenHub = {},
): Promise<Hub> {
  const databaseUrl = config.databaseUrl;
  if (databaseUrl === null) {
    throw new HubError(
      'HUB_CONFIG_INVALID',
      'HUB_DATABASE_URL is not set. `hub start` brings a PostgreSQL of its own; worker and gateway alone need one.',
    );
  }
  const [divisions, store] = await Promise.all([
    openDivisions(),
    openStore({ ...options, url: databaseUrl, log }),
  ]);
  try {
    const joined = await joinAtStart({
      unitsDir: looks ? config.unitsDir : null,
      ...{ store, log, by: toOwnName(), registers },
    });
    return { ...joined, divisions, store, databaseUrl };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Who does what is done here, for people: `user@machine`. */
export function toOwnName(): string {
  return `${toUserName()}@${hostname()}`;
}

// A container may run under a number that no user has.
function toUserName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'somebody');
  }
}
