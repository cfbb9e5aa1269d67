// Where a row is: its own division, or that of the row it is linked to (basis PARENT), read at question time. A division
// takes in its descendants: their codes lie in [lo, hi).
import type { CatalogType, Way } from './catalog.ts';
import type { Draft } from './draft.ts';
import { toLinkColumn } from './row-columns.ts';

/** The division's code of the row `alias`, or null. */
export function toDivisionSql(type: CatalogType, alias: string, draft: Draft): string {
  const own = `${alias}._division`;
  if (type.divisionBy === null) return own;
  const through = toThroughLink(type.divisionBy, alias, draft, (parent, its) =>
    toDivisionSql(parent, its, draft),
  );
  return type.divisionBy.always ? through : `coalesce(${own}, ${through})`;
}

/** How the division of the row `alias` was found, as JSON text. */
export function toBasisSql(type: CatalogType, alias: string, draft: Draft): string {
  const own = `${alias}._division is not null then to_json(${alias}._division_basis)::text`;
  if (type.divisionBy === null) return `case when ${own} else '"NONE"' end`;
  const through = toThroughLink(type.divisionBy, alias, draft, (parent, its) =>
    toDivisionSql(parent, its, draft),
  );
  const linked = `${through} is not null then '"PARENT"' else '"NONE"' end`;
  return type.divisionBy.always ? `case when ${linked}` : `case when ${own} when ${linked}`;
}

/** The condition that the row `alias` lies in the division whose codes are [lo, hi). */
export function toInDivision(type: CatalogType, alias: string, lo: string, hi: string, draft: Draft): string {
  const own = `${alias}._division >= ${lo} and ${alias}._division < ${hi}`;
  const way = type.divisionBy;
  if (way === null) return own;
  const parent = draft.alias();
  const there = `exists (select 1 from ${draft.tableOf(way.to)} ${parent} where ${parent}._key = ${toLinkColumn(alias, way.by)} and ${toInDivision(way.to, parent, lo, hi, draft)})`;
  return way.always ? there : `(${own} or (${alias}._division is null and ${there}))`;
}

/** A value of the row that `alias` is linked to; a tombstone still says where it stood. */
export function toThroughLink(
  link: Way,
  alias: string,
  draft: Draft,
  toValue: (type: CatalogType, alias: string) => string,
): string {
  const parent = draft.alias();
  const table = draft.tableOf(link.to);
  return `(select ${toValue(link.to, parent)} from ${table} ${parent} where ${parent}._key = ${toLinkColumn(alias, link.by)} limit 1)`;
}
