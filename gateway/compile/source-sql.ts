// Provenance of a row in SQL: native key, times, and freshness against the manifest's promise (design §3). The state of
// its type is read once a statement, in the common table `s`.
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { toMillis } from '../../schema/duration.ts';
import { FRESHNESS_LIMITS } from '../../schema/provenance.ts';
import { quoteLiteral } from '../../store/sql-identifiers.ts';
import type { CatalogType } from './catalog.ts';
import type { Draft } from './draft.ts';
import { type JsonPair, type JsonSql, NULL_JSON, toFixed, toObject } from './json-sql.ts';
import type { SourceField } from './plan.ts';
import { toTextJson, toTimeJson } from './value-sql.ts';

/** The type of a row and its unit, whose names stand in the statement. */
type Of = { readonly type: CatalogType; readonly unit: Unit | undefined };

/** The `source` of the row `alias`. `masked`: its key's columns hold what this viewer may not see. */
export function toSourceJson(
  { type, unit }: Of,
  fields: readonly SourceField[],
  masked: boolean,
  alias: string,
  draft: Draft,
): JsonSql {
  return toObject(
    fields.map((field): JsonPair => {
      if (field.kind === 'unit') return { key: field.key, value: toUnitJson(unit, field.leaves) };
      return { key: field.key, value: toSourceValue(type, field.name, masked, alias, draft) };
    }),
  );
}

function toUnitJson(unit: Unit | undefined, leaves: readonly { key: string; name: string }[]): JsonSql {
  const values = new Map(
    Object.entries({ __typename: 'Unit', code: unit?.unit, name: unit?.name.zh, nameEn: unit?.name.en }),
  );
  return toObject(leaves.map(({ key, name }) => ({ key, value: toFixed(values.get(name) ?? null) })));
}

function toSourceValue(
  type: CatalogType,
  name: string,
  masked: boolean,
  alias: string,
  draft: Draft,
): JsonSql {
  switch (name) {
    case 'nativeKey':
      return masked ? toFixed('***') : toTextJson(toNativeKey(alias));
    case 'observedAt':
      return type.type.role === 'thing' ? NULL_JSON : toTimeJson(`${alias}._observed_at`);
    case 'receivedAt':
      return toTimeJson(`${alias}._received_at`);
    case 'freshness':
      return { sql: toFreshnessSql(type, alias, draft) };
    case 'via':
      return {
        sql: `case when ${toStateOf(type, 'failing_since')} is null then '"STORE"' else '"FALLBACK"' end`,
      };
    default:
      return toFixed('Source');
  }
}

// `stcd=61512000, tm=2026-04-05 08:00:00`: the columns as they stand in the department's own table.
function toNativeKey(alias: string): string {
  return `coalesce((select string_agg(n.key || '=' || coalesce(n.value, ''), ', ' order by n.key) from jsonb_each_text(${alias}._native) n), '')`;
}

/**
 * Readings are as old as their time, things and events as the last complete run of their type. Asked for an instant, a
 * reading is judged as it was then; how the type was then is not kept, so things and events are judged as of now.
 */
function toFreshnessSql(type: CatalogType, alias: string, draft: Draft): string {
  const isReading = type.type.role === 'reading';
  const seen = isReading ? `${alias}._observed_at` : toStateOf(type, 'last_complete_at');
  const judged = (isReading ? draft.asOf : null) ?? 'now';
  const age = `extract(epoch from ${draft.bind(judged, 'timestamptz')} - ${seen}) * 1000`;
  const promise = toMillis(type.type.promise);
  const steps = Object.entries(FRESHNESS_LIMITS).map(
    ([word, times]) => `when a.ms <= ${promise * times} then '"${word}"'`,
  );
  // A time that is not known makes every comparison null: DEAD, as it must be.
  return `(select case ${steps.join(' ')} else '"DEAD"' end from (select ${age} as ms) a)`;
}

function toStateOf(type: CatalogType, column: string): string {
  return `(select s.${column} from s where s.type = ${quoteLiteral(type.type.name)})`;
}
