// The names of a sheet's columns: what its header rows say above each other, a merged cell for each column that it spans and
// once for all of its rows.
import { HubError } from '../../../schema/errors.ts';
import type { TableOptions } from '../../kit/codec.ts';
import { toColumnName, toDistinctNames } from '../column-names.ts';
import type { Range } from './ranges.ts';
import type { SheetRow } from './sheet-rows.ts';

export type Header = {
  /** Takes a row at or before the last header row; false: it is a record. */
  take(row: SheetRow): boolean;
  /** One name a column, '' for one without; null until the header was read. */
  names(): readonly string[] | null;
};

/** HUB_MAP_SHAPE, from `take` too, when two columns have one name. */
export function toHeader({ rows, join, columns }: TableOptions['header'], merges: readonly Range[]): Header {
  if (rows.length === 0 && columns === null)
    throw new HubError('HUB_MAP_SHAPE', 'a table without header rows needs `columns`');
  const last = rows.at(-1) ?? 0;
  const spans = merges.filter(({ top }) => top <= last);
  /** What stands first in a merged range, by its place. */
  const firsts = new Map<string, string>();
  const read: (readonly string[])[] = [];
  let names = rows.length === 0 ? toDistinctNames((columns ?? []).map(toColumnName)) : null;

  const remember = ({ row, cells }: SheetRow) => {
    for (const { top, left } of spans) if (top === row) firsts.set(`${top} ${left}`, toText(cells, left));
  };
  const toTexts = ({ row, cells }: SheetRow): readonly string[] => {
    const texts: string[] = [];
    for (const column of cells.keys()) texts[column] = toText(cells, column);
    for (const { top, left, bottom, right } of spans) {
      if (row < top || row > bottom) continue;
      // A merged cell names its columns in the first header row that it covers.
      const isFirst = rows.find((number) => number >= top) === row;
      for (let column = left; column <= right; column++)
        texts[column] = isFirst ? (firsts.get(`${top} ${left}`) ?? '') : '';
    }
    return Array.from(texts, (text) => text ?? '');
  };
  return {
    names: () => names,
    take(row) {
      if (names !== null) return false;
      // Rows that nobody filled may not stand in the file at all: those between two that do are blank.
      while (read.length < rows.length && (rows[read.length] ?? 0) < row.row)
        read.push(toTexts({ row: rows[read.length] ?? 0, cells: new Map() }));
      const isHeader = rows[read.length] === row.row;
      remember(row);
      if (isHeader) read.push(toTexts(row));
      if (read.length === rows.length)
        names = toDistinctNames(columns?.map(toColumnName) ?? toNames(read, join));
      return isHeader || row.row <= last;
    },
  };
}

function toText(cells: SheetRow['cells'], column: number): string {
  const cell = cells.get(column);
  return cell === undefined || 'fault' in cell ? '' : toColumnName(String(cell.value));
}

function toNames(rows: readonly (readonly string[])[], join: string): readonly string[] {
  const width = Math.max(0, ...rows.map((texts) => texts.length));
  return Array.from({ length: width }, (_, column) =>
    rows
      .map((texts) => texts[column] ?? '')
      .filter((text) => text !== '')
      .join(join),
  );
}
