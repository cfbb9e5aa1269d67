// Where everything lies: hub.place holds one point a living thing or event, of all units together, so that what is around a
// point is found in one index. Triggers keep it, in the transaction of whatever writes the rows. Pure.
import type { UnitType } from '../connectors/kit/manifest/model.ts';
import { OWN, toPointColumnNames, toTableName } from './columns.ts';
import { quoteIdentifier, quoteList, quoteLiteral } from './sql-identifiers.ts';

/** Columns: unit, type, key (its primary key), lon and lat (WGS84). */
export const PLACE_TABLE = 'hub.place';

/** A point of its own that the graph shows. */
export function hasPoint(type: UnitType): boolean {
  return type.fields.some(
    (field) => field.name === 'location' && field.graphql.name === 'Point' && !field.hidden,
  );
}

/** Whether rows of this type lie in hub.place. Readings do not: each is one of many of its thing, which lies there. */
export function isPlaced(type: UnitType): boolean {
  return type.role !== 'reading' && hasPoint(type);
}

/** The trigger that says that a table's places are kept. */
export const PLACED_BY = 'keep_place_insert';

const TRIGGERS: readonly (readonly [name: string, on: string, tables: string])[] = [
  [PLACED_BY, 'INSERT', ' REFERENCING NEW TABLE AS came'],
  ['keep_place_update', 'UPDATE', ' REFERENCING OLD TABLE AS went NEW TABLE AS came'],
  ['keep_place_delete', 'DELETE', ' REFERENCING OLD TABLE AS went'],
  ['keep_place_truncate', 'TRUNCATE', ''],
];

/** From here on the table's places are kept; and those of the rows that are there. */
export function toKeepPlacesSql(unit: string, type: UnitType): readonly string[] {
  const table = toTableName(unit, type.name);
  return [
    ...TRIGGERS.map(
      ([name, on, tables]) =>
        `CREATE TRIGGER ${name} AFTER ${on} ON ${table}${tables} FOR EACH STATEMENT EXECUTE FUNCTION hub.keep_place(${quoteLiteral(type.name)})`,
    ),
    toFillPlacesSql(unit, type),
  ];
}

/** The places of all rows that are there, as they are now. */
export function toFillPlacesSql(unit: string, type: UnitType): string {
  const { lon, lat } = toPointColumnNames('location');
  const living = `${OWN.goneAt} IS NULL AND ${lon} IS NOT NULL AND ${lat} IS NOT NULL`;
  return `INSERT INTO ${PLACE_TABLE} (${quoteList(['unit', 'type', 'key', 'lon', 'lat'])}) SELECT ${quoteLiteral(unit)}, ${quoteLiteral(type.name)}, ${OWN.key}, ${lon}, ${lat} FROM ${toTableName(unit, type.name)} WHERE ${living}`;
}

/** `type`: the type's name. */
export function toForgetPlacesSql(unit: string, type: string): string {
  return `DELETE FROM ${PLACE_TABLE} WHERE unit = ${quoteLiteral(unit)} AND type = ${quoteLiteral(type)}`;
}

/** `table`: unquoted, without its schema; the type may have left the manifest. */
export function toDropPlacesSql(unit: string, type: string, table: string): readonly string[] {
  const name = `${quoteIdentifier(unit)}.${quoteIdentifier(table)}`;
  return [
    ...TRIGGERS.map(([trigger]) => `DROP TRIGGER ${trigger} ON ${name}`),
    toForgetPlacesSql(unit, type),
  ];
}
