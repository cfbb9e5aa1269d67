// Rows of any unit in SQL: by their ids, each in its place, and by their distance from a point. Which type a row has is told by a
// case over the types that may come.
import { quoteLiteral } from '../../store/sql-identifiers.ts';
import type { CatalogType } from './catalog.ts';
import { type JsonSql, NULL_JSON, toFixed, toObject, toSql, toText } from './json-sql.ts';
import { toStubField } from './link-sql.ts';
import { toMark } from './marks.ts';
import { type Placed, toNearbySql, toNearestFirst } from './nearby-sql.ts';
import type { EntityCase, NearbyField, RootPlan } from './plan.ts';
import { toTextJson } from './value-sql.ts';
import type { Writing } from './writing.ts';

type EntitiesPlan = Extract<RootPlan, { kind: 'entities' }>;
type NearbyPlan = Extract<RootPlan, { kind: 'nearby' }>;

/** One row, or a list of them; null where nothing living has the id. */
export function toEntitiesJson(writing: Writing, { slot, listed, cases }: EntitiesPlan): JsonSql {
  const { draft } = writing;
  const at = draft.alias();
  const when = cases.flatMap((one) => {
    const row = toRowOf(writing, one, `${at}.key`);
    return row === null ? [] : [`when ${quoteLiteral(one.type)} then coalesce(${row}, 'null')`];
  });
  const json = when.length === 0 ? `'null'` : `case ${at}.type ${when.join(' ')} else 'null' end`;
  const from = `unnest(${draft.bind(`types${slot}`, 'text[]')}, ${draft.bind(`keys${slot}`, 'text[]')}) with ordinality as ${at}(type, key, n)`;
  if (!listed) return { sql: `(select ${json} from ${from})` };
  return {
    sql: `(select '[' || coalesce(string_agg(${json}, ',' order by ${at}.n), '') || ']' from ${from})`,
  };
}

/** What lies around a point, nearest first. */
export function toNearbyJson(writing: Writing, { slot, types, fields }: NearbyPlan): JsonSql {
  const { draft, catalog } = writing;
  const placed = types.flatMap((name): Placed | readonly Placed[] => catalog.types.get(name) ?? []);
  if (placed.length === 0) return toFixed([]);
  const at = draft.alias();
  const one = toObject(fields.map((field) => ({ key: field.key, value: toFieldJson(writing, field, at) })));
  return {
    sql: `(select '[' || coalesce(string_agg(${toSql(one)}, ',' order by ${toNearestFirst(at)}), '') || ']' from (${toNearbySql(placed, slot, draft)}) ${at})`,
  };
}

function toFieldJson(writing: Writing, field: NearbyField, at: string): JsonSql {
  if (field.kind === 'entity') return toNearJson(writing, field.cases, at);
  return field.name === 'distanceKm' ? { sql: `to_json(${at}.metres / 1000)::text` } : toFixed('Nearby');
}

// What lies in hub.place lives: of its id alone there is nothing to look up. Where a row is not there all the same, only
// stitching can tell.
function toNearJson(writing: Writing, cases: readonly EntityCase[], at: string): JsonSql {
  const stubs = new Map<string, EntityCase[]>();
  const when: string[] = [];
  for (const one of cases) {
    if (one.hop !== null || one.fields.some(({ kind }) => kind !== 'leaf')) {
      const row = toRowOf(writing, one, `${at}.key`);
      when.push(
        `when ${at}.type = ${quoteLiteral(one.type)} then coalesce(${row}, ${toSql({ fixed: toMark('x', 0) })})`,
      );
      continue;
    }
    const shape = JSON.stringify(one.fields);
    stubs.set(shape, [...(stubs.get(shape) ?? []), one]);
  }
  for (const same of stubs.values()) {
    const names = same.map(({ type }) => quoteLiteral(type)).join(', ');
    const stub = toSql(toStubJson(same[0]?.fields ?? [], `${at}.id`, { sql: `to_json(${at}.type)::text` }));
    when.push(`when ${at}.type in (${names}) then ${stub}`);
  }
  return when.length === 0 ? NULL_JSON : { sql: `case ${when.join(' ')} end` };
}

/** The living row with this key, as an expression that is null where there is none; null for a type that is not known. */
function toRowOf(writing: Writing, { type: name, hop, fields }: EntityCase, key: string): string | null {
  const type = writing.catalog.types.get(name);
  if (type === undefined) return null;
  const row = writing.draft.alias();
  const json =
    hop === null ? toStubOf(writing, type, fields, row) : toReached(hop, writing.toRow(type, fields, row));
  return `(select ${toSql(json)} from ${writing.draft.tableOf(type)} ${row} where ${row}._key = ${key} and ${row}._gone_at is null limit 1)`;
}

function toReached(hop: number, row: JsonSql): JsonSql {
  return toText([{ fixed: toMark('h', hop) }, row]);
}

function toStubOf(writing: Writing, type: CatalogType, fields: EntityCase['fields'], row: string): JsonSql {
  const name = { unit: type.unit, type: type.type.name };
  return toObject(
    fields.map((node) => ({ key: node.key, value: toStubField(writing, name, type, node, row) })),
  );
}

function toStubJson(fields: EntityCase['fields'], id: string, typename: JsonSql): JsonSql {
  return toObject(
    fields.map((field) => ({
      key: field.key,
      value: field.kind === 'leaf' && field.name === 'id' ? toTextJson(id) : typename,
    })),
  );
}
