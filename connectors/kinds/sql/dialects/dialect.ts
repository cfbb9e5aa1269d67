// What one database product is to this kind: limits, texts and small pure functions. Everything outside this folder
// asks a Dialect and never which product it is.
import type { Socket } from 'node:net';
import type { ErrorCode } from '../../../../schema/errors.ts';
import type { ColumnKind, ColumnShape } from '../../../kit/contract.ts';
import type { Bind, Fragment } from '../fragment.ts';

/** `unverified`: encrypted, whoever answers. */
export type Tls = 'off' | 'unverified' | 'verified';
export type Target = {
  readonly host: string;
  readonly port: number | null;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls: Tls;
};

/** What a dialect builds its driver's connection settings from. */
export type Wiring = {
  readonly target: Target;
  readonly timeoutMs: number;
  /** An unconnected socket that the pool can destroy when the source is closed. */
  readonly openSocket: () => Socket;
};

/** What a driver throws, as far as classification looks at it. Its message is never shown: it may quote values. */
export type DriverError = {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly number?: unknown;
  readonly errorNum?: unknown;
};

/** The part of knex's client that stops a statement from a second connection. */
export type Canceller = { cancelQuery(connection: object): Promise<unknown> };

/**
 * Three queries with two binds each, both the schema's name (null = the default one), answering lower-case columns:
 * columns → schema_name object_name column_name native nullable(0/1) position;
 * keys → schema_name object_name index_name is_primary(0/1) column_name position (unique indexes without conditions);
 * rows → schema_name object_name row_estimate.
 */
export type CatalogueQueries = { readonly columns: string; readonly keys: string; readonly rows: string };

export type Dialect = {
  readonly name: string;
  readonly client: 'pg' | 'mysql2' | 'mssql' | 'oracledb';
  /** Parameters that one statement takes. */
  readonly maxParameters: number;
  /** Members that one `in (…)` list takes. */
  readonly maxList: number;
  /** Where ascending order puts null. */
  readonly nulls: 'first' | 'last';
  /** Characters that `like` gives a meaning to, beside the escape sign `!`. */
  readonly likeSigns: string;
  readonly catalogue: CatalogueQueries;
  toConnection(wiring: Wiring): object;
  /** Statements that every new connection runs first: read only, UTC, statement time-out. */
  session(timeoutMs: number): readonly string[];
  /** Stops what the connection is running on the server; may fail, the connection is thrown away afterwards. */
  cancel(client: Canceller, connection: object): Promise<unknown>;
  /** Ends the connection at once, without a goodbye that a hanging server would not answer. */
  destroy(connection: object): void;
  toKind(native: string): ColumnKind;
  /** Expression that selects a column as the contract's RawValue wants it. `sql` is the quoted column. */
  read(column: ColumnShape, sql: string): string;
  /** Expression that is compared and ordered by. */
  compare(column: ColumnShape, sql: string): string;
  /** Expression that tells apart texts which the column's collation holds equal (case, width); null where `=` does. */
  exact(column: ColumnShape, sql: string): string | null;
  /** Expression without the spaces around a text. */
  trim(sql: string): string;
  /**
   * A condition on trimmed text, said so that the planner does not take it for rare: PostgreSQL has no statistics of an
   * expression, expects 0.5 % of the rows, and would read and sort the whole table for each page in the order of its index.
   */
  common(condition: string): string;
  /** A value as a bind of the column's own type; null when the column cannot hold it. */
  bind(column: ColumnShape, value: Bind): Fragment | null;
  /** A number of at most 64 bits over these columns of one row: equal content, equal number, whatever each holds. */
  digest(columns: readonly DigestColumn[]): string;
  /** Sum of such numbers, without losing a digit on the way out. */
  total(digest: string): string;
  /** Beginning of the hour or day of a time, `yyyy-MM-dd HH:00:00`; null of null. A time with a zone is put into UTC's. */
  bucket(column: ColumnShape, sql: string, per: 'hour' | 'day'): string;
  toFault(error: DriverError): ErrorCode | null;
};

/** `sql` is the quoted column. */
export type DigestColumn = { readonly column: ColumnShape; readonly sql: string };

/** The type's word without length: `numeric(10,2)` → `numeric`, `timestamp(6) with time zone` → itself without digits. */
export function toBaseType(native: string): string {
  return native
    .toLowerCase()
    .replace(/\s*\([^)]*\)/g, '')
    .trim();
}

/** Tells whether an integer's text fits into 64 bits. */
export function fitsLong(text: string): boolean {
  if (!/^-?\d{1,19}$/.test(text)) return false;
  const value = BigInt(text);
  return value >= -(2n ** 63n) && value < 2n ** 63n;
}

/** Digits behind the point of a plain decimal. */
export function fractionDigits(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

/** A UTC instant of the contract (`2026-04-05T00:00:00+00:00`) as the wall clock of a session in UTC. */
export function toUtcWallClock(value: string): string {
  return value.replace('T', ' ').replace('+00:00', '');
}
