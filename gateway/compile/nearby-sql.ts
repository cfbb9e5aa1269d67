// What lies around a point, of several types and units, as one statement: each type's index gives the rows of the box, the
// distance orders them. Names come from the manifests, values only as binds.
import type { UnitType } from '../../connectors/kit/manifest/model.ts';
import { toTableName } from '../../store/columns.ts';
import type { ReadStatement } from '../../store/contract.ts';
import { quoteLiteral } from '../../store/sql-identifiers.ts';
import { toBox, toMetresSql } from './distance-sql.ts';
import { toDraft } from './draft.ts';
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
export function toNearbyStatement({ types, point, metres, limit }: Around): ReadStatement {
  const draft = toDraft();
  const values = new Map(Object.entries({ ...point, ...toBox(point, metres), metres, limit }));
  const bind = (name: string): string => draft.bind(name, name === 'limit' ? 'int' : 'float8');
  const from = { lon: bind('lon'), lat: bind('lat') };
  const each = types.map(({ unit, type }) => {
    const row = draft.alias();
    const its = toPointColumns(row, 'location');
    const where = [
      `${row}._gone_at is null`,
      `${its.lon} between ${bind('west')} and ${bind('east')}`,
      `${its.lat} between ${bind('south')} and ${bind('north')}`,
    ].join(' and ');
    // `offset 0`: the distance is computed once a row, not once for each time that it is named.
    const inBox = `select ${row}._key, ${toMetresSql(from, its)} as metres from ${toTableName(unit, type.name)} ${row} where ${where} offset 0`;
    const box = draft.alias();
    const id = `${toIdSql(unit, type.name, `${box}._key`)} as id`;
    return `(select ${quoteLiteral(type.name)} as type, ${id}, round(${box}.metres) as metres from (${inBox}) ${box} where ${box}.metres <= ${bind('metres')} order by round(${box}.metres), ${box}._key limit ${bind('limit')})`;
  });
  const text = `select n.type, n.id, n.metres from (${each.join(' union all ')}) n order by n.metres, n.id collate "C" limit ${bind('limit')}`;
  return { text, values: draft.slots.map((slot) => values.get(slot)) };
}
