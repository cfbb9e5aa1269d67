// Columns whose cells count for the rows below them too: merged ones as far as they are merged, plain ones until the next.
import type { Cell } from './cells.ts';
import type { Range } from './ranges.ts';
import type { SheetRow } from './sheet-rows.ts';

/** A row with the cells of these columns filled from above. Rows in their order. */
export function toFiller(
  columns: readonly number[],
  merges: readonly Range[],
): (row: SheetRow) => SheetRow['cells'] {
  const fills = columns.map((column) => toFill(column, merges));
  if (fills.length === 0) return ({ cells }) => cells;
  return (row) => {
    const filled = new Map(row.cells);
    for (const [at, fill] of fills.entries()) {
      const [cell, column] = [fill(row), columns[at] ?? 0];
      if (cell === undefined) filled.delete(column);
      else filled.set(column, cell);
    }
    return filled;
  };
}

function toFill(column: number, merges: readonly Range[]): (row: SheetRow) => Cell | undefined {
  const own = merges
    .filter(({ left, top, bottom }) => left === column && bottom > top)
    .toSorted((a, b) => a.top - b.top);
  let next = 0;
  /** What stands above, and the merged range that it fills; null: a plain cell. */
  let above: { readonly cell: Cell | undefined; readonly range: Range | null } = {
    cell: undefined,
    range: null,
  };
  return ({ row, cells }) => {
    const cell = cells.get(column);
    while ((own[next]?.bottom ?? Number.POSITIVE_INFINITY) < row) next += 1;
    const found = own[next];
    const range = found !== undefined && found.top <= row ? found : null;
    // Of a merged range people see its first cell, whatever lies beneath.
    if (range !== null && range !== above.range)
      above = { cell: range.top === row ? cell : undefined, range };
    else if (range === null && !isBlank(cell)) above = { cell, range };
    // Who merges says where it ends: a blank cell below a merged range is blank.
    else if (range === null && above.range !== null) above = { cell: undefined, range };
    return above.cell;
  };
}

export function isBlank(cell: Cell | undefined): boolean {
  return cell === undefined || ('value' in cell && String(cell.value).trim() === '');
}
