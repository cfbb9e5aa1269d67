// The first and the last statement of a page's transaction, the same for pages of all types.
import type pg from 'pg';
import type { Change } from '../changes/contract.ts';
import type { FeedMark, Lease, Run, RunCounts } from '../contract.ts';
import { toFeedMatch, toFeedValues, toLost, toUntil } from './lease.ts';
import { type ToldRow, type TypeChange, toChanges, toVersionBinds, toVersionSql } from './type-state.ts';

// The feed first, then its types, as everywhere: `locked` looks at `held` before it locks.
const BEGIN = {
  name: 'hub page begin',
  text: `WITH held AS (
    UPDATE hub.feed f SET lease_until = $6, mark = $7 WHERE ${toFeedMatch(1, 'f.')} AND f.lease_token = $5
    RETURNING EXISTS (SELECT FROM hub.set_aside s WHERE s.unit = f.unit AND s.source = f.source AND s.object = f.object) AS kept
  ), locked AS MATERIALIZED (
    SELECT type, version FROM hub.type_state WHERE unit = $1 AND type = ANY($8::text[]) AND EXISTS (SELECT FROM held)
    ORDER BY type FOR UPDATE
  )
  SELECT kept, (SELECT coalesce(json_object_agg(type, version::text), '{}') FROM locked) AS versions FROM held`,
};

export type PageBeginning = {
  /** Whether the feed has kept records at all. */
  readonly hasKept: boolean;
  /** Of the types that the page writes, before it. */
  readonly versions: ReadonlyMap<string, bigint>;
};

/** Locks the feed, renews its lease, writes its mark and locks the types, whose versions it answers. Throws HUB_SYNC_LEASE_LOST. */
export async function beginPage(
  client: pg.PoolClient,
  lease: Lease,
  mark: FeedMark,
  types: readonly string[],
  options: { readonly now: string; readonly holdMs: number },
): Promise<PageBeginning> {
  const { rows } = await client.query<{ kept: boolean; versions: { readonly [type: string]: string } }>({
    ...BEGIN,
    values: [...toFeedValues(lease.feed), lease.token, toUntil(options), JSON.stringify(mark), types],
  });
  const [row] = rows;
  if (row === undefined) throw toLost(lease.feed);
  const versions = Object.entries(row.versions).map(([type, version]) => [type, BigInt(version)] as const);
  return { hasKept: row.kept, versions: new Map(versions) };
}

const VERSIONS = toVersionSql(13);
const END = {
  name: 'hub page end',
  text: `WITH run AS (
    UPDATE hub.run SET read = read + $2, written = written + $3, unchanged = unchanged + $4, deleted = deleted + $5,
      set_aside = set_aside + $6, waiting = waiting + $7, not_ours = not_ours + $8, faulty = faulty + $9,
      scan_run = coalesce($10, scan_run), watermark = coalesce($11, watermark), position = coalesce($12, position) WHERE id = $1
  ), ${VERSIONS.counted} ${VERSIONS.told}`,
};

/** `scanRun`: the run under whose number a snapshot's keys are remembered, when this page has any. */
export type PageEnd = {
  readonly counts: RunCounts;
  readonly scanRun: string | null;
  readonly watermark: string | null;
  readonly position: number | null;
  readonly changes: readonly TypeChange[];
};

/** Adds the page's counts to its run's, and counts the versions of the types that it has changed; answers what it has notified. */
export async function endPage(
  client: pg.PoolClient,
  unit: string,
  run: Run,
  { counts, scanRun, watermark, position, changes }: PageEnd,
): Promise<readonly Change[]> {
  const { rows } = await client.query<ToldRow>({
    ...END,
    values: [
      run.id,
      counts.read,
      counts.written,
      counts.unchanged,
      counts.deleted,
      counts.setAside,
      counts.waiting,
      counts.notOurs,
      counts.faulty,
      scanRun,
      watermark,
      position,
      ...toVersionBinds(unit, changes),
    ],
  });
  return toChanges(unit, rows);
}
