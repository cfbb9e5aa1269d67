// A page's rows of one type into the type's table, `merge: fields`: each form writes the fields that it gives and no other,
// and `_parts` keeps for every form what it last said, when and from where. One statement a form of the page.
import { isScoped, OWN, toIdentityColumns } from '../columns.ts';
import { quoteIdentifier, quoteLiteral } from '../sql-identifiers.ts';
import { PAGE_BINDS, toMergeStatement } from './merge-row.ts';
import { DELETED } from './stage.ts';
import { type TypePlan, toFieldsOfForm } from './unit-plan.ts';

/** The same binds and counts as the merge by row. `form` is the index of the form whose rows `source` has. */
export function toFieldsMergeSql(plan: TypePlan, source: string, form: number): string {
  const id = quoteLiteral(plan.formIds[form] ?? String(form));
  const given = new Set((plan.columnsOfForm[form] ?? []).map((column) => column.column));
  const part = `jsonb_build_object(${id}, jsonb_build_object('hash', encode(s._hash, 'hex'), 'source', s._source,
    'native', s._native, 'receivedAt', to_char($4::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'run', $2::bigint)${toDeletedMark(plan)})`;
  const parts = `(coalesce(t._parts, '{}') || ${part})`;
  const isGone = toGone(plan, parts);
  const identity = toIdentityColumns(plan.type);
  const update = new Map<string, string>([
    ...plan.columns
      .filter(({ column }) => given.has(column))
      .map(({ column }): [string, string] => [column, `s.${quoteIdentifier(column)}`]),
    ...Object.entries(PAGE_BINDS),
    ...toSharedValues(plan, form),
    [OWN.goneAt, `CASE WHEN ${isGone} THEN coalesce(t._gone_at, $1::timestamptz) END`],
    [OWN.parts, parts],
    [OWN.hash, toHash(parts)],
  ]);
  const insert = new Map<string, string>([
    ...PLAIN_OWN.map((column): [string, string] => [column, `s.${quoteIdentifier(column)}`]),
    ...plan.columns
      .filter(({ column }) => given.has(column))
      .map(({ column }): [string, string] => [column, `s.${quoteIdentifier(column)}`]),
    ...Object.entries(PAGE_BINDS),
    [OWN.knownFrom, '$1::timestamptz'],
    [OWN.goneAt, GONE_AT],
    [OWN.parts, part],
    [OWN.hash, toHash(part)],
  ]);
  if (isScoped(plan.type)) {
    update.set(OWN.scope, 'coalesce(s._scope, t._scope)');
    insert.set(OWN.scope, 's._scope');
  }
  const columns = plan.columns.map((column) => column.column);
  return toMergeStatement(plan, source, {
    changed: `coalesce(t._parts -> ${id} ->> 'hash', '') <> encode(s._hash, 'hex') OR (t._gone_at IS NOT NULL) <> (${isGone})`,
    set: columns
      .filter((column) => update.has(column) && !identity.includes(column))
      .map((column) => `${quoteIdentifier(column)} = ${update.get(column)}`),
    fresh: columns.map((column) => insert.get(column) ?? 'NULL'),
    adds: plan.type.forms[form]?.adds !== false,
  });
}

// Each form speaks for itself: what one has marked as deleted is gone until the same form takes it back, whatever another
// one gives meanwhile. A row that was only absent lives again with any form that has it.
function toGone({ type }: TypePlan, parts: string): string {
  if (type.deletes.column === null) return `s.${DELETED}`;
  return `EXISTS (SELECT FROM jsonb_each(${parts}) p WHERE p.value -> 'deleted' = 'true')`;
}

function toDeletedMark({ type }: TypePlan): string {
  return type.deletes.column === null
    ? ''
    : ` || CASE WHEN s.${DELETED} THEN '{"deleted": true}'::jsonb ELSE '{}' END`;
}

const GONE_AT = `CASE WHEN s.${DELETED} THEN $1::timestamptz END`;

const PLAIN_OWN = [
  OWN.key,
  OWN.source,
  OWN.form,
  OWN.native,
  OWN.digest,
  OWN.observedAt,
  OWN.division,
  OWN.divisionBasis,
  OWN.faults,
] as const;

// What several forms share: the first form names the row; a division is kept while a form knows none, and with it the
// faults that belong to no field (they are about the division); faults of the fields that this form gives are replaced by
// its own.
function toSharedValues(plan: TypePlan, form: number): [string, string][] {
  const fields =
    plan.type.forms[form] === undefined
      ? new Set<string>()
      : toFieldsOfForm(plan.type, plan.type.forms[form]);
  const names = [...fields].map(quoteLiteral).join(', ');
  const isKept = `CASE WHEN f ->> 'field' IS NOT NULL THEN ${names === '' ? 'true' : `f ->> 'field' NOT IN (${names})`}
    ELSE s._division_basis = 'NONE' AND NOT coalesce(s._faults, '[]') @> jsonb_build_array(f) END`;
  const others = `(SELECT coalesce(jsonb_agg(f), '[]') FROM jsonb_array_elements(coalesce(t._faults, '[]')) f WHERE ${isKept})`;
  return [
    [OWN.source, 'CASE WHEN s._form <= t._form THEN s._source ELSE t._source END'],
    [OWN.native, 'CASE WHEN s._form <= t._form THEN s._native ELSE t._native END'],
    [OWN.digest, 'CASE WHEN s._form <= t._form THEN s._digest ELSE t._digest END'],
    [OWN.form, 'least(s._form, t._form)'],
    [OWN.observedAt, 's._observed_at'],
    [OWN.division, `CASE WHEN s._division_basis = 'NONE' THEN t._division ELSE s._division END`],
    [
      OWN.divisionBasis,
      `CASE WHEN s._division_basis = 'NONE' THEN t._division_basis ELSE s._division_basis END`,
    ],
    [OWN.faults, `nullif(${others} || coalesce(s._faults, '[]'), '[]')`],
    [OWN.knownFrom, 'greatest($1::timestamptz, t._known_from)'],
  ];
}

/** Over what all forms last said: the order of jsonb's keys is fixed. */
function toHash(parts: string): string {
  return `sha256(convert_to((SELECT string_agg(p.key || ':' || (p.value ->> 'hash'), ',') FROM jsonb_each(${parts}) p), 'UTF8'))`;
}
