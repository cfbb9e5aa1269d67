// A value of a row that links lead to: orders and groups read it through as many rows as they name.
import type { CatalogType } from '../catalog.ts';
import type { Draft } from '../draft.ts';
import { toLinkedRows } from './linked-rows.ts';
import { toRowOf } from './plan-where.ts';

/** The type of the row that the links `via` lead to. */
export function toTarget(type: CatalogType, via: readonly string[]): CatalogType {
  return via.reduce((from, name) => {
    const way = from.fields.get(name);
    return (way === undefined ? null : toRowOf(way)) ?? from;
  }, type);
}

/** What `toValue` reads of the row that the links `via` lead to from the row `alias`; null where there is none. */
export function toThrough(
  type: CatalogType,
  via: readonly string[],
  alias: string,
  draft: Draft,
  toValue: (type: CatalogType, alias: string) => string,
): string {
  const [name, ...rest] = via;
  if (name === undefined) return toValue(type, alias);
  const way = type.fields.get(name);
  const to = way === undefined ? null : toRowOf(way);
  if (way === undefined || to === null) return 'null::text';
  const row = draft.alias();
  return `(select ${toThrough(to, rest, row, draft, toValue)} from ${toLinkedRows(way, to, alias, row, draft)} limit 1)`;
}
