// A division in SQL, at a row or at a root field: its code, the lists of the units' types in it, and where the hub's own knowledge
// is to be written in.
import type { Field } from '../../connectors/kit/manifest/model.ts';
import { quoteLiteral } from '../../store/sql-identifiers.ts';
import { toGroupsJson } from './group/group-sql.ts';
import type { DivisionJson } from './group/key-sql.ts';
import { type JsonSql, NULL_JSON, toFixed, toNullable, toObject, toSql, toText } from './json-sql.ts';
import { toListJson } from './list-sql.ts';
import { MARK, toMark } from './marks.ts';
import type { DivisionField } from './plan.ts';
import { toFieldColumn } from './row-columns.ts';
import { toTextJson } from './value-sql.ts';
import type { Writing } from './writing.ts';

/** The division whose code the query `codes` gives: its code and, where asked, this unit's lists in it. */
export function toDivisionJson(writing: Writing, fields: readonly DivisionField[], codes: string): JsonSql {
  const { draft } = writing;
  const at = draft.alias();
  const range = draft.alias();
  const withLists = fields.some((field) => field.kind === 'list' || field.kind === 'groups');
  const toKnown = (): string =>
    `unnest(${draft.bind('divisionCodes', 'text[]')}, ${draft.bind('divisionLos', 'text[]')}, ${draft.bind('divisionHis', 'text[]')}) as ${range}(code, lo, hi)`;
  const join = withLists ? ` left join ${toKnown()} on ${range}.code = ${at}.code` : '';
  const json = toSql(toDivisionFields(writing, fields, `${at}.code`, `${range}.lo`, `${range}.hi`));
  // A code that is none of today's: another unit is asked by it, and may still know what it means.
  const withFar = withLists && fields.some((field) => field.kind === 'hop');
  const untold = withFar ? `when ${range}.code is null then ${quoteLiteral(toMark('x', 0))} ` : '';
  return {
    sql: `(select case when ${at}.code is null then 'null' ${untold}else ${json} end from (${codes}) ${at}${join})`,
  };
}

/** The division whose code an expression gives, with its statement given. */
export function toDivisionOf(writing: Writing): DivisionJson {
  return (fields, code) => toDivisionJson(writing, fields, `select ${code} as code`);
}

/** What is asked of a division, with its code and range as expressions. */
export function toDivisionFields(
  writing: Writing,
  fields: readonly DivisionField[],
  code: string,
  lo: string,
  hi: string,
): JsonSql {
  const toField = (field: Exclude<DivisionField, { kind: 'hop' }>): JsonSql => {
    if (field.kind === 'nothing') return NULL_JSON;
    if (field.kind === 'hub') {
      return toText([{ fixed: toMark('d', field.fragment) }, { sql: code }, { fixed: MARK }]);
    }
    if (field.kind === 'linked') return toLinkedJson(writing, field, code);
    if (field.kind === 'leaf') {
      return field.name === 'code' ? toTextJson(code) : toFixed('Division');
    }
    const type = writing.catalog.types.get(field.type);
    if (type === undefined) return NULL_JSON;
    const scope = { kind: 'division' as const, lo, hi };
    const there = field.kind === 'list' ? writing.at(field.asOf) : writing;
    const { draft, toRow } = there;
    const list =
      field.kind === 'list'
        ? toListJson({ node: field, type, scope, draft, toRow })
        : toGroupsJson({ node: field, type, scope, draft, toDivision: toDivisionOf(writing) });
    // Of a division that the hub does not know (any more), what lies in it is not known either: null, not empty.
    return { sql: `case when ${lo} is null then 'null' else ${toSql(list)} end` };
  };
  const hops = fields.flatMap((field) => (field.kind === 'hop' ? [toMark('h', field.hop)] : []));
  const pairs = fields.flatMap((field) =>
    field.kind === 'hop' ? [] : [{ key: field.key, value: toField(field) }],
  );
  return toText([{ fixed: hops.join('') }, toObject(pairs)]);
}

type LinkedField = Extract<DivisionField, { kind: 'linked' }>;

/** The parent or the children of the division `code`, with what is asked of them. */
function toLinkedJson(writing: Writing, { way, slot, fields }: LinkedField, code: string): JsonSql {
  const { draft } = writing;
  const at = draft.alias();
  const [owners, codes, los, his] = ['Owners', 'Codes', 'Los', 'His'].map((what) =>
    draft.bind(`${way}${what}${slot}`, 'text[]'),
  );
  const from = `unnest(${owners}, ${codes}, ${los}, ${his}) with ordinality as ${at}(owner, code, lo, hi, n) where ${at}.owner = ${code}`;
  const one = toSql(toDivisionFields(writing, fields, `${at}.code`, `${at}.lo`, `${at}.hi`));
  if (way === 'parent') return toNullable(`(select ${one} from ${from})`);
  return {
    sql: `(select '[' || coalesce(string_agg(${one}, ',' order by ${at}.n), '') || ']' from ${from})`,
  };
}

/** The divisions that a field of the row `alias` holds. */
export function toDivisionsJson(
  writing: Writing,
  field: Field,
  fields: readonly DivisionField[],
  alias: string,
): JsonSql {
  const column = toFieldColumn(alias, field.name);
  if (!field.graphql.list) return toDivisionJson(writing, fields, `select ${column} as code`);
  const item = writing.draft.alias();
  const one = toSql(toDivisionJson(writing, fields, `select ${item}.code as code`));
  const list = `select '[' || coalesce(string_agg(${one}, ',' order by ${item}.n), '') || ']' from unnest(${column}) with ordinality as ${item}(code, n)`;
  return { sql: `case when ${column} is null then 'null' else (${list}) end` };
}
