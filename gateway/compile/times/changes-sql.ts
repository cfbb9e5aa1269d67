// The changes of a type in SQL: the rows whose version lies behind the client's place, in the order of version and key.
// Tombstones are rows, too: that is how a deletion is told.
import { toHistoryName } from '../../../store/columns.ts';
import { quoteLiteral } from '../../../store/sql-identifiers.ts';
import type { CatalogType } from '../catalog.ts';
import { toCursorOf, toCursorSql } from '../cursor.ts';
import { type JsonPair, type JsonSql, toFixed, toObject, toSql } from '../json-sql.ts';
import { toChangeName, toChangesName } from '../names.ts';
import { toArrayJson, toPageRowSql } from '../page-sql.ts';
import type { ChangeNode, ChangesNode, RootPlan } from '../plan.ts';
import { toIdSql } from '../row-columns.ts';
import { toTextJson, toTimeJson } from '../value-sql.ts';
import type { Writing } from '../writing.ts';
import { CHANGES } from './plan-changes.ts';

type ChangesPlan = Extract<RootPlan, { kind: 'changes' }>;
type Changes = { readonly writing: Writing; readonly type: CatalogType; readonly plan: ChangesPlan };

export function toChangesJson(writing: Writing, type: CatalogType, plan: ChangesPlan): JsonSql {
  const changes = { writing, type, plan };
  const { draft } = writing;
  const [row, page] = [draft.alias(), draft.alias()];
  const limit = draft.bind('limit', 'int');
  const nodes = plan.fields.filter((field) => field.kind === 'nodes');
  const columns = [
    ...nodes.map((field) => toSql(toObject(field.fields.map((one) => toChange(changes, one, row))))),
    toPlace(changes, `${row}._version::text`, `${row}._key`),
  ];
  const all = toPageRowSql({ numbered: toPageSql(changes), row, page, limit, columns, forward: true });
  const pairs = plan.fields.map(
    (field): JsonPair => ({ key: field.key, value: toValue(changes, field, nodes, page) }),
  );
  return { sql: `(select ${toSql(toObject(pairs))} from (${all}) ${page})` };
}

/** One row more than asked, which tells that there is more. Nothing is looked for where the type has no newer version. */
function toPageSql({ writing: { draft }, type, plan }: Changes): string {
  const row = draft.alias();
  const limit = `${draft.bind('limit', 'int')} + 1`;
  const where =
    plan.from === 'beginning' ? '' : plan.from === 'end' ? ' where false' : ` where ${toBehind(row)}`;
  return `select ${row}.*, row_number() over (order by ${row}._version, ${row}._key) as _n from ${draft.tableOf(type)} ${row}${where} order by ${row}._version, ${row}._key limit ${limit}`;

  function toBehind(alias: string): string {
    const version = draft.bind('version', 'bigint');
    // The first says whether to look at all, the second is what an index over versions can find, the third decides.
    return `${toVersionOf(type)} >= ${version} and ${alias}._version >= ${version} and (${alias}._version, ${alias}._key) > (${version}, ${draft.bind('key', 'text')})`;
  }
}

/** The newest version of the type, as this statement sees it. */
function toVersionOf({ unit, type }: CatalogType): string {
  return `(select version from hub.type_state where unit = ${quoteLiteral(unit)} and type = ${quoteLiteral(type.name)})`;
}

function toPlace({ writing: { draft }, type }: Changes, version: string, key: string): string {
  const head = JSON.stringify(toCursorOf(type, CHANGES, '')).slice(0, -1);
  const payload = `'${head},"' || ${version} || '",' || to_json(${key})::text || ']'`;
  return toCursorSql(payload, draft.bind('cursorKey', 'bytea'));
}

function toValue(changes: Changes, field: ChangesNode, nodes: readonly ChangesNode[], page: string): JsonSql {
  if (field.kind === 'nodes') {
    return toArrayJson(`${page}.c${nodes.indexOf(field)}`);
  }
  switch (field.name) {
    case 'more':
      return { sql: `to_json(${page}.more)::text` };
    case 'next':
      return toTextJson(toNext(changes, `${page}.c${nodes.length}`));
    default:
      return toFixed(toChangesName(changes.type.type.name));
  }
}

/** Behind the last row of the page; without one where the client stands already, or behind all that there is. */
function toNext(changes: Changes, places: string): string {
  const { plan, type, writing } = changes;
  // No key comes before the empty one: all of the newest version lies before this place, all of the next behind it.
  if (plan.from === 'end') return toPlace(changes, `(${toVersionOf(type)} + 1)::text`, `''::text`);
  const last = `${places}[cardinality(${places})]`;
  return plan.from === 'beginning' ? last : `coalesce(${last}, ${writing.draft.bind('since', 'text')})`;
}

function toChange({ writing, type, plan }: Changes, field: ChangeNode, row: string): JsonPair {
  return { key: field.key, value: toChangeValue() };

  function toChangeValue(): JsonSql {
    if (field.kind === 'row') {
      const json = toSql(writing.toRow(type, field.fields, row));
      return { sql: `case when ${row}._gone_at is null then ${json} else 'null' end` };
    }
    switch (field.name) {
      case 'id':
        return toTextJson(toIdSql(type.unit, type.type.name, `${row}._key`));
      case 'kind':
        return { sql: toKind({ writing, type, plan }, row) };
      case 'at':
        return toTimeJson(`${row}._known_from`);
      default:
        return toFixed(toChangeName(type.type.name));
    }
  }
}

/** What the row is to a client who was told all up to its place: the version that it has seen then decides. */
function toKind({ writing: { draft }, type, plan }: Changes, row: string): string {
  const otherwise = `else '"CREATED"' end`;
  const gone = `case when ${row}._gone_at is not null then '"DELETED"'`;
  if (plan.from !== 'cursor') return `${gone} ${otherwise}`;
  const seen = draft.alias();
  const place = `(${draft.bind('version', 'bigint')}, ${draft.bind('key', 'text')})`;
  const known = `(select ${seen}._gone_at is null from ${toHistoryName(type.unit, type.type.name)} ${seen} where ${seen}._key = ${row}._key and (${seen}._version, ${seen}._key) <= ${place} order by ${seen}._version desc limit 1)`;
  return `${gone} when ${known} then '"UPDATED"' ${otherwise}`;
}
