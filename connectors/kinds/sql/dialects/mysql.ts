// MySQL and MariaDB. The text protocol is asked for strings; TIMESTAMP is an instant and comes in a UTC session.
import type { ColumnKind, ColumnShape } from '../../../kit/contract.ts';
import { type Bind, type Fragment, toFragment } from '../fragment.ts';
import type { Dialect, DigestColumn, Wiring } from './dialect.ts';
import { fractionDigits, toUtcWallClock } from './dialect.ts';
import { mysqlCatalogue } from './mysql-catalogue.ts';

const KINDS: { readonly [native: string]: ColumnKind } = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  year: 'integer',
  decimal: 'decimal',
  float: 'float',
  double: 'float',
  char: 'text',
  varchar: 'text',
  tinytext: 'text',
  text: 'text',
  mediumtext: 'text',
  longtext: 'text',
  enum: 'text',
  set: 'text',
  binary: 'bytes',
  varbinary: 'bytes',
  tinyblob: 'bytes',
  blob: 'bytes',
  mediumblob: 'bytes',
  longblob: 'bytes',
  json: 'json',
  date: 'date',
  time: 'time',
  datetime: 'timestamp',
  timestamp: 'timestamptz',
};
const SHAPE = new Set([1146, 1054, 1356, 1109]);
const REFUSED = new Set([1044, 1045, 1049, 1142, 1143, 1227, 1370, 1698, 1820, 1862]);
const TIMEOUT = new Set([1969, 3024, 1317, 1205]);
const UNREACHABLE = new Set([1040, 1053, 1077, 1129, 1130, 1152, 1158, 1159, 1160, 1161, 1203, 1226]);

type Field = { readonly type: string; buffer(): Buffer | null };
/** BIT comes as bytes: its number, or its digits where a double would lose some. */
function toBits(bytes: Buffer | null): string | number | null {
  if (bytes === null) return null;
  const value = BigInt(`0x${bytes.toString('hex') || '0'}`);
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
}

/** `enum('a)','b') collate gbk_bin` → `enum`. */
function toBase(native: string): string {
  return /^\w+/.exec(native.toLowerCase())?.[0] ?? '';
}

function toKind(native: string): ColumnKind {
  if (/^bit/i.test(native)) return /^bit\(1\)$/i.test(native) ? 'boolean' : 'integer';
  return KINDS[toBase(native)] ?? 'other';
}

function bind(column: ColumnShape, value: Bind): Fragment | null {
  const text = String(value);
  switch (column.kind) {
    case 'boolean':
      return toFragment('?', value === true ? 1 : 0);
    // As text, a number would be compared as a double: 2^53 + 1 would equal 2^53.
    case 'integer':
    case 'decimal':
      return toDecimal(text);
    case 'float':
      return toFragment('?', Number(value));
    case 'timestamptz':
      return toFragment('?', toUtcWallClock(text));
    case 'bytes':
      return toFragment('unhex(?)', text);
    default:
      return toText(column, text);
  }
}

/**
 * CHAR is handed out without its padding, so it is asked for without. In another character set than the session's, a
 * text that the set lacks would fail the whole statement; converted, it becomes `?` and `exact` keeps it from matching.
 */
function toText(column: ColumnShape, text: string): Fragment {
  const value = toBase(column.native) === 'char' ? text.trimEnd() : text;
  const collation = / collate (\w+)$/.exec(column.native)?.[1];
  const set = collation?.split('_')[0];
  return toFragment(set === undefined ? '?' : `convert(? using ${set}) collate ${collation}`, value);
}

/** MySQL holds 65 digits, 30 of them behind the point. */
function toDecimal(text: string): Fragment | null {
  const scale = fractionDigits(text);
  if (scale > 30 || text.replace(/\D/g, '').length > 65) return null;
  return toFragment(`cast(? as decimal(65, ${scale}))`, text);
}

function toConnection({ target, timeoutMs, openSocket }: Wiring): object {
  const port = target.port ?? 3306;
  return {
    host: target.host,
    port,
    user: target.user,
    password: target.password,
    database: target.database,
    ...(target.tls === 'off' ? {} : { ssl: { rejectUnauthorized: target.tls === 'verified' } }),
    charset: 'utf8mb4',
    connectTimeout: timeoutMs,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    decimalNumbers: false,
    jsonStrings: true,
    timezone: 'Z',
    multipleStatements: false,
    stream: () => {
      const socket = openSocket();
      socket.setNoDelay(true);
      socket.setKeepAlive(true);
      return socket.connect(port, target.host);
    },
    typeCast: (field: Field, next: () => unknown) => (field.type === 'BIT' ? toBits(field.buffer()) : next()),
  };
}

export const mysqlDialect: Dialect = {
  name: 'MySQL',
  client: 'mysql2',
  maxParameters: 65_535,
  maxList: 65_535,
  nulls: 'first',
  likeSigns: '%_',
  catalogue: mysqlCatalogue,
  toConnection,
  session: (timeoutMs) => [
    // The driver escapes binds itself, with backslashes: sql_mode must not switch them off.
    "set session sql_mode = '', time_zone = '+00:00'",
    'set session transaction read only',
    // Each product reads its own comment: MariaDB counts in seconds, MySQL in milliseconds.
    `set session wait_timeout = 28800 /*M! , max_statement_time = ${timeoutMs / 1000} */ /*!50708 , max_execution_time = ${timeoutMs} */`,
  ],
  cancel: (client, connection) => client.cancelQuery(connection),
  destroy: (connection) => (connection as { destroy(): void }).destroy(),
  toKind,
  read: (column, sql) => (isShape(column.native) ? `st_astext(${sql})` : sql),
  // A 4-byte float is printed with six digits; as a double it is printed as it stands.
  compare: (column, sql) => (toBase(column.native) === 'float' ? `(${sql} + 0e0)` : sql),
  // utf8mb4_general_ci holds all characters beyond the basic plane equal, so a rare name would match another.
  exact: (column, sql) => (column.kind === 'text' ? `cast(convert(${sql} using utf8mb4) as binary)` : null),
  trim: (sql) => `trim(${sql})`,
  common: (condition) => condition,
  bind,
  // 52 bits: what `conv` gives without a sign. Each value with its length before it, so that no two rows read alike.
  digest: (columns) =>
    `cast(conv(substr(md5(concat(${columns.map(toDigestPart).join(', ')})), 1, 13), 16, 10) as unsigned)`,
  total: (digest) => `sum(${digest})`,
  bucket: (_column, sql, per) => `date_format(${sql}, '%Y-%m-%d ${per === 'hour' ? '%H' : '00'}:00:00')`,
  toFault: ({ errno, code }) => {
    if (typeof errno !== 'number')
      return code === 'PROTOCOL_CONNECTION_LOST' ? 'HUB_SOURCE_UNREACHABLE' : null;
    if (SHAPE.has(errno)) return 'HUB_SOURCE_SHAPE';
    if (REFUSED.has(errno)) return 'HUB_SOURCE_REFUSED';
    if (TIMEOUT.has(errno)) return 'HUB_SOURCE_TIMEOUT';
    if (UNREACHABLE.has(errno)) return 'HUB_SOURCE_UNREACHABLE';
    return errno > 0 ? 'HUB_SOURCE_QUERY' : null;
  },
};

function toDigestPart({ column, sql }: DigestColumn): string {
  const base = toBase(column.native);
  // Bits, bytes and shapes have no text; a 4-byte float is printed with six digits.
  const isBytes = column.kind === 'bytes' || base === 'bit' || isShape(column.native);
  const text = isBytes ? `hex(${sql})` : base === 'float' ? `(${sql} + 0e0)` : sql;
  const plain = `convert(${text} using utf8mb4)`;
  return `coalesce(concat(length(${plain}), ':', ${plain}), '~')`;
}

function isShape(native: string): boolean {
  return /^(geometry|point|linestring|polygon|multi\w+|geometrycollection)$/i.test(native);
}
