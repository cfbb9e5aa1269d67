// What has become of a source's columns since they were last found good, and which types that stops. Pure:
// jobs/sync/inspect-shape.ts describes the source, asks here, and keeps what this says.
import type { Drift, FeedShape, TableShape } from '../../store/contract.ts';
import type { ColumnUse } from '../plan/feed.ts';

type Column = TableShape['columns'][number];

/** A table that a feed reads, as it is; `prefixes`: under which names its columns stand in a record (`''`, `cch.`). */
export type PresentTable = { readonly shape: TableShape; readonly prefixes: readonly string[] };

export type DriftVerdict = {
  readonly drifts: readonly Drift[];
  /** In the order of the manifest. */
  readonly stopped: readonly string[];
  readonly shape: FeedShape;
};

/**
 * A column that is gone, or that is of another kind than it was, stops the types that read it; one that a type can do
 * without stops no type, only tells. A kind that changed is taken as known once the manifest makes something else of the
 * column: somebody has looked. Columns that nobody knows of are told of and stop nothing.
 */
export function planDrift(
  known: readonly TableShape[],
  tables: readonly PresentTable[],
  uses: readonly ColumnUse[],
): DriftVerdict {
  const judged = tables.map((table) => judgeTable(known, table, uses));
  const drifts = judged.flatMap((one) => one.drifts);
  const stopping = new Set(drifts.flatMap(({ types }) => types));
  return {
    drifts,
    stopped: [...new Set(uses.map(({ type }) => type))].filter((type) => stopping.has(type)),
    shape: {
      known: judged.map((one) => one.known),
      present: tables.map(({ shape, prefixes }) => ({
        ...shape,
        columns: shape.columns.map((column) => toKnown(column, usesOf(column.name, shape, prefixes, uses))),
      })),
    },
  };
}

function judgeTable(
  allKnown: readonly TableShape[],
  { shape, prefixes }: PresentTable,
  uses: readonly ColumnUse[],
): { readonly drifts: readonly Drift[]; readonly known: TableShape } {
  const before = allKnown.find(({ name }) => name === shape.name) ?? null;
  const wanted = [...new Set(uses.flatMap((use) => toOwnNames(use, prefixes)))];
  const missing = wanted.filter((name) => findColumn(shape, name) === null);
  const lost = (before?.columns ?? []).filter(
    ({ name }) =>
      findColumn(shape, name) === null &&
      !missing.some((other) => other.toLowerCase() === name.toLowerCase()),
  );
  const judged = shape.columns.map((column) =>
    judgeColumn(before, column, usesOf(column.name, shape, prefixes, uses), shape.name),
  );
  const gone = [
    ...missing.map((name) =>
      toDropped(
        shape.name,
        name,
        before === null ? null : findColumn(before, name),
        usesOfName(name, prefixes, uses),
      ),
    ),
    ...lost.map((column) => toDropped(shape.name, column.name, column, [])),
  ];
  const left = (before?.columns ?? []).filter(({ name }) => findColumn(shape, name) === null);
  return {
    drifts: [...gone, ...judged.flatMap(({ drift }) => drift ?? [])],
    known: { name: shape.name, columns: [...judged.flatMap(({ known }) => known ?? []), ...left] },
  };
}

type Judged = { readonly drift: Drift | null; readonly known: Column | null };

function judgeColumn(
  before: TableShape | null,
  column: Column,
  uses: readonly ColumnUse[],
  relation: string,
): Judged {
  const was = before?.columns.find(({ name }) => name === column.name) ?? null;
  const fresh = toKnown(column, uses);
  const drift = (change: Drift['change'], types: readonly string[]): Drift => {
    return {
      relation,
      column: column.name,
      change,
      was: was?.native ?? null,
      kind: column.native,
      types,
      fields: toFields(uses),
    };
  };
  // What is read for the first time is known from now on.
  if (was === null)
    return before === null || uses.length > 0
      ? { drift: null, known: fresh }
      : { drift: drift('NEW', []), known: null };
  if (was.kind === column.kind)
    return was.native === column.native
      ? { drift: null, known: fresh }
      : { drift: drift('ALTERED', []), known: { ...fresh, native: was.native } };
  const unread = uses.filter(({ type, reading }) => was.readings?.[type] === reading);
  if (uses.length > 0 && unread.length === 0) return { drift: null, known: fresh };
  return { drift: drift('RETYPED', [...new Set(unread.map(({ type }) => type))]), known: was };
}

function toDropped(relation: string, column: string, was: Column | null, uses: readonly ColumnUse[]): Drift {
  const needed = uses.filter(({ optional }) => !optional).map(({ type }) => type);
  return {
    relation,
    column,
    change: 'DROPPED',
    was: was?.native ?? null,
    kind: null,
    types: [...new Set(needed)],
    fields: toFields(uses),
  };
}

function toFields(uses: readonly ColumnUse[]): readonly string[] {
  return uses.flatMap(({ type, fields }) => fields.map((field) => `${type}.${field}`));
}

function toKnown({ name, kind, native }: Column, uses: readonly ColumnUse[]): Column {
  const readings = Object.fromEntries(uses.map(({ type, reading }) => [type, reading]));
  return uses.length === 0 ? { name, kind, native } : { name, kind, native, readings };
}

// A name of the manifest belongs to the table under whose prefix it stands; one that is not joined to the object itself.
function toOwnNames({ column, joined }: ColumnUse, prefixes: readonly string[]): readonly string[] {
  return prefixes.flatMap((prefix) => {
    if (joined !== (prefix !== '') || !column.startsWith(prefix)) return [];
    return [column.slice(prefix.length)];
  });
}

function usesOf(
  name: string,
  shape: TableShape,
  prefixes: readonly string[],
  uses: readonly ColumnUse[],
): readonly ColumnUse[] {
  return uses.filter((use) => toOwnNames(use, prefixes).some((own) => findColumn(shape, own)?.name === name));
}

function usesOfName(
  name: string,
  prefixes: readonly string[],
  uses: readonly ColumnUse[],
): readonly ColumnUse[] {
  return uses.filter((use) => toOwnNames(use, prefixes).includes(name));
}

/** Exactly, else by case: a database folds names in its own way, and the source resolves them in the same order. */
export function findColumn<Found extends { readonly name: string }>(
  shape: { readonly columns: readonly Found[] },
  name: string,
): Found | null {
  const exact = shape.columns.find((column) => column.name === name);
  return exact ?? shape.columns.find((column) => column.name.toLowerCase() === name.toLowerCase()) ?? null;
}
