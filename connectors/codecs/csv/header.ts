// The names of a table's columns, from its header rows or from the manifest: one row, or several whose merged cells
// span columns (`学生数/小学`), told from the cells that stay empty.
import { HubError } from '../../../schema/errors.ts';
import type { TableOptions } from '../../kit/codec.ts';
import { toColumnName, toDistinctNames } from '../column-names.ts';

export type Header = {
  /** Takes a row that stands at or before the last header row; `row` counts rows and blank lines from 1. False: a record. */
  take(row: number, cells: readonly string[]): boolean;
  /** One name a column, '' for one without; null until the header was read. */
  names(): readonly string[] | null;
};

/** Throws HUB_MAP_SHAPE, from `take` too, when two columns have one name. */
export function toHeader({ rows, join, columns }: TableOptions['header']): Header {
  if (rows.length === 0 && columns === null)
    throw new HubError('HUB_MAP_SHAPE', 'a table without header rows needs `columns`');
  const read: (readonly string[])[] = [];
  let names = rows.length === 0 && columns !== null ? toDistinctNames(columns.map(toColumnName)) : null;
  return {
    names: () => names,
    take(row, cells) {
      if (names !== null) return false;
      // Blank lines count, so that rows are called what an editor calls them; the next row with text stands in for one.
      const wanted = rows[read.length];
      if (wanted !== undefined && row >= wanted) read.push(cells.map(toColumnName));
      if (read.length === rows.length)
        names = toDistinctNames(columns?.map(toColumnName) ?? toNames(read, join));
      return true;
    },
  };
}

/** Joins what stands above each other; a merged cell has its text in its first column only. */
function toNames(rows: readonly (readonly string[])[], join: string): readonly string[] {
  const width = Math.max(...rows.map((cells) => cells.length));
  const hasBelow = (level: number, column: number) =>
    rows.slice(level + 1).some((cells) => (cells[column] ?? '') !== '');
  const paths: string[][] = [];
  for (let column = 0; column < width; column++) {
    const left = paths[column - 1];
    const path: string[] = [];
    for (const [level, cells] of rows.entries()) {
      const own = cells[column] ?? '';
      const isSpanned =
        own === '' &&
        left !== undefined &&
        hasBelow(level, column) &&
        hasBelow(level, column - 1) &&
        path.every((part, at) => part === left[at]);
      path.push(isSpanned ? (left[level] ?? '') : own);
    }
    paths.push(path);
  }
  return paths.map((path) => path.filter((part) => part !== '').join(join));
}
