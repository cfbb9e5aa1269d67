// A page whose rows are all expected to be new, as in a first load: copied straight into the type's table, without staging
// and merging it (half of what PostgreSQL does for such a page). When one of its keys stands already nothing is written, and
// the page is merged like any other.
import type pg from 'pg';
import { toInheritingLink } from '../../connectors/kit/manifest/inheriting-link.ts';
import { HubError } from '../../schema/errors.ts';
import { toPlacesSql } from '../changes/divisions.ts';
import { OWN } from '../columns.ts';
import { hasSqlState } from '../connect/store-error.ts';
import { quoteList } from '../sql-identifiers.ts';
import { type FieldWriter, NULL_FIELD, toFieldWriter } from './copy-text.ts';
import type { MergeCounts } from './merge-row.ts';
import { copyLines, type Stage, type StagedRow } from './stage.ts';
import type { TypePlan } from './unit-plan.ts';

/** What is the same for all rows of a page: the binds of a merge by another way. */
export type PageValues = {
  readonly now: string;
  readonly run: string;
  readonly manifest: string;
  readonly receivedAt: string;
  readonly version: bigint;
};

/** Where a type's pages are copied to, and how its rows' places are read. */
export type FreshStatements = {
  readonly copy: string;
  readonly places: string;
  /** The fields of a line behind a row's own: of a living row and of one that came deleted. */
  readonly toTail: (page: PageValues) => { readonly living: string; readonly gone: string };
};

/** Null for types whose forms merge by field: what a new row of theirs holds is the merge's to say. */
export function toFreshStatements(plan: TypePlan, stage: Stage): FreshStatements | null {
  if (plan.type.merge !== 'row') return null;
  const staged = new Set(stage.columns.map(({ column }) => column));
  const own = plan.columns.filter(({ column }) => staged.has(column));
  const tail = plan.columns.filter(({ column }) => !staged.has(column));
  const toText = tail.map(({ column, sqlType }) => compileTail(column, toFieldWriter(sqlType)));
  const toLine = (page: PageValues, gone: boolean) => `\t${toText.map((of) => of(page, gone)).join('\t')}\n`;
  const places = toPlacesSql(plan.unit, plan.type);
  return {
    copy: `COPY ${plan.table} (${quoteList([...own, ...tail].map(({ column }) => column))}) FROM STDIN`,
    places: `WITH places AS (SELECT * FROM unnest($1::text[], $2::text[]) AS p(_place, _via)) SELECT ${places.list('places')} AS divisions`,
    toTail: (page) => ({ living: toLine(page, false), gone: toLine(page, true) }),
  };
}

function compileTail(column: string, write: FieldWriter): (page: PageValues, gone: boolean) => string {
  switch (column) {
    case OWN.run:
      return ({ run }) => write(run);
    case OWN.manifest:
      return ({ manifest }) => write(manifest);
    case OWN.receivedAt:
      return ({ receivedAt }) => write(receivedAt);
    case OWN.version:
      return ({ version }) => write(version);
    case OWN.knownFrom:
      return ({ now }) => write(now);
    case OWN.goneAt:
      return ({ now }, gone) => (gone ? write(now) : NULL_FIELD);
    default:
      throw new HubError('HUB_INTERNAL', `the column ${column} is given by no row and by no page`);
  }
}

const UNIQUE_VIOLATION = '23505';

/** As a merge counts them; null when a key stood already, and nothing was written. In the page's transaction, under lockTypes. */
export async function insertFresh(
  client: pg.PoolClient,
  plan: TypePlan,
  statements: FreshStatements,
  rows: readonly StagedRow[],
  page: PageValues,
): Promise<MergeCounts | null> {
  const tail = statements.toTail(page);
  await client.query('SAVEPOINT fresh');
  try {
    const lines = rows.map(({ line, ready }) => line + (ready.row.deleted ? tail.gone : tail.living));
    await copyLines(client, statements.copy, lines);
  } catch (error) {
    if (!hasSqlState(error, UNIQUE_VIOLATION)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT fresh');
    return null;
  }
  const gone = rows.filter(({ ready }) => ready.row.deleted).length;
  return {
    inserted: String(rows.length),
    inserted_gone: String(gone),
    updated: '0',
    updated_gone: '0',
    living: String(rows.length - gone),
    ignored: '0',
    divisions: await readDivisions(client, plan, statements, rows),
  };
}

async function readDivisions(
  client: pg.PoolClient,
  plan: TypePlan,
  { places }: FreshStatements,
  rows: readonly StagedRow[],
): Promise<MergeCounts['divisions']> {
  const link = toInheritingLink(plan.type);
  const pairs = new Map<string, readonly [string | null, string | null]>();
  for (const { ready } of rows) {
    const place = ready.row.division.code;
    const via = link === null ? null : (ready.links.get(link) ?? null);
    pairs.set(`${place ?? ''}~${via ?? ''}`, [place, via]);
  }
  const distinct = [...pairs.values()];
  const { rows: read } = await client.query<Pick<MergeCounts, 'divisions'>>(places, [
    distinct.map(([place]) => place),
    distinct.map(([, via]) => via),
  ]);
  return read[0]?.divisions ?? [null];
}
