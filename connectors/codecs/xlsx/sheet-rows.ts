// A sheet's rows, in their order, as they come out of its XML: never more of them in memory than a piece of it holds.
import type { Bounds } from './bounds.ts';
import { type Cell, type CellContext, toCell } from './cells.ts';
import { toDamaged } from './fault.ts';
import { parsePlace } from './ranges.ts';
import { type Attributes, readXml, type XmlHandlers, type XmlPart } from './xml.ts';

/** `row` as people see it; `cells` by column from 0, none for what nobody filled. */
export type SheetRow = { readonly row: number; readonly cells: ReadonlyMap<number, Cell> };

export function readRows(
  part: XmlPart,
  context: CellContext,
  bounds: Bounds,
): AsyncGenerator<readonly SheetRow[]> {
  return readXml(part, (emit) => toRowHandlers(part.name, context, bounds, emit));
}

type Open = { type: string; style: number; column: number; value: string | null; hasFormula: boolean };

function toRowHandlers(
  part: string,
  context: CellContext,
  bounds: Bounds,
  emit: (row: SheetRow) => void,
): XmlHandlers {
  let [isData, isSpoken, isValue] = [false, false, false];
  let [row, nextColumn] = [0, 0];
  let cells = new Map<number, Cell>();
  let cell: Open | null = null;

  const openRow = ({ r }: Attributes) => {
    const number = r === undefined ? row + 1 : Number(r);
    if (!Number.isInteger(number) || number <= row || number > bounds.rows)
      throw toDamaged(part, `a row stands behind row ${row} that cannot stand there`);
    row = number;
    nextColumn = 0;
    cells = new Map();
  };
  const openCell = ({ r, t = 'n', s = '0' }: Attributes) => {
    const column = r === undefined ? nextColumn : (parsePlace(r)?.column ?? -1);
    if (column < 0 || column >= bounds.columns) throw toDamaged(part, `row ${row} has a cell in no column`);
    nextColumn = column + 1;
    cell = { type: t, style: Number(s), column, value: null, hasFormula: false };
  };
  const closeCell = () => {
    if (cell === null) return;
    const found = toCell(cell, context);
    if (found !== null) cells.set(cell.column, found);
    cell = null;
  };
  return {
    open(name, attributes) {
      if (name === 'sheetData') isData = true;
      else if (!isData) return;
      else if (name === 'row') openRow(attributes);
      else if (name === 'c') openCell(attributes);
      else if (cell === null) return;
      else if (name === 'f') cell.hasFormula = true;
      else if (name === 'rPh') isSpoken = true;
      else if (name === 'v' || (name === 't' && !isSpoken)) {
        isValue = true;
        cell.value ??= '';
      }
    },
    text(text) {
      if (isValue && cell !== null) cell.value = (cell.value ?? '') + text;
    },
    close(name) {
      if (!isData) return;
      if (name === 'v' || name === 't') isValue = false;
      else if (name === 'rPh') isSpoken = false;
      else if (name === 'c') closeCell();
      else if (name === 'row') emit({ row, cells });
      else if (name === 'sheetData') isData = false;
    },
  };
}
