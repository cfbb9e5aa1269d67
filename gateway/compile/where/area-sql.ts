// Where a row's place lies: a box first, which an index can find, then what decides.
import { type CatalogType, findLocation } from '../catalog.ts';
import { type PointSql, toMetresSql } from '../distance-sql.ts';
import type { Draft } from '../draft.ts';
import { toLinkColumn, toPointColumns } from '../row-columns.ts';
import type { WhereNode } from './where-node.ts';

type PlaceNode = Extract<WhereNode, { kind: 'near' | 'polygon' }>;

/** The condition on the place of the row `alias`: its own, or the one of the thing that it is of. */
export function toPlaceSql(type: CatalogType, node: PlaceNode, alias: string, draft: Draft): string {
  const own = findLocation(type.type);
  if (own !== null) return toPointCondition(node, toPointColumns(alias, own.name), draft);
  const way = type.locationBy;
  if (way === null) return 'false';
  const thing = draft.alias();
  const there = toPlaceSql(way.to, node, thing, draft);
  return `exists (select 1 from ${draft.tableOf(way.to)} ${thing} where ${thing}._key = ${toLinkColumn(alias, way.by)} and ${there})`;
}

function toPointCondition({ kind, slot }: PlaceNode, place: PointSql, draft: Draft): string {
  const bind = (part: string): string => draft.bind(`${slot}.${part}`, 'float8');
  const inBox = `${place.lon} between ${bind('west')} and ${bind('east')} and ${place.lat} between ${bind('south')} and ${bind('north')}`;
  if (kind === 'near') {
    const metres = toMetresSql({ lon: bind('lon'), lat: bind('lat') }, place);
    return `(${inBox} and ${metres} <= ${bind('metres')})`;
  }
  return `(${inBox} and ${toInside(slot, place, draft)})`;
}

/** Whether a ray to the east crosses an odd number of edges. Exact in what floating point gives; PostgreSQL's own polygons are fuzzy by 1e-6. */
function toInside(slot: string, { lon, lat }: PointSql, draft: Draft): string {
  const [lons, lats] = [draft.bind(`${slot}.lons`, 'float8[]'), draft.bind(`${slot}.lats`, 'float8[]')];
  const edge = draft.alias();
  // The corner behind the last one is the first.
  const next = (list: string) => `${list}[2:] || ${list}[1]`;
  const edges = `unnest(${lons}, ${lats}, ${next(`(${lons})`)}, ${next(`(${lats})`)}) as ${edge}(x1, y1, x2, y2)`;
  const crosses = `(${edge}.y1 > ${lat}) <> (${edge}.y2 > ${lat}) and ${lon} < (${edge}.x2 - ${edge}.x1) * (${lat} - ${edge}.y1) / nullif(${edge}.y2 - ${edge}.y1, 0) + ${edge}.x1`;
  return `(select count(*) % 2 = 1 from ${edges} where ${crosses})`;
}
