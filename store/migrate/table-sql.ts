// The tables and indexes of one type, as SQL. Pure; plan-table.ts decides which of them are needed.
import type { UnitType } from '../../connectors/kit/manifest/model.ts';
import {
  isPartitioned,
  KNOWN_TO,
  OWN,
  type StoredColumn,
  toBareTableName,
  toFieldColumns,
  toHistoryName,
  toIdentityColumns,
  toLinkColumnName,
  toPointColumnNames,
  toStoredColumns,
  toTableName,
} from '../columns.ts';
import { toDefaultPartitionSql } from '../partitions.ts';
import { hasPoint } from '../places.ts';
import { quoteIdentifier, quoteList, toShortName } from '../sql-identifiers.ts';

/** The table, its default partition when it has months, and its history. */
export function toCreateSql(unit: string, type: UnitType): readonly string[] {
  const columns = toStoredColumns(type).map(toColumnSql);
  const identity = `PRIMARY KEY (${quoteList(toIdentityColumns(type))})`;
  const partitions = isPartitioned(type) ? ` PARTITION BY RANGE (${quoteIdentifier(OWN.observedAt)})` : '';
  return [
    `CREATE TABLE ${toTableName(unit, type.name)} (${[...columns, identity].join(', ')})${partitions}`,
    ...(isPartitioned(type) ? [toDefaultPartitionSql(unit, toBareTableName(type.name))] : []),
    `CREATE TABLE ${toHistoryName(unit, type.name)} (${[...columns, `${quoteIdentifier(KNOWN_TO)} timestamptz NOT NULL`].join(', ')})`,
  ];
}

export function toColumnSql(column: StoredColumn): string {
  const collate = column.collate === null ? '' : ` COLLATE "${column.collate}"`;
  return `${quoteIdentifier(column.column)} ${column.sqlType}${collate}${column.notNull ? ' NOT NULL' : ''}`;
}

export type IndexSql = { readonly name: string; readonly sql: string };

/** Indexes by name, the primary key's aside: latest and ranges of a thing's readings, divisions, events by time, places, inverses, lookups, history and its links, versions. */
export function toIndexes(unit: string, type: UnitType): readonly IndexSql[] {
  const table = toBareTableName(type.name);
  const on = (
    suffix: string,
    columns: readonly string[],
    target = toTableName(unit, type.name),
  ): IndexSql => {
    const name = toShortName(`${table}_${suffix}_idx`);
    return { name, sql: `CREATE INDEX ${quoteIdentifier(name)} ON ${target} (${quoteList(columns)})` };
  };
  const ofColumn = type.role === 'reading' && type.of !== null ? toLinkColumnName(type.of) : null;
  const place = toPointColumnNames('location');
  const links = type.links.filter((link) => link.to !== null).map((link) => toLinkColumnName(link.name));
  return [
    ...(ofColumn === null ? [] : [on(`by_${ofColumn}`, [ofColumn, OWN.observedAt])]),
    ...(type.role === 'reading' ? [] : [on('by_division', [OWN.division, OWN.key])]),
    ...(type.role === 'event' ? [on('by_time', [OWN.observedAt, OWN.key])] : []),
    // What lies near a point is found by a range of longitudes in which each entry's latitude is looked at. Over 100,000 rows
    // that is as quick as a GiST index (1 km: 0.08 ms, 5 km: 0.5 ms), half as large, and costs half as much to keep.
    ...(hasPoint(type) ? [on('by_place', [place.lon, place.lat])] : []),
    ...links.filter((column) => column !== ofColumn).map((column) => on(`by_${column}`, [column])),
    ...type.unique.map((fields) => {
      const columns = fields.flatMap((field) => toUniqueColumns(type, field));
      return on(`unique_${columns.join('_')}`, columns);
    }),
    on('history_by_key', [OWN.key, OWN.knownFrom], toHistoryName(unit, type.name)),
    ...links.map((column) =>
      on(
        `history_by_${column}`,
        column === ofColumn ? [column, OWN.observedAt] : [column],
        toHistoryName(unit, type.name),
      ),
    ),
    toVersionsIndex(unit, type),
  ];
}

// Who follows a type's changes asks for the newest versions. Rows are written in the order of their versions, so a range of
// versions for each 128 pages tells where they lie; a tree would cost every row that is written.
function toVersionsIndex(unit: string, type: UnitType): IndexSql {
  const name = toShortName(`${toBareTableName(type.name)}_versions_idx`);
  return {
    name,
    sql: `CREATE INDEX ${quoteIdentifier(name)} ON ${toTableName(unit, type.name)} USING brin (${quoteIdentifier(OWN.version)}) WITH (autosummarize = on)`,
  };
}

/** Names of indexes that earlier versions made and that no statement uses: each costs every row that is written. */
export function toFormerIndexes(type: UnitType): readonly string[] {
  return [toShortName(`${toBareTableName(type.name)}_by_version_idx`)];
}

/** The columns behind a part of a `unique`: a field's or a link's. */
export function toUniqueColumns(type: UnitType, part: string): readonly string[] {
  const field = type.fields.find((candidate) => candidate.name === part);
  return field === undefined
    ? [toLinkColumnName(part)]
    : toFieldColumns(field).map((column) => column.column);
}
