// What a service's contract says of an answer, whatever it is written in (WSDL, GraphQL, OpenAPI): fields within fields. From
// them to columns, whose names are the paths of a manifest. Pure.
import type { ColumnKind, ColumnShape } from '../contract.ts';

export type FieldTree = {
  readonly name: string;
  /** json for whatever has fields of its own. */
  readonly kind: ColumnKind;
  /** The contract's word for its type. */
  readonly native: string;
  readonly nullable: boolean;
  readonly isList: boolean;
  /** Asked for when somebody goes deeper: types may hold themselves. */
  readonly fields: () => readonly FieldTree[];
};

const MOST_NESTED = 4;
const MOST_COLUMNS = 500;

/** Nested fields by their path (`contractor.name`); a list is a column itself, before those of its elements. */
export function toColumns(fields: readonly FieldTree[]): readonly ColumnShape[] {
  return walk(fields).map(({ path, field, isLeaf }) => ({
    name: path.join('.'),
    kind: field.isList || !isLeaf ? 'json' : field.kind,
    native: field.isList ? `[${field.native}]` : field.native,
    nullable: field.nullable,
  }));
}

/** Paths at which a value stands, and not more fields. */
export function toLeafPaths(fields: readonly FieldTree[]): readonly string[] {
  return walk(fields)
    .filter(({ isLeaf, field }) => isLeaf && field.fields().length === 0)
    .map(({ path }) => path.join('.'));
}

/** The fields at a path, through lists and their indexes; null where the path leads nowhere. */
export function findFields(
  fields: readonly FieldTree[],
  segments: readonly string[],
): readonly FieldTree[] | null {
  const [segment, ...rest] = segments;
  if (segment === undefined) return fields;
  if (/^\d+$/.test(segment)) return findFields(fields, rest);
  const field = fields.find(({ name }) => name === segment);
  return field === undefined ? null : findFields(field.fields(), rest);
}

type Step = { readonly path: readonly string[]; readonly field: FieldTree; readonly isLeaf: boolean };

function walk(fields: readonly FieldTree[]): readonly Step[] {
  const steps: Step[] = [];
  const go = (own: readonly FieldTree[], path: readonly string[], around: readonly string[]): void => {
    for (const field of own) {
      if (steps.length >= MOST_COLUMNS) return;
      const here = [...path, field.name.replaceAll('.', '\\.')];
      // A type within itself has no end.
      const inner = here.length >= MOST_NESTED || around.includes(field.native) ? [] : field.fields();
      const isLeaf = inner.length === 0;
      if (isLeaf || field.isList) steps.push({ path: here, field, isLeaf });
      go(inner, here, [...around, field.native]);
    }
  };
  go(fields, [], []);
  return steps;
}
