// The store's entry: pools, the hub's own tables, then the two halves that jobs and gateway use.
import type { Unit } from '../connectors/kit/manifest/model.ts';
import { HubError, isHubError } from '../schema/errors.ts';
import type { Change } from './changes/contract.ts';
import { openPools } from './connect/pools.ts';
import type { MigrationStep } from './contract.ts';
import { SILENT, type StoreLog } from './log.ts';
import { migrateHub } from './migrate/migrate-hub.ts';
import { migrateUnit, planMigration } from './migrate/migrate-units.ts';
import type { OpenedStore } from './operate/contract.ts';
import { openOperate } from './operate/open-operate.ts';
import { openReader } from './read/reader.ts';
import { shareReads } from './read/share-reads.ts';
import type { ComparableStore } from './reconcile/contract.ts';
import { openReconcile } from './reconcile/open-reconcile.ts';
import type { RegistryStore } from './registry/contract.ts';
import { openRegistry } from './registry/open-registry.ts';
import { openSetting } from './setting.ts';
import { MOST_BOUND } from './write/bound-rows.ts';
import { openDrift } from './write/drift.ts';
import { openSync } from './write/open-sync.ts';
import { planUnitWriting, type UnitPlan } from './write/unit-plan.ts';

export type StoreOptions = {
  /** PostgreSQL 15 or later. */
  readonly url: string;
  /** Milliseconds since 1970, UTC. */
  readonly clock?: () => number;
  readonly log?: StoreLog;
  /** Of all pools together. */
  readonly maxConnections?: number;
  /** What two thirds of them are for; reading. */
  readonly mostly?: 'reading' | 'writing';
  /** How long one question may take. */
  readonly readTimeoutMs?: number;
  /** How long a transaction may stand still before PostgreSQL ends it; PT15S. */
  readonly stalledMs?: number;
  /** Rows of one type in a page up to which they come with their statement (bound-rows.ts); 200. Beyond, or with 0, they are copied. */
  readonly mostBound?: number;
  /** Told of each change this store has committed, after NOTIFY: what passes it on to others (jobs/changes). */
  readonly onChange?: (change: Change) => void;
};

const MAX_CONNECTIONS = 12;
const READ_TIMEOUT_MS = 30_000;
/** Half of what the shortest lease lives: whoever takes a feed over must not wait for the row that its holder has locked. */
const STALLED_MS = 15_000;

/** With what only the command line and the worker ask of it. */
export type HubStore = OpenedStore &
  ComparableStore & {
    readonly registry: RegistryStore;
    /** What `migrate` would do for this unit, changing nothing; rejects as it does. */
    planMigration(unit: Unit): Promise<readonly MigrationStep[]>;
  };

/**
 * Connects and brings the hub's own tables up to date; `close` ends every connection. `migrate` also tells the writer what
 * it needs to know of a unit: call it before the unit's feeds run. Rejects with HUB_STORE_UNREACHABLE or HUB_STORE_MIGRATION.
 */
export async function openStore(options: StoreOptions): Promise<HubStore> {
  const { url, clock = Date.now, log = SILENT } = options;
  const pools = openPools({
    url,
    log,
    maxConnections: options.maxConnections ?? MAX_CONNECTIONS,
    mostly: options.mostly ?? 'reading',
    readTimeoutMs: options.readTimeoutMs ?? READ_TIMEOUT_MS,
    stalledMs: options.stalledMs ?? STALLED_MS,
  });
  try {
    await migrateHub(pools.write);
  } catch (error) {
    await pools.close();
    throw error;
  }
  const units = new Map<string, UnitPlan>();
  let closing: Promise<void> | null = null;
  return {
    sync: openSync({
      ...{ pool: pools.write, log, clock, units, onChange: options.onChange ?? null },
      mostBound: options.mostBound ?? MOST_BOUND,
    }),
    reader: shareReads(openReader(pools.read, pools.write)),
    drift: openDrift(pools.write),
    reconcile: openReconcile(pools.write, units),
    operate: openOperate(pools.write, clock),
    registry: openRegistry(pools.write),
    planMigration: (unit) => planMigration(pools.write, unit, clock()),
    migrate: async (wanted) => {
      const steps: MigrationStep[] = [];
      const refused: HubError[] = [];
      for (const unit of wanted) {
        try {
          steps.push(...(await migrateUnit(pools.write, unit, clock())));
          units.set(unit.unit, planUnitWriting(unit));
        } catch (error) {
          // One unit's manifest must not keep the others from their tables.
          if (!isHubError(error, 'HUB_STORE_MIGRATION')) throw error;
          refused.push(error);
        }
      }
      if (refused.length === 0) return steps;
      throw toRefused(refused);
    },
    setting: (name) => openSetting(pools.write, name),
    close: () => {
      closing ??= pools.close();
      return closing;
    },
  };
}

function toRefused(refused: readonly HubError[]): HubError {
  const [first] = refused;
  if (refused.length === 1 && first !== undefined) return first;
  const text = refused.map((error) => error.message).join('\n');
  return new HubError('HUB_STORE_MIGRATION', text, { place: first?.place ?? {} });
}
