// PostgreSQL and what speaks its protocol. Every value comes as text, so that no zone and no digit is lost.
import pg from 'pg';
import type { ColumnKind, ColumnShape, RawValue } from '../../../kit/contract.ts';
import { type Bind, type Fragment, toFragment } from '../fragment.ts';
import type { Dialect } from './dialect.ts';
import { fitsLong, toBaseType } from './dialect.ts';
import { pgCatalogue } from './pg-catalogue.ts';

const KINDS: { readonly [native: string]: ColumnKind } = {
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  oid: 'integer',
  numeric: 'decimal',
  money: 'decimal',
  real: 'float',
  'double precision': 'float',
  boolean: 'boolean',
  text: 'text',
  character: 'text',
  'character varying': 'text',
  bpchar: 'text',
  '"char"': 'text',
  name: 'text',
  citext: 'text',
  uuid: 'text',
  bytea: 'bytes',
  json: 'json',
  jsonb: 'json',
  date: 'date',
  'time without time zone': 'time',
  'time with time zone': 'time',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
};
const PLAIN_TEXT = new Set(['text', 'character', 'character varying', 'bpchar', 'name']);
const CASTS: { readonly [kind in ColumnKind]?: string } = {
  boolean: 'boolean',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Parser = (text: string) => RawValue;
const toNumber: Parser = (text) => (Number.isFinite(Number(text)) ? Number(text) : text);
const toBytes: Parser = (text) =>
  text.startsWith('\\x') ? Buffer.from(text.slice(2), 'hex') : Buffer.from(text, 'latin1');
const TEXT_LIST = 1009 as Parameters<typeof pg.types.getTypeParser>[0];
const toList: Parser = (text) => pg.types.getTypeParser(TEXT_LIST)(text) as RawValue;
/** By type oid: int2, int4, float4, float8, bool, bytea, then arrays (their members stay text). Others stay text. */
const PARSERS = new Map<number, Parser>([
  ...[21, 23, 700, 701].map((oid) => [oid, toNumber] as const),
  [16, (text) => text === 't'],
  [17, toBytes],
  ...[1000, 1005, 1007, 1009, 1014, 1015, 1016, 1021, 1022, 1115, 1182, 1185, 1231, 2951].map(
    (oid) => [oid, toList] as const,
  ),
]);

function bind(column: ColumnShape, value: Bind): Fragment | null {
  const native = toBaseType(column.native);
  const text = String(value);
  // PostgreSQL cannot store U+0000 in text: nothing can equal it, and asking would fail the whole statement.
  if (text.includes('\u0000')) return null;
  if (native === 'uuid') return UUID.test(text) ? toFragment('cast(? as uuid)', text) : null;
  switch (column.kind) {
    case 'integer':
      return toFragment(fitsLong(text) ? 'cast(? as bigint)' : 'cast(? as numeric)', text);
    case 'decimal':
      return toFragment('cast(? as numeric)', text);
    case 'float':
      return toFragment(native === 'real' ? 'cast(? as real)' : 'cast(? as double precision)', text);
    case 'date':
      return toFragment(text.length > 10 ? 'cast(? as timestamp)' : 'cast(? as date)', text);
    case 'time':
      return toFragment(`cast(? as ${native})`, text);
    case 'bytes':
      return toFragment("decode(?, 'hex')", text);
    default: {
      const cast = CASTS[column.kind];
      return toFragment(cast === undefined ? '?' : `cast(? as ${cast})`, text);
    }
  }
}

export const pgDialect: Dialect = {
  name: 'PostgreSQL',
  client: 'pg',
  maxParameters: 65_535,
  maxList: 65_535,
  nulls: 'last',
  likeSigns: '%_',
  catalogue: pgCatalogue,
  toConnection: ({ target, timeoutMs, openSocket }) => ({
    host: target.host,
    port: target.port ?? 5432,
    user: target.user,
    password: target.password,
    database: target.database,
    ssl: target.tls === 'off' ? false : { rejectUnauthorized: target.tls === 'verified' },
    application_name: 'one-network',
    connectionTimeoutMillis: timeoutMs,
    keepAlive: true,
    stream: openSocket,
    types: { getTypeParser: (oid: number) => PARSERS.get(oid) ?? ((text: string) => text) },
  }),
  session: (timeoutMs) => [
    'set default_transaction_read_only = on',
    `set statement_timeout = ${timeoutMs}`,
    "set timezone = 'UTC'",
    "set datestyle = 'ISO, YMD'",
    "set intervalstyle = 'iso_8601'",
    'set extra_float_digits = 3',
    'set standard_conforming_strings = on',
  ],
  cancel: (client, connection) => client.cancelQuery(connection),
  destroy: (connection) =>
    (connection as { connection: { stream: { destroy(): void } } }).connection.stream.destroy(),
  toKind: (native) => KINDS[toBaseType(native)] ?? 'other',
  read: (column, sql) => (column.native === 'money' ? `cast(${sql} as numeric)` : sql),
  compare: (column, sql) => {
    if (column.native === 'money') return `cast(${sql} as numeric)`;
    // Enums, network addresses and the like have no operator that takes text.
    const asText = column.kind === 'other' || (column.kind === 'text' && !isText(column.native));
    return asText ? `cast(${sql} as text)` : sql;
  },
  exact: () => null,
  trim: (sql) => `trim(${sql})`,
  common: (condition) => `coalesce(${condition}, false)`,
  bind,
  // A row's own text marks null and quotes what would be mistaken. md5, because what speaks this protocol in government
  // houses is often older than hashtextextended (PostgreSQL 11).
  digest: (columns) =>
    `('x' || substr(md5(cast(row(${columns.map(({ sql }) => sql).join(', ')}) as text)), 1, 16))::bit(64)::bigint`,
  total: (digest) => `sum(${digest})`,
  bucket: (_column, sql, per) =>
    `to_char(cast(${sql} as timestamp), 'YYYY-MM-DD ${per === 'hour' ? 'HH24' : '00'}:00:00')`,
  toFault: ({ code }) => {
    if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return null;
    if (['42P01', '42703', '3F000', '42883'].includes(code)) return 'HUB_SOURCE_SHAPE';
    if (code.startsWith('28') || code === '42501' || code === '3D000') return 'HUB_SOURCE_REFUSED';
    if (code === '57014' || code === '55P03') return 'HUB_SOURCE_TIMEOUT';
    if (code.startsWith('08') || code.startsWith('57P') || code === '53300') return 'HUB_SOURCE_UNREACHABLE';
    return 'HUB_SOURCE_QUERY';
  },
};

function isText(native: string): boolean {
  const base = toBaseType(native);
  return PLAIN_TEXT.has(base) || base === 'uuid';
}
