// digest(): the records of an object counted and summed by the database, piece by piece; and the digest of a single one
// that a page brings beside it. Both are made of the same expression, so that they can be compared.
import type { Knex } from 'knex';
import { HubError } from '../../../schema/errors.ts';
import type { BucketDigest, Digest, DigestRequest } from '../../kit/contract.ts';
import { findColumn } from './catalogue.ts';
import type { Table } from './catalogue-rows.ts';
import { planFilter, type Speech } from './filter.ts';
import { toTableName } from './selection.ts';

/** Alias of the digest beside a page's columns, which are called c0, c1, … */
export const DIGEST = 'digest';

type Row = { readonly [alias: string]: unknown };
export type DigestPlan = {
  readonly query: Knex.QueryBuilder;
  toBuckets(rows: readonly Row[]): readonly BucketDigest[];
};

/** One statement. Throws HUB_SOURCE_UNSUPPORTED for a condition that the database cannot evaluate as the hub does. */
export function planDigest(table: Table, request: DigestRequest, speech: Speech, db: Knex): DigestPlan {
  const { where, refused } = planFilter(table, request.filter ?? [], speech);
  const [left] = refused;
  if (left !== undefined) throw toRefused(left.column, speech);
  const { dialect, quote } = speech;
  const piece = request.bucket === null ? null : toBucketSql(table, request.bucket, speech);
  const total = dialect.total(toDigestSql(table, request.columns, speech));
  const list = [`count(*) as ${quote('n')}`, `${total} as ${quote('total')}`];
  const query = db
    .select(
      [...(piece === null ? [] : [`${piece} as ${quote('piece')}`]), ...list].map((item) => db.raw(item)),
    )
    .from(db.raw(toTableName(table, quote)))
    .whereRaw(where.sql, [...where.binds]);
  if (piece !== null) query.groupByRaw(piece);
  return {
    query,
    toBuckets: (rows) =>
      rows
        .map((row) => ({
          from: typeof row.piece === 'string' ? row.piece : null,
          count: Number(row.n),
          sum: toWhole(row.total ?? 0),
        }))
        .filter(({ count }) => count > 0)
        .sort((a, b) => (a.from ?? '').localeCompare(b.from ?? '')),
  };
}

export function toDigestSql(table: Table, columns: readonly string[], speech: Speech): string {
  return speech.dialect.digest(
    columns.map((name) => {
      const column = findColumn(table, name, speech.place);
      return { column, sql: speech.quote(column.name) };
    }),
  );
}

const PLAIN = /^-?[1-9]\d*$/;

/** As every driver hands out a whole number, in one spelling. */
export function toWhole(value: unknown): Digest {
  if (typeof value === 'string' && PLAIN.test(value)) return value;
  return BigInt(String(value).replace(/\.0*$/, '')).toString();
}

function toBucketSql(table: Table, bucket: NonNullable<DigestRequest['bucket']>, speech: Speech): string {
  const column = findColumn(table, bucket.column, speech.place);
  if (!['date', 'timestamp', 'timestamptz'].includes(column.kind))
    throw new HubError(
      'HUB_SOURCE_SHAPE',
      `"${column.name}" holds ${column.native}; pieces of time need a date or a timestamp`,
      { place: { ...speech.place, column: column.name } },
    );
  return speech.dialect.bucket(column, speech.quote(column.name), bucket.per);
}

function toRefused(column: string, { place }: Speech): HubError {
  return new HubError(
    'HUB_SOURCE_UNSUPPORTED',
    `${place.unit}.${place.source}: the condition on "${column}" cannot be counted by the database as the hub reads it`,
    { place: { ...place, column } },
  );
}
