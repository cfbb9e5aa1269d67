// The heart of the writer: one page of one feed in one transaction. Either all of it is there afterwards (rows, history,
// what was set aside, the feed's mark, the run's counts) or nothing.
//
// Statements of a page of one type, whatever its number of rows: BEGIN, its beginning (page-frame.ts), link check, COPY, merge,
// its end, COMMIT = 7. One less where its rows are few (bound-rows.ts) and one more where a first load goes straight into the table, one less where all
// targets of its links are known; and one more each for records kept, records settled and a snapshot's keys, which are looked for before they are written.
import type pg from 'pg';
import type { MappedRow } from '../../connectors/kit/mapping/outcome.ts';
import type { Change } from '../changes/contract.ts';
import { toChangedDivisions } from '../changes/divisions.ts';
import { inTransaction } from '../connect/transaction.ts';
import type { PageCommit, Run, RunCounts } from '../contract.ts';
import { toBoundLists } from './bound-rows.ts';
import { singleOut } from './doubled-keys.ts';
import { insertFresh } from './insert-fresh.ts';
import type { FoundTargets, KnownTargets } from './known-targets.ts';
import { resolveLinks } from './links.ts';
import type { MergeCounts } from './merge-row.ts';
import { ensureMonths, type MonthSettings, toNeededMonths } from './months.ts';
import { toMarksOf, toNativeMark } from './native-key.ts';
import { beginPage, endPage } from './page-frame.ts';
import { toCounts, toKept, type Written } from './page-outcome.ts';
import { dropSettled, type Kept, keepRecords } from './set-aside.ts';
import { rememberKeys, rememberSetAside } from './snapshot-keys.ts';
import { copyStage, encodeRows, type StagedRow } from './stage.ts';
import type { TypeChange } from './type-state.ts';
import { type TypeStatements, toUniqueRows } from './type-statements.ts';
import { type TypePlan, toTypesOfFeed, type UnitPlan } from './unit-plan.ts';

/** What the writer keeps between pages. */
export type Writer = {
  readonly pool: pg.Pool;
  readonly months: MonthSettings;
  /** Rows of one type in a page up to which they are bound. */
  readonly mostBound: number;
  /** Staging tables that a session has, the one used longest ago first. */
  readonly staged: WeakMap<pg.PoolClient, Set<string>>;
  readonly targets: KnownTargets;
  readonly statementsOf: (unit: UnitPlan, type: string) => TypeStatements;
  /** Tables whose last page was of new rows only: the next one is tried as such. A mere guess, right or wrong. */
  readonly fresh: Set<string>;
  /** Told of each change once it is committed; must not throw. */
  readonly onChanges: (changes: readonly Change[]) => void;
};

export type PageOptions = { readonly now: string; readonly holdMs: number };

type Commit = {
  readonly client: pg.PoolClient;
  readonly writer: Writer;
  readonly unit: UnitPlan;
  readonly run: Run;
  readonly page: PageCommit;
  readonly options: PageOptions;
  readonly found: FoundTargets;
};

export async function runCommit(
  writer: Writer,
  unit: UnitPlan,
  run: Run,
  page: PageCommit,
  options: PageOptions,
): Promise<RunCounts> {
  const groups = toGroups(unit, page.rows, writer.mostBound);
  for (const { type, rows } of groups) {
    const { plan } = writer.statementsOf(unit, type);
    await ensureMonths(writer.pool, plan, toNeededMonths(plan, rows, Date.parse(options.now)), writer.months);
  }
  const found: FoundTargets = new Map();
  const committed = await inTransaction(
    writer.pool,
    async (client) => {
      const commit = { client, writer, unit, run, page, options, found };
      const types = groups.map(({ type }) => type);
      const { hasKept, versions } = await beginPage(client, run.lease, page.mark, types, options);
      const written: Written[] = [];
      for (const group of groups)
        written.push(await writeType(commit, group, versions.get(group.type) ?? 0n));
      const kept = toKept(page, written);
      const still = await keepRecords(client, run, kept, {
        ...options,
        ...page,
        manifest: unit.unit.manifest,
        marksOf: toMarksOf(unit.unit, run.lease.feed),
      });
      if (hasKept) await settle(commit, written, still);
      if (page.remember) await remember(commit, written, kept);
      const counts = toCounts(page, written, kept);
      const changes = await endPage(client, unit.unit.unit, run, {
        counts,
        scanRun: page.remember ? (page.mark.scan?.run ?? null) : null,
        watermark: page.mark.watermark,
        position: page.position ?? null,
        changes: toTypeChanges(written),
      });
      return { counts, changes };
    },
    (client) => openStages(writer, client, unit, groups),
  );
  // Only now is it certain that they are there.
  for (const [plan, keys] of found) writer.targets.add(plan, keys);
  writer.onChanges(committed.changes);
  return committed.counts;
}

type Group = {
  readonly type: string;
  readonly rows: readonly { readonly index: number; readonly row: MappedRow }[];
  /** Few enough to come with the merge itself. */
  readonly isBound: boolean;
};

/** First and last time of these rows. Equal instants may be written with and without a fraction, so text is not compared. */
function toTimeBounds(rows: readonly MappedRow[]): readonly [string, string] {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let before: string | null = null;
  for (const { observedAt } of rows) {
    // Rows come in the order of their time, and many share one.
    if (observedAt !== null && observedAt === before) continue;
    before = observedAt;
    const time = Date.parse(observedAt ?? '');
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  // Milliseconds of a JavaScript time; microseconds beyond them are covered by one more.
  return [new Date(first).toISOString(), new Date(last + 1).toISOString()];
}

// By type, in writing order, so that targets of links land before the rows that name them.
function toGroups(unit: UnitPlan, rows: readonly MappedRow[], mostBound: number): readonly Group[] {
  const groups = new Map<string, { index: number; row: MappedRow }[]>();
  rows.forEach((row, index) => {
    const group = groups.get(row.type);
    if (group === undefined) groups.set(row.type, [{ index, row }]);
    else group.push({ index, row });
  });
  return [...unit.types.keys()].flatMap((type) => {
    const found = groups.get(type);
    return found === undefined ? [] : [{ type, rows: found, isBound: found.length <= mostBound }];
  });
}

/** A session empties all of its staging tables at each commit that has used one: it keeps few. */
const MOST_STAGES = 4;

// Outside the page's transaction: a table that is made in one that fails would be gone, and the session would not know.
async function openStages(
  writer: Writer,
  client: pg.PoolClient,
  unit: UnitPlan,
  groups: readonly Group[],
): Promise<void> {
  const known = writer.staged.get(client) ?? new Set<string>();
  writer.staged.set(client, known);
  const wanted = groups
    .filter(({ isBound }) => !isBound)
    .map(({ type }) => writer.statementsOf(unit, type).stage);
  for (const { table, create } of wanted) {
    if (!known.delete(table)) await client.query(create);
    known.add(table);
  }
  for (const table of [...known].slice(0, -Math.max(MOST_STAGES, wanted.length))) {
    await client.query(`DROP TABLE ${table}`);
    known.delete(table);
  }
}

function toTypeChanges(written: readonly Written[]): readonly TypeChange[] {
  return written
    .filter(({ changed }) => changed)
    .map(({ type, written: rows, living, divisions }) => ({ type, landed: rows, living, divisions }));
}

async function writeType(commit: Commit, group: Group, version: bigint): Promise<Written> {
  const { client, writer, unit } = commit;
  const { isBound } = group;
  const statements = writer.statementsOf(unit, group.type);
  const targets = { known: writer.targets, found: commit.found };
  const { ready, held } = await resolveLinks(client, unit, statements.plan, group.rows, targets);
  const { single, doubled } = commit.page.remember
    ? await singleOut(client, statements.plan, toScanRun(commit), ready)
    : { single: ready, doubled: [] };
  const { lines, rows, refused } = encodeRows(statements.stage, single, commit.page);
  let written = 0;
  let deleted = 0;
  let living = 0;
  let ignored = 0;
  const places: MergeCounts['divisions'][] = [];
  const unique = toUniqueRows(
    statements.plan,
    rows.map((ready, index) => ({ ready, line: lines[index] ?? '' })),
  );
  for (const { form, staged } of unique) {
    const counts = await writeRows(commit, statements, { form, staged, version, isBound });
    deleted += counts.deleted;
    written += counts.written;
    living += counts.living;
    ignored += counts.ignored;
    places.push(counts.divisions);
    if (unique.length > 1 && !isBound) await client.query(`TRUNCATE ${statements.stage.table}`);
  }
  return {
    type: group.type,
    landed: rows,
    held,
    refused,
    doubled,
    written,
    deleted,
    living,
    ignored,
    unchanged: rows.length - written - deleted - ignored,
    changed: written + deleted > 0,
    divisions: toChangedDivisions(places),
  };
}

type MergeSums = {
  readonly written: number;
  readonly deleted: number;
  readonly living: number;
  readonly ignored: number;
  readonly divisions: MergeCounts['divisions'];
};

type RowsToWrite = {
  readonly form: number | null;
  readonly staged: readonly StagedRow[];
  /** The type's version before this page, or, of a merge, its own. */
  readonly version: bigint;
  readonly isBound: boolean;
};

/** Fewer new rows than this are no sign that the next page's are new too. */
const LEAST_FRESH = 100;

// Few rows with their merge; many straight into the table while that goes well, which is as long as a first load lasts; else by
// staging and merging.
async function writeRows(
  commit: Commit,
  statements: TypeStatements,
  { form, staged, version, isBound }: RowsToWrite,
): Promise<MergeSums> {
  const { client, writer, unit, run, page, options } = commit;
  const { plan, fresh } = statements;
  if (isBound) {
    const counts = await merge(commit, statements, { form, staged, version: version + 1n, isBound });
    return noteFresh(writer, plan, staged, counts);
  }
  if (fresh !== null && staged.length > 0 && (version === 0n || writer.fresh.has(plan.table))) {
    const counts = await insertFresh(client, plan, fresh, staged, {
      now: options.now,
      run: run.id,
      manifest: unit.unit.manifest,
      receivedAt: page.receivedAt,
      version: version + 1n,
    });
    if (counts !== null) return noteFresh(writer, plan, staged, counts);
  }
  await copyStage(client, statements.stage, staged);
  const counts = await merge(commit, statements, { form, staged, version: version + 1n, isBound });
  return noteFresh(writer, plan, staged, counts);
}

function noteFresh(
  { fresh }: Writer,
  { table }: TypePlan,
  { length }: readonly StagedRow[],
  counts: MergeCounts | undefined,
): MergeSums {
  if (length >= LEAST_FRESH && Number(counts?.inserted ?? 0) === length) fresh.add(table);
  else fresh.delete(table);
  return toSums(counts);
}

async function merge(
  { client, run, page, unit, options }: Commit,
  { plan, stage, mergeOf, boundMergeOf }: TypeStatements,
  { form, staged, version, isBound }: RowsToWrite,
): Promise<MergeCounts | undefined> {
  const bounds = plan.partitioned ? toTimeBounds(staged.map(({ ready: { row } }) => row)) : [];
  const values = [
    options.now,
    run.id,
    unit.unit.manifest,
    page.receivedAt,
    version,
    page.seenAt ?? null,
    page.seenIn ?? null,
    ...bounds,
    ...(isBound ? toBoundLists(stage, staged) : []),
  ];
  const { rows } = await client.query<MergeCounts>({
    ...(isBound ? boundMergeOf(form) : { text: mergeOf(form) }),
    values,
  });
  return rows[0];
}

function toSums(counts: MergeCounts | undefined): MergeSums {
  const gone = Number(counts?.inserted_gone ?? 0) + Number(counts?.updated_gone ?? 0);
  return {
    deleted: gone,
    written: Number(counts?.inserted ?? 0) + Number(counts?.updated ?? 0) - gone,
    living: Number(counts?.living ?? 0),
    ignored: Number(counts?.ignored ?? 0),
    divisions: counts?.divisions ?? [null],
  };
}

async function settle(
  { client, run, page, options }: Commit,
  written: readonly Written[],
  still: readonly string[],
): Promise<void> {
  const landed = written.flatMap(({ type, landed: rows }) =>
    rows.map(({ index, row }) => ({
      type,
      record: page.recordOf(index),
      mark: toNativeMark(type, row.native),
    })),
  );
  const replayed = page.replayed ?? [];
  const seenIn = page.seenIn ?? (page.seenAt === undefined ? run.id : null);
  const seenAt = page.seenAt ?? options.now;
  await dropSettled(client, run.lease.feed, { landed, replayed, still, seenIn, seenAt });
}

/** The run under whose number a snapshot's keys are remembered: the one that began the scan. */
function toScanRun({ run, page }: Pick<Commit, 'run' | 'page'>): string {
  return page.mark.scan?.run ?? run.id;
}

async function remember(
  { client, writer, unit, run, page }: Commit,
  written: readonly Written[],
  kept: readonly Kept[],
): Promise<void> {
  const scanRun = toScanRun({ run, page });
  for (const { name } of toTypesOfFeed(unit.unit, run.lease.feed)) {
    const rows = written.find(({ type }) => type === name);
    const seen = [
      ...(rows?.landed ?? []).map(({ key }) => ({ type: name, key, aside: false })),
      ...(rows?.held ?? []).flatMap(({ row }) =>
        row.key === null ? [] : [{ type: name, key: row.key, aside: true }],
      ),
    ];
    await rememberKeys(client, scanRun, seen);
    const aside = kept.filter(({ type }) => type === null || type === name).map(({ record }) => record);
    const { plan } = writer.statementsOf(unit, name);
    if (aside.length > 0) await rememberSetAside(client, scanRun, plan, run.lease.feed, aside);
  }
}
