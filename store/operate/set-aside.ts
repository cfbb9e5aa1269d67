// What an operator does with set-aside records: sees them by reason and one by one, and sends them once more.
import type pg from 'pg';
import { runStatement } from '../connect/transaction.ts';
import type { FeedKey } from '../contract.ts';
import { KEEP_ASIDE_MS } from '../write/aside-retention.ts';
import { parseRecordText } from '../write/kept-record.ts';
import { NOT_REPLAYED } from '../write/take-kept.ts';
import type { AsideEntry, AsideFilter, AsideGroup, OperatorStore, Purged, Replay } from './contract.ts';

const SOON_MS = 30 * 86_400_000;

type Parts = Pick<
  OperatorStore,
  'asideGroups' | 'asideEntries' | 'asideOriginal' | 'replayAside' | 'asidePurged'
>;

export function openAsideParts(pool: pg.Pool, clock: () => number): Parts {
  return {
    asideGroups: (filter) => readGroups(pool, filter, clock()),
    asideEntries: (filter, limit) => readEntries(pool, filter, limit),
    asideOriginal: async (id) => {
      // An id of another form names nothing, and is no fault of the store.
      if (!/^\d{1,18}$/.test(id)) return null;
      const [row] = await runStatement<EntryRow & { record: string }>(
        pool,
        `SELECT ${ENTRY}, s.record::text AS record FROM hub.set_aside s WHERE s.id = $1`,
        [id],
      );
      return row === undefined ? null : { ...toEntry(row), record: parseRecordText(row.record) };
    },
    replayAside: (filter) => markReplay(pool, filter),
    asidePurged: (unit) => readPurged(pool, unit ?? null),
  };
}

// $1 unit · $2 type · $3 code · $4 ids; null is any
const CHOSEN = `($1::text IS NULL OR s.unit = $1) AND ($2::text IS NULL OR s.type = $2) AND ($3::text IS NULL OR s.code = $3)
  AND ($4::bigint[] IS NULL OR s.id = ANY($4))`;

function toChosen({ unit, type, code, ids }: AsideFilter): unknown[] {
  return [unit ?? null, type ?? null, code ?? null, ids ?? null];
}

function toTime(column: string): string {
  return `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}

async function readGroups(pool: pg.Pool, filter: AsideFilter, now: number): Promise<readonly AsideGroup[]> {
  return runStatement<AsideGroup>(
    pool,
    `SELECT s.unit, s.type, s.code, s.field, s.state, count(*)::float8 AS records, ${toTime('max(s.last_seen)')} AS newest,
       (array_agg(s.manifest ORDER BY s.last_seen DESC))[1] AS manifest,
       (count(*) FILTER (WHERE s.last_seen < $5))::float8 AS "goingSoon"
     FROM hub.set_aside s WHERE ${CHOSEN}
     GROUP BY s.unit, s.type, s.code, s.field, s.state ORDER BY s.unit, records DESC, s.type, s.code, s.field, s.state`,
    [...toChosen(filter), new Date(now - KEEP_ASIDE_MS + SOON_MS).toISOString()],
  );
}

type EntryRow = Omit<AsideEntry, 'feed'> & FeedKey;

const ENTRY = `s.id::text AS id, s.unit, s.source, s.object, s.strategy, s.type, s.state, s.code, s.field, s."column", s.message,
  s.times::float8 AS times, ${toTime('s.first_seen')} AS "firstSeen", ${toTime('s.last_seen')} AS "lastSeen",
  ${toTime(`s.last_seen + interval '${KEEP_ASIDE_MS / 1000} seconds'`)} AS "goesAt", s.manifest`;

async function readEntries(
  pool: pg.Pool,
  filter: AsideFilter,
  limit: number,
): Promise<readonly AsideEntry[]> {
  const rows = await runStatement<EntryRow>(
    pool,
    `SELECT ${ENTRY} FROM hub.set_aside s WHERE ${CHOSEN} ORDER BY s.last_seen DESC, s.id DESC LIMIT $5`,
    [...toChosen(filter), limit],
  );
  return rows.map(toEntry);
}

function toEntry({ unit, source, object, strategy, ...entry }: EntryRow): AsideEntry {
  return { ...entry, feed: { unit, source, object, strategy } };
}

/** What waits for a link's target is tried by itself; what only the source can mend is counted and left. */
async function markReplay(pool: pg.Pool, filter: AsideFilter): Promise<Replay> {
  const rows = await runStatement<FeedKey & { records: number; left: boolean }>(
    pool,
    `WITH marked AS (
       UPDATE hub.set_aside s SET state = 'REPLAY' WHERE ${CHOSEN} AND s.state <> 'WAITING' AND s.code <> ALL($5::text[])
       RETURNING s.unit, s.source, s.object, s.strategy
     )
     SELECT unit, source, object, strategy, count(*)::float8 AS records, false AS left FROM marked GROUP BY 1, 2, 3, 4
     UNION ALL
     SELECT unit, source, object, strategy, count(*)::float8, true FROM hub.set_aside s
     WHERE ${CHOSEN} AND s.code = ANY($5::text[]) GROUP BY 1, 2, 3, 4`,
    [...toChosen(filter), NOT_REPLAYED],
  );
  const sum = (left: boolean) =>
    rows.filter((row) => row.left === left).reduce((total, row) => total + row.records, 0);
  return {
    records: sum(false),
    left: sum(true),
    feeds: rows
      .filter((row) => !row.left)
      .map(({ unit, source, object, strategy }) => ({ unit, source, object, strategy })),
  };
}

async function readPurged(pool: pg.Pool, unit: string | null): Promise<readonly Purged[]> {
  const rows = await runStatement<FeedKey & { records: number; at: string }>(
    pool,
    `SELECT unit, source, object, strategy, aside_purged::float8 AS records, ${toTime('aside_purged_at')} AS at
     FROM hub.feed WHERE aside_purged > 0 AND ($1::text IS NULL OR unit = $1) ORDER BY 1, 2, 3, 4`,
    [unit],
  );
  return rows.map(({ records, at, ...feed }) => ({ feed, records, at }));
}
