// Questions about time, as SDL: as of an earlier instant, changed since one, and the changes of a type one after the other.
import type { CatalogType } from '../compile/catalog.ts';
import { toChangeName, toChangesName, toChangesRoot } from '../compile/names.ts';
import { PAGE_CAP, PAGE_ROWS } from '../compile/paging.ts';

/** `asOf` of a root by id and of every list. */
export const AS_OF_ARGUMENT = toArgument(
  'asOf',
  'As the hub knew it at that instant, with all that stands below: links, readings, conditions, orders, counts. Not later than now, and as far back as the history of each type that is read is kept. Rows of other units are given as they are now, and so are `via` and the `freshness` of things and events; readings are judged as of then.',
);

/** The arguments about time of a list. */
export const TIMES_ARGUMENTS = [
  AS_OF_ARGUMENT,
  toArgument(
    'changedSince',
    'Only rows whose present content the hub has known since later than this (by a worker’s clock: who polls overlaps by a minute). What is gone is not listed: the changes of the type tell it.',
  ),
].join(', ');

function toArgument(name: string, description: string): string {
  return `${JSON.stringify(description)} ${name}: DateTime`;
}

/** The root field for the changes of a type. */
export function toChangesField(type: CatalogType): string {
  const { name, label } = type.type;
  const description = `${label.zh} · ${label.en}: what has changed, in the order in which it was written; nothing is missed and a row is told once, as it is now. Give each answer's \`next\` as \`since\` of the following question. Without \`since\`: all that there is; with \`first: 0\` then: no row, but the place from which to follow. \`first\`: 0 to ${PAGE_CAP}; none: ${PAGE_ROWS}.`;
  return `${JSON.stringify(description)}\n  ${toChangesRoot(name)}(since: String, first: Int): ${toChangesName(name)}`;
}

/** The types that it answers with. */
export function toChangesTypes({ type: { name } }: CatalogType): string {
  return [
    `type ${toChangesName(name)} {\n  nodes: [${toChangeName(name)}]\n  "The \`since\` of the next question; equal to the one given while nothing has changed, null only where there is nothing yet."\n  next: String\n  "More has changed already: ask on at once."\n  more: Boolean\n}`,
    `"A row that was written, as it is now; \`row\` is null where it is gone. \`at\`: since when the hub knows it so."\ntype ${toChangeName(name)} {\n  id: ID!\n  kind: ChangeKind!\n  at: DateTime!\n  row: ${name}\n}`,
  ].join('\n\n');
}
