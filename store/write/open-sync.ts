// The writing half of the store: what the jobs call. Wires lease, pages and runs to the units that were migrated.
import type pg from 'pg';
import { HubError } from '../../schema/errors.ts';
import type { Change } from '../changes/contract.ts';
import type { SyncStore } from '../contract.ts';
import type { StoreLog } from '../log.ts';
import { purgeAside } from './aside-retention.ts';
import { bookCall } from './book-call.ts';
import { runClose } from './close-run.ts';
import { runCommit, type Writer } from './commit-page.ts';
import { forgetDevices, leaveDevices, noteDevices } from './devices.ts';
import { keepShape, readShape } from './drift.ts';
import { openKnownTargets } from './known-targets.ts';
import { acquireLease, readMark, releaseLease } from './lease.ts';
import { forgetOldRuns, toPace } from './old-runs.ts';
import { runRenewal } from './renew.ts';
import { insertRun, noteRun } from './runs.ts';
import { takeKeptRecords } from './take-kept.ts';
import { type TypeStatements, toTypeStatements } from './type-statements.ts';
import { toTypesOfFeed, type UnitPlan } from './unit-plan.ts';

export type SyncSettings = {
  readonly pool: pg.Pool;
  readonly log: StoreLog;
  readonly clock: () => number;
  /** The units that `migrate` was given, by name. */
  readonly units: ReadonlyMap<string, UnitPlan>;
  readonly onChange: ((change: Change) => void) | null;
  readonly mostBound: number;
};

/** See months.ts: a page would rather lie in the default partition than wait longer. */
const MONTH_LOCK_MS = 2000;

export function openSync({ pool, log, clock, units, onChange, mostBound }: SyncSettings): SyncStore {
  const onChanges = toTeller(onChange, log);
  const writer: Writer = {
    pool,
    months: { known: new Map(), log, lockTimeoutMs: MONTH_LOCK_MS },
    mostBound,
    staged: new WeakMap(),
    targets: openKnownTargets(),
    statementsOf: toStatementCache(),
    fresh: new Set(),
    onChanges,
  };
  const isTimeToForget = toPace();
  const unitOf = (name: string): UnitPlan => {
    const unit = units.get(name);
    if (unit === undefined)
      throw new HubError(
        'HUB_INTERNAL',
        `unit ${name} is not known to the store: call migrate with it first`,
        {
          place: { unit: name },
        },
      );
    return unit;
  };
  return {
    acquire: (feed, options) => acquireLease(pool, feed, options),
    release: (lease) => releaseLease(pool, lease),
    renew: async (lease, options) => runRenewal(pool, unitOf(lease.feed.unit), lease, options),
    bookCall: (unit, source, pace) => bookCall(pool, unit, source, pace),
    noteDevices: (unit, source, updates) => noteDevices(pool, unit, source, updates),
    leaveDevices: (unit, source, { now }) => leaveDevices(pool, unit, source, now),
    readMark: (feed) => readMark(pool, feed),
    openRun: async (lease, { task = 'sync', ...options }) => {
      const { unit } = unitOf(lease.feed.unit);
      // Whoever only compares has not attempted to bring them up to date.
      const types = task === 'sync' ? toTypesOfFeed(unit, lease.feed).map((type) => type.name) : [];
      return insertRun(pool, lease, types, { ...options, task, manifest: unit.manifest });
    },
    noteRun: (run, note) => noteRun(pool, run, note),
    readShape: (feed) => readShape(pool, feed),
    keepShape: (run, seen, { now }) => keepShape(pool, run, seen, now),
    commitPage: async (run, page, options) =>
      runCommit(writer, unitOf(run.lease.feed.unit), run, page, options),
    takeWaiting: (feed, limit, run) =>
      takeKeptRecords(pool, unitOf(feed.unit), feed, { limit, run: run ?? null, now: clock() }),
    closeRun: async (run, end, { now }) => {
      const counts = await runClose(pool, unitOf(run.lease.feed.unit), run, end, { now, onChanges });
      // Housekeeping must not turn a run that has ended well into a failed one.
      if (isTimeToForget(now))
        for (const forget of [
          () => forgetOldRuns(pool, now),
          () => purgeAside(pool, log, now),
          () => forgetDevices(pool, now),
        ])
          await forget().catch((error: Error) =>
            log.warn({ reason: error.message }, 'what is old was not forgotten'),
          );
      return counts;
    },
  };
}

// What was committed stays so, whatever becomes of the news of it: listeners compare versions too.
function toTeller(onChange: SyncSettings['onChange'], log: StoreLog): (changes: readonly Change[]) => void {
  return (changes) => {
    for (const change of onChange === null ? [] : changes) {
      try {
        onChange?.(change);
      } catch (error) {
        log.warn(
          {
            unit: change.unit,
            type: change.type,
            reason: error instanceof Error ? error.message : 'unknown',
          },
          'a change was not passed on',
        );
      }
    }
  };
}

// By unit plan: a migrated manifest brings a new plan, and with it new statements.
function toStatementCache(): (unit: UnitPlan, type: string) => TypeStatements {
  const known = new WeakMap<UnitPlan, Map<string, TypeStatements>>();
  return (unit, name) => {
    const statements = known.get(unit) ?? new Map<string, TypeStatements>();
    known.set(unit, statements);
    const plan = unit.types.get(name);
    if (plan === undefined)
      throw new HubError('HUB_INTERNAL', `unit ${unit.unit.unit} has no type ${name}`, {
        place: { unit: unit.unit.unit, type: name },
      });
    const made = statements.get(name) ?? toTypeStatements(plan);
    statements.set(name, made);
    return made;
  };
}
