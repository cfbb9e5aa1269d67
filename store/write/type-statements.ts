// The statements of one type, made once a manifest, and which rows of a page stand for a key. Pure.

import { toBoundSource, toStatementName } from './bound-rows.ts';
import { type FreshStatements, toFreshStatements } from './insert-fresh.ts';
import { toFieldsMergeSql } from './merge-fields.ts';
import { toRowMergeSql } from './merge-row.ts';
import { type Stage, type StagedRow, toStage } from './stage.ts';
import type { TypePlan } from './unit-plan.ts';

export type TypeStatements = {
  readonly plan: TypePlan;
  readonly stage: Stage;
  /** The merge of one form's rows (`merge: fields`), or of all (null), from the staging table. */
  readonly mergeOf: (form: number | null) => string;
  /** The same of rows that are bound. */
  readonly boundMergeOf: (form: number | null) => NamedStatement;
  readonly fresh: FreshStatements | null;
};

/** What a session prepares under a name of its own. */
export type NamedStatement = { readonly name: string; readonly text: string };

export function toTypeStatements(plan: TypePlan): TypeStatements {
  const stage = toStage(plan);
  const staged = toMerges(plan, stage.table);
  const bound = toMerges(plan, toBoundSource(plan, stage)).map((text) => ({
    name: toStatementName(plan, text),
    text,
  }));
  return {
    plan,
    stage,
    mergeOf: (form) => staged[form ?? 0] ?? '',
    boundMergeOf: (form) => bound[form ?? 0] ?? { name: '', text: '' },
    fresh: toFreshStatements(plan, stage),
  };
}

/** One for all rows, or one a form. */
function toMerges(plan: TypePlan, source: string): readonly string[] {
  if (plan.type.merge === 'row') return [toRowMergeSql(plan, source)];
  return plan.type.forms.map((_form, index) => toFieldsMergeSql(plan, source, index));
}

/**
 * One row a key: of several in a page the last, and the one of an earlier form before any of a later one. Types that merge
 * by field come as one list a form, later forms first, since each of them writes other fields.
 */
export function toUniqueRows(
  plan: TypePlan,
  rows: readonly StagedRow[],
): readonly { readonly form: number | null; readonly staged: readonly StagedRow[] }[] {
  if (rows.length === 0) return [];
  if (plan.type.merge === 'row') return [{ form: null, staged: toLast(rows) }];
  const forms = [...new Set(rows.map(({ ready }) => ready.row.form))].sort((left, right) => right - left);
  return forms.map((form) => ({ form, staged: toLast(rows.filter(({ ready }) => ready.row.form === form)) }));
}

function toLast(rows: readonly StagedRow[]): readonly StagedRow[] {
  const last = new Map<string, StagedRow>();
  for (const row of rows) {
    const standing = last.get(row.ready.key);
    if (standing === undefined || row.ready.row.form <= standing.ready.row.form) last.set(row.ready.key, row);
  }
  return [...last.values()];
}
