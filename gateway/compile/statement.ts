// The last step of the compiler: a plan becomes one statement that answers with the root field's JSON text and with the
// state of the types that it touched, seen in the same snapshot.
import { quoteLiteral } from '../../store/sql-identifiers.ts';
import type { Catalog, CatalogType } from './catalog.ts';
import { toDivisionFields, toDivisionOf } from './division-json.ts';
import type { PastRead } from './draft.ts';
import { toEntitiesJson, toNearbyJson } from './entities-sql.ts';
import { toGroupsJson } from './group/group-sql.ts';
import { type JsonSql, NULL_JSON, toFixed, toObject, toSql } from './json-sql.ts';
import { toStubField } from './link-sql.ts';
import { toListJson } from './list-sql.ts';
import { MARK, toMark } from './marks.ts';
import type { RootPlan, WholePlan } from './plan.ts';
import { toWriting } from './row-sql.ts';
import { toChangesJson } from './times/changes-sql.ts';
import { toStateColumns } from './type-state.ts';
import type { Writing } from './writing.ts';

/** A statement without its values: `slots` names them in the order of the parameters, `past` what it reads as of an earlier instant. */
export type Compiled = {
  readonly text: string;
  readonly slots: readonly string[];
  readonly past: readonly PastRead[];
};

/** A statement's only row: `data` is the root field's JSON text, `states` a JSON list of TypeState. */
export type StatementRow = { readonly data: string; readonly states: string };

/** The statement of one root field. The same plan gives the same text: values are binds. */
export function compileRoot(plan: RootPlan, types: ReadonlySet<string>, catalog: Catalog): Compiled {
  const writing = toWriting(catalog, false);
  return toStatement(writing, toRootJson(writing, plan), types);
}

/** The statement of a whole operation: `data` is the JSON text of all its root fields, with marks in it (marks.ts). */
export function compileWhole(plan: WholePlan, types: ReadonlySet<string>, catalog: Catalog): Compiled {
  const writing = toWriting(catalog, true);
  const pairs = plan.roots.map((root) => ({ key: root.key, value: toOneOfAll(writing, root) }));
  return toStatement(writing, toObject(pairs), types);
}

function toOneOfAll(writing: Writing, root: WholePlan['roots'][number]): JsonSql {
  if (root.kind === 'leaf') return toFixed('Query');
  if (root.kind === 'hub') return { fixed: `${toMark('d', root.fragment)}${MARK}` };
  return toRootJson(writing, root.plan);
}

function toStatement(writing: Writing, json: JsonSql, types: ReadonlySet<string>): Compiled {
  const { catalog } = writing;
  const data = toSql(json);
  const states = `select type, last_complete_at, failing_since, rows_landed from hub.type_state where (unit, type) in (${toPairs(types, catalog)})`;
  const listed = `select coalesce(json_agg(row_to_json(o)), '[]')::text from (select s.type, ${toStateColumns('s')} from s) o`;
  const text = `with s as materialized (${states}) select ${data} as data, (${listed}) as states`;
  const { slots, past } = writing.draft;
  return { text, slots, past };
}

// An empty pair matches nothing, and keeps the list from being empty.
function toPairs(types: ReadonlySet<string>, catalog: Catalog): string {
  const pairs = [...types].map((type) => [catalog.owners.get(type)?.unit ?? '', type]);
  return [...pairs, ['', '']]
    .map(([unit = '', type = '']) => `(${quoteLiteral(unit)}, ${quoteLiteral(type)})`)
    .join(', ');
}

function toRootJson(writing: Writing, plan: RootPlan): JsonSql {
  const { draft } = writing;
  if (plan.kind === 'division' || plan.kind === 'divisions') {
    const { slot } = plan;
    const at = draft.alias();
    const json = toSql(toDivisionFields(writing, plan.fields, `${at}.code`, `${at}.lo`, `${at}.hi`));
    const one = `case when ${at}.lo is null then 'null' else ${json} end`;
    const from = `unnest(${draft.bind(`codes${slot}`, 'text[]')}, ${draft.bind(`los${slot}`, 'text[]')}, ${draft.bind(`his${slot}`, 'text[]')}) with ordinality as ${at}(code, lo, hi, n)`;
    return plan.kind === 'division' ? { sql: `(select ${one} from ${from})` } : toArray(one, from, at);
  }
  if (plan.kind === 'entities') return toEntitiesJson(writing, plan);
  if (plan.kind === 'nearby') return toNearbyJson(writing, plan);
  if (plan.kind === 'stubs') return toStubsJson(writing, plan);
  const type = writing.catalog.types.get(plan.type);
  if (type === undefined) return NULL_JSON;
  if (plan.kind === 'all') {
    const there = writing.at(plan.list.asOf);
    const { toRow } = there;
    return toListJson({ node: plan.list, type, scope: { kind: 'all' }, draft: there.draft, toRow });
  }
  if (plan.kind === 'groups') {
    const toDivision = toDivisionOf(writing);
    return toGroupsJson({ node: plan.groups, type, scope: { kind: 'all' }, draft, toDivision });
  }
  if (plan.kind === 'changes') return toChangesJson(writing, type, plan);
  if (plan.kind === 'one') {
    return {
      sql: `coalesce(${toByKey(writing.at(plan.asOf), type, plan, draft.bind(`key${plan.slot}`, 'text'))}, 'null')`,
    };
  }
  const at = draft.alias();
  const one = `coalesce(${toByKey(writing, type, plan, `${at}.key`)}, 'null')`;
  return toArray(
    one,
    `unnest(${draft.bind(`keys${plan.slot}`, 'text[]')}) with ordinality as ${at}(key, n)`,
    at,
  );
}

function toStubsJson(writing: Writing, plan: Extract<RootPlan, { kind: 'stubs' }>): JsonSql {
  const { draft, catalog } = writing;
  const type = catalog.added.get(plan.type);
  if (type === undefined) return NULL_JSON;
  const at = draft.alias();
  const name = { unit: type.unit, type: plan.type };
  const json = toObject(
    plan.fields.map((node) => ({ key: node.key, value: toStubField(writing, name, type, node, at) })),
  );
  const one = `case when ${at}._key is null then 'null' else ${toSql(json)} end`;
  const keys = draft.bind(`keys${plan.slot}`, 'text[]');
  return toArray(one, `unnest(${keys}) with ordinality as ${at}(_key, n)`, at);
}

function toByKey(
  writing: Writing,
  type: CatalogType,
  plan: Extract<RootPlan, { kind: 'one' | 'lookup' }>,
  key: string,
): string {
  const row = writing.draft.alias();
  const json = toSql(writing.toRow(type, plan.fields, row));
  // A tombstone is no answer: what is gone is null, by id as in lists.
  return `(select ${json} from ${writing.draft.tableOf(type)} ${row} where ${row}._key = ${key} and ${row}._gone_at is null limit 1)`;
}

function toArray(one: string, from: string, at: string): JsonSql {
  return {
    sql: `(select '[' || coalesce(string_agg(${one}, ',' order by ${at}.n), '') || ']' from ${from})`,
  };
}
