// Oracle through the thin driver. Not verified over the wire: no server was at hand, its SQL is asserted as text
// (dialects.test.ts). Numbers and times are made text by the server, so that no digit and no zone depends on the driver.
import type { ColumnKind, ColumnShape } from '../../../kit/contract.ts';
import { type Bind, type Fragment, toFragment } from '../fragment.ts';
import type { Dialect, DigestColumn, Wiring } from './dialect.ts';
import { toBaseType } from './dialect.ts';
import { oracleCatalogue } from './oracle-catalogue.ts';

const KINDS: { readonly [native: string]: ColumnKind } = {
  float: 'decimal',
  binary_float: 'float',
  binary_double: 'float',
  char: 'text',
  nchar: 'text',
  varchar2: 'text',
  nvarchar2: 'text',
  clob: 'text',
  nclob: 'text',
  long: 'text',
  rowid: 'text',
  raw: 'bytes',
  blob: 'bytes',
  'long raw': 'bytes',
  // Oracle's DATE has a time of day.
  date: 'timestamp',
  timestamp: 'timestamp',
  'timestamp with time zone': 'timestamptz',
  'timestamp with local time zone': 'timestamptz',
};
const PADDED: { readonly [native: string]: string } = {
  char: 'cast(? as char(2000))',
  nchar: 'cast(? as nchar(1000))',
};
const WALL = 'YYYY-MM-DD HH24:MI:SS';
const ZONED = 'YYYY-MM-DD"T"HH24:MI:SS.FF9TZH:TZM';
const SHAPE = new Set([942, 904, 4043, 1747]);
const REFUSED = new Set([1017, 1031, 1045, 28000, 28001, 28009, 1005]);
const UNREACHABLE = new Set([
  3113, 3114, 3135, 12514, 12541, 12545, 12547, 12170, 12528, 12505, 1033, 1034, 1089, 20, 18,
]);

function toKind(native: string): ColumnKind {
  if (/^number(\(\d+,0\))?$/i.test(native)) return /,0\)$/.test(native) ? 'integer' : 'decimal';
  return KINDS[toBaseType(native)] ?? (/^number/i.test(native) ? 'decimal' : 'other');
}

function read(column: ColumnShape, sql: string): string {
  const native = toBaseType(column.native);
  if (column.kind === 'integer' || column.kind === 'decimal') return `to_char(${sql}, 'TM9')`;
  if (native === 'date') return `to_char(${sql}, '${WALL}')`;
  if (column.kind === 'timestamp') return `to_char(${sql}, '${WALL}.FF9')`;
  if (column.kind === 'timestamptz') return `to_char(${sql}, '${ZONED}')`;
  return column.kind === 'other' ? `to_char(${sql})` : sql;
}

function bind(column: ColumnShape, value: Bind): Fragment | null {
  const native = toBaseType(column.native);
  const text = String(value);
  switch (column.kind) {
    // A CHAR column is blank-padded; compared with VARCHAR2, the blanks would count. NCHAR takes 1,000 characters.
    case 'text':
      return toFragment(PADDED[native] ?? '?', text);
    case 'integer':
    case 'decimal':
      return text.replace(/\D/g, '').length > 40 ? null : toFragment('to_number(?)', text);
    case 'float':
      return toFragment('to_binary_double(?)', text);
    case 'timestamp':
      return native === 'date' && !text.includes('.')
        ? toFragment(`to_date(?, '${WALL}')`, text)
        : toFragment(`to_timestamp(?, '${WALL}.FF9')`, text);
    case 'timestamptz':
      return toFragment(
        `to_timestamp_tz(?, '${ZONED}')`,
        text.includes('.') ? text : text.replace('+', '.0+'),
      );
    case 'bytes':
      return toFragment('hextoraw(?)', text);
    default:
      return toFragment('?', text);
  }
}

function toConnection({ target, timeoutMs }: Wiring): object {
  const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
  const scheme = target.tls === 'off' ? '' : 'tcps://';
  return {
    user: target.user,
    password: target.password,
    connectString: `${scheme}${target.host}:${target.port ?? 1521}/${target.database}?connect_timeout=${seconds}&transport_connect_timeout=${seconds}`,
  };
}

export const oracleDialect: Dialect = {
  name: 'Oracle',
  client: 'oracledb',
  maxParameters: 65_535,
  maxList: 1_000,
  nulls: 'last',
  likeSigns: '%_',
  catalogue: oracleCatalogue,
  toConnection,
  session: () => [
    "alter session set time_zone = 'UTC' nls_numeric_characters = '.,' nls_sort = binary nls_comp = binary",
  ],
  cancel: (_client, connection) => (connection as { break(): Promise<void> }).break(),
  destroy: () => undefined,
  toKind,
  read,
  compare: (column, sql) =>
    /^n?clob$/.test(toBaseType(column.native)) ? `dbms_lob.substr(${sql}, 2000, 1)` : sql,
  exact: () => null,
  trim: (sql) => `trim(${sql})`,
  common: (condition) => condition,
  bind,
  // A hash of each column's hash: put together as they are, the columns of a wide table would be longer than a text may be.
  digest: (columns) =>
    `to_number(substr(rawtohex(standard_hash(${columns.map(toDigestPart).join(' || ')}, 'MD5')), 1, 15), 'XXXXXXXXXXXXXXX')`,
  total: (digest) => `to_char(sum(${digest}), 'TM9')`,
  bucket: (column, sql, per) =>
    `to_char(${column.kind === 'timestamptz' ? `sys_extract_utc(${sql})` : sql}, 'YYYY-MM-DD ${per === 'hour' ? 'HH24' : '"00"'}":00:00"')`,
  toFault: ({ errorNum, code }) => {
    const driver = typeof code === 'string' ? /^(?:NJS|DPI)-(\d+)$/.exec(code)?.[1] : undefined;
    if (driver === '123' || driver === '1067') return 'HUB_SOURCE_TIMEOUT';
    if (driver !== undefined && (typeof errorNum !== 'number' || errorNum === 0))
      return 'HUB_SOURCE_UNREACHABLE';
    if (typeof errorNum !== 'number') return null;
    if (SHAPE.has(errorNum)) return 'HUB_SOURCE_SHAPE';
    if (REFUSED.has(errorNum)) return 'HUB_SOURCE_REFUSED';
    if (errorNum === 1013 || errorNum === 3136) return 'HUB_SOURCE_TIMEOUT';
    return UNREACHABLE.has(errorNum) ? 'HUB_SOURCE_UNREACHABLE' : 'HUB_SOURCE_QUERY';
  },
};

// Of long texts and bytes the first 2,000 count: the hash takes no more.
function toDigestPart({ column, sql }: DigestColumn): string {
  const text = /^(n?clob|blob)$/.test(toBaseType(column.native))
    ? `dbms_lob.substr(${sql}, 2000, 1)`
    : read(column, sql);
  return `case when ${sql} is null then '~' else rawtohex(standard_hash(${text}, 'MD5')) end`;
}
