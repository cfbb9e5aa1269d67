// What a question may cost before anything runs: rows multiply from list to list, so their product is counted while the
// plan is made. The count is what could come at most, whatever the tables hold: it needs no look at them.
import type { GraphQLError } from 'graphql';
import type { Catalog } from './catalog.ts';
import { toFault } from './fault.ts';
import { toChangeName, toConnectionName, toEdgeName } from './names.ts';
import type { Selected } from './selection.ts';

/** Rows that one request to a unit may ask for, over all its root fields. */
export const ROW_CAP = 100_000;

/** Values of a row that count as one: who asks for more of each row, asks for more rows. */
const VALUES_A_ROW = 20;

/** What is left of the cap; shared by all root fields of a request, and drawn on as they are planned. */
export type RowBudget = { readonly cap: number; left: number };

export function toRowBudget(cap = ROW_CAP): RowBudget {
  return { cap, left: cap };
}

/**
 * Takes `rows` rows of what `asked` selects from the budget, or gives the HUB_QUERY_LIMIT that stands in their place. What is
 * refused takes nothing, so that smaller neighbours are still answered.
 */
export function takeRows(
  budget: RowBudget,
  asked: Selected,
  rows: number,
  catalog: Catalog,
): GraphQLError | null {
  const wanted = rows * Math.max(1, Math.ceil(countValues(asked, catalog) / VALUES_A_ROW));
  if (wanted <= budget.left) {
    budget.left -= wanted;
    return null;
  }
  const already = budget.cap - budget.left;
  const before = already === 0 ? '' : `, after ${toNumber(already)} for what stands before it`;
  return toFault(
    'HUB_QUERY_LIMIT',
    `"${asked.key}" could bring ${toNumber(wanted)} rows${before}; one request may ask for ${toNumber(budget.cap)} (each ${VALUES_A_ROW} values of a row count as one): lower "first" or "last" here or in the lists around it, or ask in several requests.`,
  );
}

/** Values that one row brings by itself; rows below it are counted where they are planned. */
function countValues(asked: Selected, catalog: Catalog): number {
  let values = 0;
  for (const field of asked.fields) {
    if (field.fields.length === 0) values += 1;
    else if (!isOtherRows(asked, field, catalog)) values += countValues(field, catalog);
  }
  return values;
}

function isOtherRows(parent: Selected, { type }: Selected, catalog: Catalog): boolean {
  for (const name of catalog.types.keys()) {
    if (type === toConnectionName(name)) return true;
    // `nodes`, `edges { node }` and the `row` of a change are the rows of the list that is being counted.
    if (type === name) return !toWrappers(name).includes(parent.type);
  }
  return false;
}

function toWrappers(name: string): readonly string[] {
  return [toConnectionName(name), toEdgeName(name), toChangeName(name)];
}

function toNumber(value: number): string {
  return value.toLocaleString('en');
}
