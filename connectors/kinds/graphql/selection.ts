// From the paths that the hub wants to read to a selection set: dots are nesting, indexes pick from a list and are no names.
// Pure; write-document.ts makes text of it.
import { parsePath } from '../../kit/mapping/columns.ts';
import type { Question } from '../../kit/web/contract.ts';
import { toFault, type WebPlace } from '../../kit/web/faults.ts';
import { type GraphqlRequest, NAME } from './words.ts';

/** Fields by name, each with those below it; one without any is a leaf. */
export type Selection = { readonly fields: ReadonlyMap<string, Selection> };
type Growing = { readonly fields: Map<string, Growing> };

/** What is selected below the root field: the columns within `records`, and what paging and `success` look at. */
export function toSelection(
  { object, columns }: Pick<Question<GraphqlRequest>, 'object' | 'columns'>,
  successPath: string | null,
): Selection {
  const { records, paging, place } = object;
  const around = [successPath, paging?.next, paging?.more, paging?.total];
  const inRecords = columns.length === 0 ? ['__typename'] : columns;
  const root: Growing = { fields: new Map() };
  const prefix = records === null ? [] : parsePath(records);
  for (const column of inRecords) add(root, [...prefix, ...parsePath(column)], column, place);
  for (const path of around) if (path != null) add(root, parsePath(path), path, place);
  return root;
}

/** The names of every field of a selection, however deep. */
export function toFieldNames({ fields }: Selection): readonly string[] {
  return [...fields].flatMap(([name, inner]) => [name, ...toFieldNames(inner)]);
}

function add(root: Growing, segments: readonly string[], path: string, place: WebPlace): void {
  let here = root;
  for (const segment of segments) {
    if (/^\d+$/.test(segment)) continue;
    if (!NAME.test(segment))
      throw toFault('HUB_SOURCE_SHAPE', { ...place, column: path }, `${path} is no path of GraphQL names`);
    const next = here.fields.get(segment) ?? { fields: new Map() };
    here.fields.set(segment, next);
    here = next;
  }
}
