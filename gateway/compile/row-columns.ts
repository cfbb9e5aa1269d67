// Columns of a row inside a statement: an alias and a name of store/columns.ts, quoted. The only way by which the
// compiler names a column that comes from a manifest.
import { toId } from '../../schema/identity.ts';
import { toColumnName, toLinkColumnName, toPointColumnNames } from '../../store/columns.ts';
import { quoteIdentifier, quoteLiteral } from '../../store/sql-identifiers.ts';

export function toFieldColumn(alias: string, field: string): string {
  return `${alias}.${quoteIdentifier(toColumnName(field))}`;
}

export function toPointColumns(alias: string, field: string): { readonly lon: string; readonly lat: string } {
  const { lon, lat } = toPointColumnNames(field);
  return { lon: `${alias}.${quoteIdentifier(lon)}`, lat: `${alias}.${quoteIdentifier(lat)}` };
}

/** The key of a link's target. */
export function toLinkColumn(alias: string, link: string): string {
  return `${alias}.${quoteIdentifier(toLinkColumnName(link))}`;
}

/** The global id of a row whose key is the expression `key`. */
export function toIdSql(unit: string, type: string, key: string): string {
  return `${quoteLiteral(toId({ unit, type, key: '' }))} || ${key}`;
}
