// The end of a run: its counts and state, the feed's mark, the freshness of its types, and what a whole snapshot no longer
// has. One transaction, under the feed's lease.
import type pg from 'pg';
import type { HubError } from '../../schema/errors.ts';
import type { Change } from '../changes/contract.ts';
import { toChangedDivisions } from '../changes/divisions.ts';
import { inTransaction } from '../connect/transaction.ts';
import type { FeedMark, Run, RunCounts, RunEnd } from '../contract.ts';
import { writeGaps } from './gap.ts';
import { toFeedMatch, toFeedValues, toLost } from './lease.ts';
import { endRun, readCounts, toPrintableError } from './runs.ts';
import { dropPastTwins } from './set-aside.ts';
import {
  type AbsentList,
  countAbsent,
  deleteAbsent,
  forgetKeys,
  isEachOnce,
  readAbsentKeys,
  toBrake,
} from './snapshot-keys.ts';
import { countVersions, lockTypes, markTypes } from './type-state.ts';
import { toAbsenceTypes, toTypesOfFeed, type UnitPlan } from './unit-plan.ts';

type Closing = {
  readonly client: pg.PoolClient;
  readonly unit: UnitPlan;
  readonly run: Run;
  readonly now: string;
  /** What this close has changed; told once it is committed. */
  readonly changes: Change[];
};

export type CloseOptions = {
  readonly now: string;
  /** Told of each change once it is committed; must not throw. */
  readonly onChanges: (changes: readonly Change[]) => void;
};

/**
 * Rejects with HUB_SYNC_LEASE_LOST when a run that succeeded has lost its feed, and with HUB_SYNC_DELETE_BRAKE when too
 * much is absent: then nothing is deleted and the run has failed.
 */
export async function runClose(
  pool: pg.Pool,
  unit: UnitPlan,
  run: Run,
  end: RunEnd,
  { now, onChanges }: CloseOptions,
): Promise<RunCounts> {
  const changes: Change[] = [];
  const closed = await inTransaction(pool, (client) => {
    const closing = { client, unit, run, now, changes };
    return end.state === 'succeeded' ? closeSucceeded(closing, end) : closeUnfinished(closing, end);
  });
  onChanges(changes);
  // The failed run is committed; only then does its reason go out.
  if (closed instanceof Error) throw closed;
  return closed;
}

async function closeSucceeded(
  closing: Closing,
  end: RunEnd & { readonly state: 'succeeded' },
): Promise<RunCounts | HubError> {
  const { client, unit, run, now } = closing;
  await holdFeed(closing, end.mark);
  const succeeded = { state: 'SUCCEEDED', now } as const;
  // Comparing leaves a half-read snapshot and the feed's own state as they are.
  if (run.task === 'reconcile')
    return (await endRun(client, run, succeeded, end.mark)) ?? readCounts(client, run);
  const types = toTypesOfFeed(unit.unit, run.lease.feed).map((type) => type.name);
  const versions = await lockTypes(client, unit.unit.unit, types);
  const { stopped = [] } = end;
  const counted = end.counted === true && (await isProved(closing, end));
  if (end.absence) {
    const scanRun = end.scanRun ?? (await readScanRun(closing));
    const brake = await writeAbsence(closing, versions, { scanRun, scope: end.scope ?? null, now }, stopped);
    if (brake !== null) return closeBraked(closing, brake, end.delivery ?? null);
  }
  if (run.lease.feed.strategy === 'snapshot') {
    // A list that is whole for a part of the city says nothing of the others' records.
    if (end.idle !== true && end.replay !== true && end.scope === undefined)
      await dropPastTwins(client, run.lease.feed, end.scanRun ?? (await readScanRun(closing)));
    await forgetKeys(client, run.lease.feed);
  }
  if (end.replay !== true)
    await markTypes(client, unit.unit, run.lease.feed, { now, code: null, idle: end.idle === true, stopped });
  if (counted) {
    const surplus = end.absence && end.scope === undefined ? 0 : null;
    const gaps = types.filter((type) => !stopped.includes(type)).map((type) => ({ type, gap: 0, surplus }));
    await writeGaps(client, unit, run.lease.feed, { now, basis: 'MANIFEST_COUNT', gaps });
  }
  return (await endRun(client, run, succeeded, end.mark)) ?? readCounts(client, run);
}

/** A delivery stands still while it is read; a list that is asked for page by page may move, and one that was gone on with has. */
async function isProved(
  { client, run }: Closing,
  { delivery, scanRun = run.id }: RunEnd & { readonly state: 'succeeded' },
): Promise<boolean> {
  return delivery !== undefined || (scanRun === run.id && (await isEachOnce(client, run.id)));
}

async function closeUnfinished(
  closing: Closing,
  end: RunEnd & { readonly state: 'failed' | 'stopped' },
): Promise<RunCounts> {
  const { client, unit, run, now } = closing;
  const state = end.state === 'failed' ? 'FAILED' : 'STOPPED';
  const counts = await endRun(client, run, { state, now, error: end.error }, null);
  const tells = end.state === 'failed' && counts !== null && run.task === 'sync';
  if (tells && (await holdsFeed(closing))) {
    const types = toTypesOfFeed(unit.unit, run.lease.feed).map((type) => type.name);
    await lockTypes(client, unit.unit.unit, types);
    await markTypes(client, unit.unit, run.lease.feed, { now, code: toPrintableError(end.error).code });
  }
  return counts ?? readCounts(client, run);
}

// The list that would delete too much is not judged again: the next run asks the source for a new one.
async function closeBraked(closing: Closing, brake: Brake, delivery: string | null): Promise<HubError> {
  const { client, unit, run, now } = closing;
  await client.query(
    `UPDATE hub.feed SET mark = jsonb_set($5::jsonb, '{scan}', 'null'), braked = $6, accepted = NULL WHERE ${toFeedMatch(1)}`,
    [
      ...toFeedValues(run.lease.feed),
      JSON.stringify(run.lease.mark),
      JSON.stringify({ at: now, delivery, types: brake.types }),
    ],
  );
  await forgetKeys(client, run.lease.feed);
  await markTypes(client, unit.unit, run.lease.feed, { now, code: brake.error.code });
  await endRun(client, run, { state: 'FAILED', now, error: brake.error }, null);
  return brake.error;
}

async function holdFeed({ client, run }: Closing, mark: FeedMark): Promise<void> {
  const { rowCount } = await client.query(
    `UPDATE hub.feed SET mark = $6 WHERE ${toFeedMatch(1)} AND lease_token = $5`,
    [...toFeedValues(run.lease.feed), run.lease.token, JSON.stringify(mark)],
  );
  if (rowCount === 0) throw toLost(run.lease.feed);
}

async function holdsFeed({ client, run }: Closing): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT 1 FROM hub.feed WHERE ${toFeedMatch(1)} AND lease_token = $5 FOR UPDATE`,
    [...toFeedValues(run.lease.feed), run.lease.token],
  );
  return rowCount !== 0;
}

// Judged for all types first, so that a brake on one of them leaves the others alone too.
async function writeAbsence(
  closing: Closing,
  versions: ReadonlyMap<string, bigint>,
  list: AbsentList,
  stopped: readonly string[],
): Promise<Brake | null> {
  const { client, unit, run, changes } = closing;
  const plans = toAbsenceTypes(unit.unit, run.lease.feed)
    .filter((type) => !stopped.includes(type.name))
    .flatMap((type) => unit.types.get(type.name) ?? []);
  const absents = [];
  for (const plan of plans) absents.push(await countAbsent(client, plan, run, list));
  const accepted = await takeAccepted(closing);
  const braked = absents.flatMap((absent) => {
    const error = toBrake(absent, run.lease.feed, accepted[absent.plan.type.name] ?? 0);
    return error === null ? [] : [{ ...absent, error }];
  });
  const [first] = braked;
  if (first !== undefined) {
    const types = [];
    for (const { plan, live, missing } of braked)
      types.push({
        type: plan.type.name,
        live,
        missing,
        keys: await readAbsentKeys(client, plan, run, list),
      });
    return { error: first.error, types };
  }
  let deleted = 0;
  for (const { plan, missing } of absents) {
    if (missing === 0) continue;
    const version = (versions.get(plan.type.name) ?? 0n) + 1n;
    const gone = await deleteAbsent(client, plan, run, list, version);
    deleted += gone.deleted;
    const divisions = toChangedDivisions([gone.divisions]);
    const change = { type: plan.type.name, landed: 0, living: -gone.deleted, divisions };
    changes.push(...(await countVersions(client, unit.unit.unit, [change])));
  }
  await client.query('UPDATE hub.run SET deleted = deleted + $2 WHERE id = $1', [run.id, deleted]);
  return null;
}

type Brake = {
  readonly error: HubError;
  readonly types: readonly {
    readonly type: string;
    readonly live: number;
    readonly missing: number;
    readonly keys: readonly string[];
  }[];
};

// What a person has let go counts for this run and no other, whatever comes of it.
async function takeAccepted({ client, run }: Closing): Promise<{ readonly [type: string]: number }> {
  const { rows } = await client.query<{ accepted: { readonly [type: string]: number } | null }>(
    `WITH was AS (SELECT accepted FROM hub.feed WHERE ${toFeedMatch(1)})
     UPDATE hub.feed SET braked = NULL, accepted = NULL FROM was WHERE ${toFeedMatch(1, 'hub.feed.')} RETURNING was.accepted`,
    [...toFeedValues(run.lease.feed)],
  );
  return rows[0]?.accepted ?? {};
}

// A resumed snapshot's keys stand under the run that began it, which its pages have written down.
async function readScanRun({ client, run }: Closing): Promise<string> {
  const { rows } = await client.query<{ scan: string }>(
    'SELECT coalesce(scan_run, id) AS scan FROM hub.run WHERE id = $1',
    [run.id],
  );
  return rows[0]?.scan ?? run.id;
}
