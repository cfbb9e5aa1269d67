// Where rows have changed: read from what a statement returned of them, before and after, and put together over a page's
// statements. Pure.
import { toInheritingLink } from '../../connectors/kit/manifest/inheriting-link.ts';
import type { UnitType } from '../../connectors/kit/manifest/model.ts';
import { OWN, toLinkColumnName, toTableName } from '../columns.ts';
import { quoteIdentifier } from '../sql-identifiers.ts';
import { MOST_DIVISIONS } from './contract.ts';

export type PlacesSql = {
  /** What is needed of a row `alias`, as columns `_place`, `_via`: its own division and the key of the thing that may give it one. */
  readonly of: (alias: string, prefix?: string) => string;
  /** A scalar: the distinct divisions of `places`, a table of those columns. */
  readonly list: (places: string) => string;
};

/** Null among the codes stands for anywhere; one more than MOST_DIVISIONS of them for more. */
export function toPlacesSql(unit: string, type: UnitType): PlacesSql {
  const link = toInheritingLink(type);
  const target = link === null ? undefined : type.links.find((one) => one.name === link)?.to;
  const via = target == null || link === null ? null : quoteIdentifier(toLinkColumnName(link));
  const of = (alias: string, prefix = '') =>
    `${alias}.${OWN.division} AS ${prefix}_place, ${via === null ? 'NULL::text' : `${alias}.${via}`} AS ${prefix}_via`;
  // A thing of another unit may be written at this moment, or have no table yet: its rows may lie anywhere.
  const isKnown = target == null || target.unit === unit;
  // One look into an index for each thing of the page; a join might read all things there are.
  const thing =
    target == null || !isKnown
      ? ''
      : `, (SELECT thing.${OWN.division} FROM ${toTableName(target.unit, target.type)} thing WHERE thing._key = p._via)`;
  const where = target == null ? ' WHERE p._place IS NOT NULL' : '';
  return {
    of,
    list: (places) =>
      `(SELECT coalesce(array_agg(c.code), '{}') FROM (SELECT DISTINCT coalesce(p._place${thing}) AS code FROM ${places} p${where} LIMIT ${MOST_DIVISIONS + 1}) c)`,
  };
}

/** Put together; null (anywhere) as soon as one of them is unknown or they are too many. */
export function toChangedDivisions(
  lists: readonly (readonly (string | null)[] | null)[],
): readonly string[] | null {
  const codes = new Set<string>();
  for (const list of lists) {
    if (list === null) return null;
    for (const code of list) {
      if (code === null) return null;
      codes.add(code);
    }
  }
  return codes.size > MOST_DIVISIONS ? null : [...codes].sort();
}
