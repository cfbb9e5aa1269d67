// Where a type's rows lie: table, history and columns, named from the manifest alone. The writer, the migration and the
// compiler of questions all take their names from here, so that they cannot disagree. Pure.
import type { Field, Link, UnitType } from '../connectors/kit/manifest/model.ts';
import { HubError } from '../schema/errors.ts';
import { quoteIdentifier } from './sql-identifiers.ts';

export type SqlType =
  | 'text'
  | 'float8'
  | 'int4'
  | 'int8'
  | 'int2'
  | 'numeric'
  | 'bool'
  | 'timestamptz'
  | 'date'
  | 'interval'
  | 'jsonb'
  | 'bytea'
  | 'text[]';

export type StoredColumn = {
  /** As it stands in the database, unquoted. */
  readonly column: string;
  readonly sqlType: SqlType;
  /** Keys and divisions compare by bytes, whatever the database's locale. */
  readonly collate: 'C' | null;
  readonly notNull: boolean;
  /** The manifest's field that lies here; null for links and for the hub's own columns. */
  readonly field: string | null;
  /** Which half of a point. */
  readonly part: 'lon' | 'lat' | null;
  /** The link whose target's key lies here. */
  readonly link: string | null;
};

/** The hub's own columns of every type table; `observedAt` for readings and events, `parts` where forms merge by field, `scope` where lists are whole for a part. */
export const OWN = {
  key: '_key',
  source: '_source',
  form: '_form',
  native: '_native',
  observedAt: '_observed_at',
  receivedAt: '_received_at',
  run: '_run',
  manifest: '_manifest',
  hash: '_hash',
  digest: '_digest',
  knownFrom: '_known_from',
  version: '_version',
  goneAt: '_gone_at',
  division: '_division',
  divisionBasis: '_division_basis',
  faults: '_faults',
  parts: '_parts',
  scope: '_scope',
} as const;

/** The one column that only a history table has: when its version was replaced. */
export const KNOWN_TO = '_known_to';

/** PostgreSQL's own names in every table. */
const SYSTEM_COLUMNS = new Set(['ctid', 'xmin', 'cmin', 'xmax', 'cmax', 'tableoid']);

const SQL_TYPES: { readonly [graphql: string]: SqlType } = {
  Float: 'float8',
  Int: 'int4',
  Long: 'int8',
  Decimal: 'numeric',
  Boolean: 'bool',
  DateTime: 'timestamptz',
  Date: 'date',
  Duration: 'interval',
  GeoJSON: 'jsonb',
};

/** `HydroStation` → `hydro_station`, unquoted and without its schema. */
export function toBareTableName(type: string): string {
  return toSnake(type).slice(1);
}

/** `"hydrology"."hydro_station"`, ready for SQL text. */
export function toTableName(unit: string, type: string): string {
  return `${quoteIdentifier(unit)}.${quoteIdentifier(toBareTableName(type))}`;
}

/** `"hydrology"."hydro_station_history"`: replaced versions, the same columns and `_known_to`. */
export function toHistoryName(unit: string, type: string): string {
  return `${quoteIdentifier(unit)}.${quoteIdentifier(`${toBareTableName(type)}_history`)}`;
}

/** `warnLevel` → `warn_level`; no two field names give one column name. Unquoted. */
export function toColumnName(field: string): string {
  const name = toSnake(field);
  return SYSTEM_COLUMNS.has(name) ? `${name}_` : name;
}

/** The two columns of a point, unquoted. */
export function toPointColumnNames(field: string): { readonly lon: string; readonly lat: string } {
  return { lon: `${toSnake(field)}_lon`, lat: `${toSnake(field)}_lat` };
}

/** The column that holds the key of a link's target, unquoted. */
export function toLinkColumnName(link: string): string {
  return `${toSnake(link)}_key`;
}

/** How a field lies in the store; `point` takes two float8 columns. */
export function toSqlType(field: Field): SqlType | 'point' {
  if (field.graphql.name === 'Point') return 'point';
  if (field.graphql.list) return 'text[]';
  return SQL_TYPES[field.graphql.name] ?? 'text';
}

/** True for readings whose key contains their time: their tables are partitioned by month. */
export function isPartitioned(type: UnitType): boolean {
  return type.role === 'reading' && type.key.some((part) => part === type.time || part === 'observedAt');
}

/** True where a list is whole for a part of the city only (one file a county): a row knows whose list it came with. */
export function isScoped(type: UnitType): boolean {
  return type.forms.some((form) => form.sync.scope.length > 0);
}

/** What names a row of the table: its key, and in a partitioned table also its time. */
export function toIdentityColumns(type: UnitType): readonly string[] {
  return isPartitioned(type) ? [OWN.key, OWN.observedAt] : [OWN.key];
}

/**
 * All columns of a type's table: fields, links, then the hub's own. Throws HUB_STORE_MIGRATION when two of them would
 * bear one name.
 */
export function toStoredColumns(type: UnitType): readonly StoredColumn[] {
  const columns = [
    ...type.fields.flatMap(toFieldColumns),
    ...type.links.filter(isStored).map((link) => toLinkColumn(link)),
    ...toOwnColumns(type),
  ];
  const seen = new Map<string, StoredColumn>();
  for (const column of columns) {
    const other = seen.get(column.column);
    if (other !== undefined)
      throw new HubError(
        'HUB_STORE_MIGRATION',
        `${type.name}: ${nameOf(other)} and ${nameOf(column)} would share the column ${column.column}: rename one of them`,
        { place: { type: type.name, field: column.field ?? column.link ?? '' } },
      );
    quoteIdentifier(column.column);
    seen.set(column.column, column);
  }
  return columns;
}

/** The column of a field, or the two of a point. */
export function toFieldColumns(field: Field): readonly StoredColumn[] {
  const sqlType = toSqlType(field);
  if (sqlType !== 'point')
    return [{ ...PLAIN, column: toColumnName(field.name), sqlType, field: field.name }];
  const { lon, lat } = toPointColumnNames(field.name);
  return [
    { ...PLAIN, column: lon, sqlType: 'float8', field: field.name, part: 'lon' },
    { ...PLAIN, column: lat, sqlType: 'float8', field: field.name, part: 'lat' },
  ];
}

const PLAIN = { collate: null, notNull: false, field: null, part: null, link: null } as const;

// What lies `nearest` is found at question time: nothing to store.
function isStored(link: Link): boolean {
  return link.to !== null;
}

function toLinkColumn(link: Link): StoredColumn {
  return { ...PLAIN, column: toLinkColumnName(link.name), sqlType: 'text', collate: 'C', link: link.name };
}

function toOwnColumns(type: UnitType): readonly StoredColumn[] {
  const own = (column: string, sqlType: SqlType, options: Partial<StoredColumn> = {}): StoredColumn => ({
    ...PLAIN,
    column,
    sqlType,
    ...options,
  });
  const observedAt = own(OWN.observedAt, 'timestamptz', { notNull: isPartitioned(type) });
  return [
    own(OWN.key, 'text', { collate: 'C', notNull: true }),
    own(OWN.source, 'text', { notNull: true }),
    own(OWN.form, 'int2', { notNull: true }),
    own(OWN.native, 'jsonb', { notNull: true }),
    ...(type.role === 'thing' ? [] : [observedAt]),
    own(OWN.receivedAt, 'timestamptz', { notNull: true }),
    own(OWN.run, 'int8', { notNull: true }),
    own(OWN.manifest, 'text', { notNull: true }),
    own(OWN.hash, 'bytea', { notNull: true }),
    own(OWN.digest, 'int8'),
    own(OWN.knownFrom, 'timestamptz', { notNull: true }),
    own(OWN.version, 'int8', { notNull: true }),
    own(OWN.goneAt, 'timestamptz'),
    own(OWN.division, 'text', { collate: 'C' }),
    own(OWN.divisionBasis, 'text', { notNull: true }),
    own(OWN.faults, 'jsonb'),
    ...(type.merge === 'fields' ? [own(OWN.parts, 'jsonb')] : []),
    ...(isScoped(type) ? [own(OWN.scope, 'text', { collate: 'C' })] : []),
  ];
}

function toSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function nameOf(column: StoredColumn): string {
  if (column.field !== null) return `field ${column.field}`;
  return column.link === null ? `the hub's ${column.column}` : `link ${column.link}`;
}
