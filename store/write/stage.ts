// A page's rows of one type on their way into the database: encoded to COPY text, then copied into a temporary table of
// the session, where the merge finds them. What a column cannot hold comes back instead, one row at a time.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { UnitType } from '../../connectors/kit/manifest/model.ts';
import type { MappedRow, MappedValue } from '../../connectors/kit/mapping/outcome.ts';
import { OWN, type SqlType, type StoredColumn } from '../columns.ts';
import type { PageCommit } from '../contract.ts';
import { quoteIdentifier, quoteList, toDigest, toShortName } from '../sql-identifiers.ts';
import {
  type FieldWriter,
  isSoundText,
  NULL_FIELD,
  toCopyField,
  toFieldWriter,
  toPrintableText,
  UnstorableValue,
} from './copy-text.ts';
import type { ReadyRow } from './links.ts';
import type { TypePlan } from './unit-plan.ts';

/** The staging table of a type: what differs from row to row. What is the same for a whole page is bound in the merge. */
export type Stage = {
  /** Quoted, in pg_temp. */
  readonly table: string;
  readonly create: string;
  readonly columns: readonly StageColumn[];
};

type StageColumn = {
  readonly column: string;
  readonly sqlType: SqlType;
  readonly stored: StoredColumn;
  /** A row's field of this column, escaped. Throws UnstorableValue. */
  readonly encode: Encode;
};

type Encode = (ready: ReadyRow, page: Pick<PageCommit, 'digestOf' | 'scope'>) => string;

/** The staging column that says whether the source marked the row as deleted. */
export const DELETED = '_deleted';

/** The hub's own columns that come with each row. */
const STAGED_OWN = new Set<string>([
  OWN.key,
  OWN.source,
  OWN.form,
  OWN.native,
  OWN.observedAt,
  OWN.hash,
  OWN.digest,
  OWN.division,
  OWN.divisionBasis,
  OWN.faults,
  OWN.scope,
]);

export function toStage(plan: TypePlan): Stage {
  const columns: readonly StageColumn[] = plan.columns
    .filter(({ column, field, link }) => field !== null || link !== null || STAGED_OWN.has(column))
    .map((stored) => ({
      column: stored.column,
      sqlType: stored.sqlType,
      stored,
      encode: compileEncode(plan.type, stored),
    }));
  const definition = columns.map(({ column, sqlType, stored }) => {
    const collate = stored.collate === null ? '' : ` COLLATE "${stored.collate}"`;
    return `${quoteIdentifier(column)} ${sqlType}${collate}`;
  });
  definition.push(`${DELETED} bool`);
  // A migrated type gets a staging table of another name, so that a session never uses an outdated one.
  const name = toShortName(
    `stage_${toDigest(plan.table + definition.join())}_${plan.type.name.toLowerCase()}`,
  );
  const table = `pg_temp.${quoteIdentifier(name)}`;
  return {
    table,
    columns,
    create: `CREATE TEMP TABLE IF NOT EXISTS ${quoteIdentifier(name)} (${definition.join(', ')}) ON COMMIT DELETE ROWS`,
  };
}

export type Encoded = {
  /** A row's own fields, separated; what a COPY wants behind them is its own to add. */
  readonly lines: readonly string[];
  readonly rows: readonly ReadyRow[];
  readonly refused: readonly {
    readonly ready: ReadyRow;
    readonly field: string | null;
    readonly fault: UnstorableValue;
  }[];
};

/** Lines for COPY; rows with a value that its column cannot hold are in `refused`. Pure. */
export function encodeRows(
  stage: Stage,
  rows: readonly ReadyRow[],
  page: Pick<PageCommit, 'digestOf' | 'scope'>,
): Encoded {
  const lines: string[] = [];
  const kept: ReadyRow[] = [];
  const fields: string[] = [];
  const refused: { ready: ReadyRow; field: string | null; fault: UnstorableValue }[] = [];
  for (const ready of rows) {
    fields.length = 0;
    try {
      for (const { encode } of stage.columns) fields.push(encode(ready, page));
      lines.push(fields.join('\t'));
      kept.push(ready);
    } catch (error) {
      if (!(error instanceof UnstorableValue)) throw error;
      const stored = stage.columns[fields.length]?.stored;
      refused.push({ ready, field: stored?.field ?? stored?.link ?? null, fault: error });
    }
  }
  return { lines, rows: kept, refused };
}

/** PostgreSQL's indexes take no entry beyond a third of a page. */
const LONGEST_KEY_BYTES = 2000;

// The fields of a `unique` share one entry.
function toMostBytes({ unique }: UnitType, field: string | null): number | null {
  const shares = unique.filter((fields) => field !== null && fields.includes(field));
  return shares.length === 0
    ? null
    : Math.floor(LONGEST_KEY_BYTES / Math.max(...shares.map(({ length }) => length)));
}

// Once a column, so that a row is not asked anew what its columns are.
function compileEncode(type: UnitType, stored: StoredColumn): Encode {
  const { sqlType, field, link } = stored;
  const write = toFieldWriter(sqlType);
  const toField: FieldWriter = (value) => (value === null || value === undefined ? NULL_FIELD : write(value));
  if (link !== null) return ({ links }) => toKeyField(links.get(link) ?? null);
  if (field === null) return compileOwn(stored, toField);
  const mostBytes = toMostBytes(type, field);
  if (mostBytes === null && stored.part === null) return ({ row }) => toField(row.values[field]);
  return ({ row }) => {
    const value = toPart(row.values[field], stored);
    if (mostBytes !== null && typeof value === 'string' && Buffer.byteLength(value) > mostBytes)
      throw new UnstorableValue(
        'HUB_MAP_TEXT',
        `what names a row must not have more than ${mostBytes} bytes`,
      );
    return toField(value);
  };
}

function toKeyField(key: string | null): string {
  // No character has more than three bytes for each of its units.
  if (key !== null && key.length * 3 > LONGEST_KEY_BYTES && Buffer.byteLength(key) > LONGEST_KEY_BYTES)
    throw new UnstorableValue('HUB_MAP_TEXT', `a key must not have more than ${LONGEST_KEY_BYTES} bytes`);
  return toCopyField('text', key);
}

function toPart(value: MappedValue | undefined, stored: StoredColumn): unknown {
  if (stored.part === null || value === null || value === undefined) return value;
  return typeof value === 'object' && 'lon' in value ? value[stored.part] : null;
}

function compileOwn({ column, notNull }: StoredColumn, toField: FieldWriter): Encode {
  switch (column) {
    case OWN.key:
      return ({ key }) => toKeyField(key);
    case OWN.source:
      return ({ row }) => toField(row.source);
    case OWN.form:
      return ({ row }) => toField(row.form);
    case OWN.native:
      return ({ row }) => toField(toStorableNative(row.native));
    case OWN.observedAt:
      return ({ row }) => {
        if (notNull && row.observedAt === null)
          throw new UnstorableValue('HUB_MAP_TIME', 'a reading must have its time');
        return toField(row.observedAt);
      };
    case OWN.hash:
      return ({ row }) => toField(row.hash);
    case OWN.digest:
      return ({ index }, { digestOf }) => digestOf(index) ?? NULL_FIELD;
    case OWN.scope:
      return (_ready, { scope }) => toField(scope);
    case OWN.division:
      return ({ row }) => toField(row.division.code);
    case OWN.divisionBasis:
      return ({ row }) => toField(row.division.basis);
    case OWN.faults:
      return ({ row }) => (row.faults.length === 0 ? NULL_FIELD : toField(row.faults.map(toPrintable)));
    default:
      return () => NULL_FIELD;
  }
}

/** The native key as jsonb holds it: what the source padded with NUL is shown with NUL's picture. */
export function toStorableNative(native: MappedRow['native']): MappedRow['native'] {
  if (isStorable(native)) return native;
  return Object.fromEntries(
    Object.entries(native).map(([column, value]) => [column, value === null ? null : toPrintableText(value)]),
  );
}

function isStorable(native: MappedRow['native']): boolean {
  for (const column in native) {
    const value = native[column];
    if (typeof value === 'string' && !isSoundText(value)) return false;
  }
  return true;
}

// The raw value of a damaged field may hold what no column can; its fault still lands, with a picture of it.
function toPrintable<Fault extends { readonly raw: string | null; readonly message: string }>(
  fault: Fault,
): Fault {
  const { raw, message } = fault;
  return { ...fault, raw: raw === null ? null : toPrintableText(raw), message: toPrintableText(message) };
}

/** Lines go over the wire in pieces of this many rows. */
const ROWS_PER_CHUNK = 1000;

/** A row and its own fields as a line's beginning. */
export type StagedRow = { readonly ready: ReadyRow; readonly line: string };

/** One COPY into the staging table, which holds this page's rows until the transaction ends. */
export async function copyStage(
  client: pg.PoolClient,
  stage: Stage,
  rows: readonly StagedRow[],
): Promise<void> {
  const names = quoteList([...stage.columns.map(({ column }) => column), DELETED]);
  const lines = rows.map(({ line, ready }) => `${line}\t${ready.row.deleted ? 't' : 'f'}\n`);
  await copyLines(client, `COPY ${stage.table} (${names}) FROM STDIN`, lines);
}

/** One COPY of whole lines. */
export async function copyLines(
  client: pg.PoolClient,
  copy: string,
  lines: readonly string[],
): Promise<void> {
  await pipeline(Readable.from(toChunks(lines)), client.query(copyFrom(copy)));
}

function* toChunks(lines: readonly string[]): Generator<Buffer> {
  for (let at = 0; at < lines.length; at += ROWS_PER_CHUNK)
    yield Buffer.from(lines.slice(at, at + ROWS_PER_CHUNK).join(''));
}
