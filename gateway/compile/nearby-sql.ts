// What lies around a point, of several types and units: one range of the hub's own index gives all that lies in the box, the
// distance orders it. Names come from the manifests, values only as binds.
import type { UnitType } from '../../connectors/kit/manifest/model.ts';
import { toTableName } from '../../store/columns.ts';
import type { ReadStatement } from '../../store/contract.ts';
import { isPlaced, PLACE_TABLE } from '../../store/places.ts';
import { quoteLiteral } from '../../store/sql-identifiers.ts';
import { type PointSql, toBox, toMetresSql } from './distance-sql.ts';
import { type Draft, toDraft } from './draft.ts';
import { toIdSql, toPointColumns } from './row-columns.ts';

/** A type of a unit; it must have a location of its own. */
export type Placed = { readonly unit: string; readonly type: UnitType };

export type Around = {
  readonly types: readonly Placed[];
  /** WGS84. */
  readonly point: { readonly lon: number; readonly lat: number };
  readonly metres: number;
  readonly limit: number;
};

export type NearbyRow = { readonly type: string; readonly id: string; readonly metres: number };

/** Living rows within the circle, nearest first, to the metre; those of one distance by id. At least one type. */
export function toNearbyStatement(around: Around): ReadStatement {
  const draft = toDraft();
  const row = draft.alias();
  const text = `select ${row}.type, ${row}.id, ${row}.metres from (${toNearbySql(around.types, 0, draft)}) ${row} order by ${toNearestFirst(row)}`;
  const values = new Map(toNearbyValues(around, 0));
  return { text, values: draft.slots.map((slot) => values.get(slot)) };
}

/** The order of what is near: at one distance by id. */
export function toNearestFirst(row: string): string {
  return `${row}.metres, ${row}.id collate "C"`;
}

/** The binds of toNearbySql, by slot name. */
export function toNearbyValues(
  { point, metres, limit }: Omit<Around, 'types'>,
  slot: number,
): readonly (readonly [string, number])[] {
  const values = Object.entries({ ...point, ...toBox(point, metres), metres, limit });
  return values.map(([name, value]) => [`nearby${slot}.${name}`, value] as const);
}

/** `select` of `type`, `key`, `id` and `metres`, at most as many rows as asked for. At least one type. */
export function toNearbySql(types: readonly Placed[], slot: number, draft: Draft): string {
  const bind = (name: string): string =>
    draft.bind(`nearby${slot}.${name}`, name === 'limit' ? 'int' : 'float8');
  const of = types.filter(({ type }) => isPlaced(type));
  const readings = types.filter(({ type }) => !isPlaced(type));
  const each = [
    ...(of.length === 0 ? [] : [toPlacedSql(of, bind, draft)]),
    ...readings.map((one) => toReadingsSql(one, bind, draft)),
  ];
  const near = draft.alias();
  return `select ${near}.type, ${near}.key, ${near}.id, ${near}.metres from (${each.join(' union all ')}) ${near} order by ${toNearestFirst(near)} limit ${bind('limit')}`;
}

type Bind = (name: string) => string;

function toPlacedSql(types: readonly Placed[], bind: Bind, draft: Draft): string {
  const row = draft.alias();
  const units = [...new Set(types.map(({ unit }) => unit))];
  const ofUnit = units.map((unit) => {
    const names = types.filter((one) => one.unit === unit).map(({ type }) => quoteLiteral(type.name));
    return `${row}.unit = ${quoteLiteral(unit)} and ${row}.type in (${names.join(', ')})`;
  });
  const id = `${row}.unit || ':' || ${row}.type || ':' || ${row}.key`;
  const inBox = `${toInBox({ lon: `${row}.lon`, lat: `${row}.lat` }, bind)} and (${ofUnit.join(' or ')})`;
  const columns = `${row}.type, ${row}.key, ${id} as id`;
  return toInCircle(
    { lon: `${row}.lon`, lat: `${row}.lat` },
    columns,
    `${PLACE_TABLE} ${row} where ${inBox}`,
    {
      bind,
      draft,
    },
  );
}

// Readings lie in months of their own, and there are many times more of them than of anything else: only who names them
// waits for their own index.
function toReadingsSql({ unit, type }: Placed, bind: Bind, draft: Draft): string {
  const row = draft.alias();
  const its = toPointColumns(row, 'location');
  const columns = `${quoteLiteral(type.name)} as type, ${row}._key as key, ${toIdSql(unit, type.name, `${row}._key`)} as id`;
  const from = `${toTableName(unit, type.name)} ${row} where ${row}._gone_at is null and ${toInBox(its, bind)}`;
  return toInCircle(its, columns, from, { bind, draft });
}

function toInBox({ lon, lat }: PointSql, bind: Bind): string {
  return `${lon} between ${bind('west')} and ${bind('east')} and ${lat} between ${bind('south')} and ${bind('north')}`;
}

// `offset 0`: the distance is computed once a row, not once for each time that it is named.
function toInCircle(
  its: PointSql,
  columns: string,
  from: string,
  { bind, draft }: { readonly bind: Bind; readonly draft: Draft },
): string {
  const box = draft.alias();
  const metres = toMetresSql({ lon: bind('lon'), lat: bind('lat') }, its);
  return `(select ${box}.type, ${box}.key, ${box}.id, round(${box}.metres) as metres from (select ${columns}, ${metres} as metres from ${from} offset 0) ${box} where ${box}.metres <= ${bind('metres')} order by round(${box}.metres), ${box}.id collate "C" limit ${bind('limit')})`;
}
