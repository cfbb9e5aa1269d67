// The statements of one type, made once a manifest, and which rows of a page stand for a key. Pure.

import { type FreshStatements, toFreshStatements } from './insert-fresh.ts';
import { toFieldsMergeSql } from './merge-fields.ts';
import { toRowMergeSql } from './merge-row.ts';
import { type Stage, type StagedRow, toStage } from './stage.ts';
import type { TypePlan } from './unit-plan.ts';

export type TypeStatements = {
  readonly plan: TypePlan;
  readonly stage: Stage;
  /** The merge of one form's rows (`merge: fields`), or of all (null). */
  readonly mergeOf: (form: number | null) => string;
  readonly fresh: FreshStatements | null;
};

export function toTypeStatements(plan: TypePlan): TypeStatements {
  const stage = toStage(plan);
  const whole = plan.type.merge === 'row' ? toRowMergeSql(plan, stage) : '';
  const byForm =
    plan.type.merge === 'row'
      ? []
      : plan.type.forms.map((_form, index) => toFieldsMergeSql(plan, stage, index));
  return {
    plan,
    stage,
    mergeOf: (form) => (form === null ? whole : (byForm[form] ?? '')),
    fresh: toFreshStatements(plan, stage),
  };
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
