// SQL Server. Not verified over the wire: no server was at hand, its SQL is asserted as text (dialects.test.ts).
// The driver makes Dates and doubles, so times, decimals and money are converted to text by the server.
import type { ColumnKind, ColumnShape } from '../../../kit/contract.ts';
import { type Bind, type Fragment, toFragment } from '../fragment.ts';
import type { Dialect, DigestColumn, Wiring } from './dialect.ts';
import { fitsLong, fractionDigits, toBaseType } from './dialect.ts';
import { mssqlCatalogue } from './mssql-catalogue.ts';

const KINDS: { readonly [native: string]: ColumnKind } = {
  tinyint: 'integer',
  smallint: 'integer',
  int: 'integer',
  bigint: 'integer',
  decimal: 'decimal',
  numeric: 'decimal',
  money: 'decimal',
  smallmoney: 'decimal',
  real: 'float',
  float: 'float',
  bit: 'boolean',
  char: 'text',
  varchar: 'text',
  nchar: 'text',
  nvarchar: 'text',
  text: 'text',
  ntext: 'text',
  sysname: 'text',
  uniqueidentifier: 'text',
  binary: 'bytes',
  varbinary: 'bytes',
  image: 'bytes',
  timestamp: 'bytes',
  rowversion: 'bytes',
  date: 'date',
  time: 'time',
  datetime: 'timestamp',
  datetime2: 'timestamp',
  smalldatetime: 'timestamp',
  datetimeoffset: 'timestamptz',
};
/** Text forms in which the server hands out what the driver would turn into Dates or doubles. */
const READS: { readonly [native: string]: (sql: string) => string } = {
  decimal: (sql) => `convert(varchar(41), ${sql})`,
  numeric: (sql) => `convert(varchar(41), ${sql})`,
  money: (sql) => `convert(varchar(41), ${sql}, 2)`,
  smallmoney: (sql) => `convert(varchar(41), ${sql}, 2)`,
  date: (sql) => `convert(varchar(10), ${sql}, 23)`,
  time: (sql) => `convert(varchar(16), ${sql}, 121)`,
  datetime: (sql) => `convert(varchar(27), ${sql}, 121)`,
  datetime2: (sql) => `convert(varchar(27), ${sql}, 121)`,
  smalldatetime: (sql) => `convert(varchar(27), ${sql}, 121)`,
  datetimeoffset: (sql) => `convert(varchar(34), ${sql}, 121)`,
  xml: (sql) => `convert(nvarchar(max), ${sql})`,
  sql_variant: (sql) => `convert(nvarchar(4000), ${sql})`,
  geometry: (sql) => `${sql}.STAsText()`,
  geography: (sql) => `${sql}.STAsText()`,
  hierarchyid: (sql) => `${sql}.ToString()`,
};
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const REFUSED = new Set([18456, 18452, 4060, 229, 230, 262, 916, 18486, 18487, 18488]);
const SHAPE = new Set([207, 208, 4121]);

function bind(column: ColumnShape, value: Bind): Fragment | null {
  const native = toBaseType(column.native);
  const text = String(value);
  if (native === 'uniqueidentifier')
    return GUID.test(text) ? toFragment('cast(? as uniqueidentifier)', text) : null;
  switch (column.kind) {
    case 'integer':
      return fitsLong(text) ? toFragment('cast(? as bigint)', text) : toDecimal(text);
    case 'decimal':
      return toDecimal(text);
    case 'float':
      return toFragment('cast(? as float)', Number(value));
    case 'boolean':
      return toFragment('cast(? as bit)', value === true ? 1 : 0);
    case 'date':
      return text.length > 10
        ? toFragment('convert(datetime2(7), ?, 121)', text)
        : toFragment('convert(date, ?, 23)', text);
    case 'time':
      return toFragment('convert(time(7), ?, 121)', text);
    // A datetime compared with a datetime2 is first widened to 1/300 s, and equals nothing that was read from it.
    case 'timestamp':
      return native === 'datetime2'
        ? toFragment('convert(datetime2(7), ?, 121)', text)
        : toFragment(`convert(${native}, ?, 121)`, text.replace(/(\.\d{3})\d+$/, '$1'));
    case 'timestamptz':
      return toFragment('cast(? as datetimeoffset(7))', text);
    case 'bytes':
      return toFragment('convert(varbinary(8000), ?, 2)', text);
    default:
      return toFragment('?', text);
  }
}

/** SQL Server holds 38 digits. */
function toDecimal(text: string): Fragment | null {
  if (text.replace(/\D/g, '').length > 38) return null;
  return toFragment(`cast(? as decimal(38, ${fractionDigits(text)}))`, text);
}

function toConnection({ target, timeoutMs, openSocket }: Wiring): object {
  const port = target.port ?? 1433;
  return {
    host: target.host,
    port,
    user: target.user,
    password: target.password,
    database: target.database,
    options: {
      appName: 'one-network',
      useUTC: true,
      encrypt: target.tls !== 'off',
      trustServerCertificate: target.tls !== 'verified',
      readOnlyIntent: true,
      connectTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      cancelTimeout: 1000,
      connector: () =>
        new Promise((resolve, reject) => {
          const socket = openSocket();
          socket.once('error', reject);
          socket.connect(port, target.host, () => resolve(socket));
        }),
    },
  };
}

export const mssqlDialect: Dialect = {
  name: 'SQL Server',
  client: 'mssql',
  // 2,100, of which the driver's own statement takes two; one more for `top`.
  maxParameters: 2_090,
  maxList: 2_090,
  nulls: 'first',
  likeSigns: '%_[',
  catalogue: mssqlCatalogue,
  toConnection,
  session: (timeoutMs) => [`set dateformat ymd; set language us_english; set lock_timeout ${timeoutMs}`],
  cancel: async (_client, connection) => (connection as { cancel(): boolean }).cancel(),
  // knex waits for the driver's `end`, which comes once only: the pool closes it.
  destroy: () => undefined,
  toKind: (native) => KINDS[toBaseType(native)] ?? 'other',
  read: (column, sql) => READS[toBaseType(column.native)]?.(sql) ?? sql,
  compare: (column, sql) =>
    /^(text|ntext|xml|sql_variant)$/.test(toBaseType(column.native)) ? `convert(nvarchar(max), ${sql})` : sql,
  exact: (column, sql) =>
    column.kind === 'text' && toBaseType(column.native) !== 'uniqueidentifier'
      ? `convert(nvarchar(4000), ${sql}) collate Latin1_General_BIN2`
      : null,
  // `trim` came with SQL Server 2017.
  trim: (sql) => `ltrim(rtrim(${sql}))`,
  common: (condition) => condition,
  bind,
  // Each value with its length before it, so that no two rows read alike. Before SQL Server 2016 `hashbytes` takes 8,000 bytes.
  digest: (columns) =>
    `convert(bigint, substring(hashbytes('MD5', ${columns.map(toDigestPart).join(' + ')}), 1, 8))`,
  total: (digest) => `convert(varchar(41), sum(convert(decimal(38, 0), ${digest})))`,
  bucket: (column, sql, per) =>
    `convert(varchar(${per === 'hour' ? 13 : 10}), ${toUtc(column, sql)}, 120) + '${per === 'hour' ? '' : ' 00'}:00:00'`,
  toFault: ({ number, code }) => {
    if (code === 'ETIMEOUT' || code === 'ECANCEL') return 'HUB_SOURCE_TIMEOUT';
    if (code === 'ELOGIN') return 'HUB_SOURCE_REFUSED';
    if (code === 'ESOCKET' || code === 'EINSTLOOKUP' || code === 'ECLOSE') return 'HUB_SOURCE_UNREACHABLE';
    if (typeof number !== 'number') return null;
    if (SHAPE.has(number)) return 'HUB_SOURCE_SHAPE';
    if (REFUSED.has(number)) return 'HUB_SOURCE_REFUSED';
    return number === 1222 ? 'HUB_SOURCE_TIMEOUT' : 'HUB_SOURCE_QUERY';
  },
};

function toDigestPart({ column, sql }: DigestColumn): string {
  const text =
    column.kind === 'bytes'
      ? `convert(varchar(max), convert(varbinary(max), ${sql}), 2)`
      : `convert(nvarchar(max), ${READS[toBaseType(column.native)]?.(sql) ?? toExactText(column, sql)})`;
  return `isnull(convert(nvarchar(20), datalength(${text})) + N':' + ${text}, N'~')`;
}

// Without a style a float is printed with six digits.
function toExactText(column: ColumnShape, sql: string): string {
  return column.kind === 'float' ? `convert(varchar(40), ${sql}, 3)` : sql;
}

function toUtc(column: ColumnShape, sql: string): string {
  return column.kind === 'timestamptz'
    ? `convert(datetime2(0), switchoffset(${sql}, '+00:00'))`
    : `convert(datetime2(7), ${sql})`;
}
