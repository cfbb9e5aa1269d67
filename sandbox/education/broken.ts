// Workbooks that a department drops by mistake: such as are none, and such as say something that is not so. What is to be read
// all the same says what the county's newest register says.
import { toChance } from '../storm/noise.ts';
import type { CellValue, Sheet } from './workbook.ts';
import { toWorkbook } from './workbook.ts';

/**
 * csv: text under the name of a workbook · xls: of Excel 97–2003 · password: with one · cut-off: half of it · bomb: unpacks to
 * three hundred times its size · no-sheet: 学校 is called Sheet2 · no-column: without the column of codes · error-cell: one
 * school's pupils are #N/A · emptied: no school in it · again: the same schools once more.
 */
export const BROKEN_SORTS = [
  'csv',
  'xls',
  'password',
  'cut-off',
  'bomb',
  'no-sheet',
  'no-column',
  'error-cell',
  'emptied',
  'again',
] as const;
export type BrokenSort = (typeof BROKEN_SORTS)[number];

const COMPOUND = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const BOMB_CELLS = 4_000_000;
const GARBAGE_BYTES = 4096;
const FIRST_ROW = 4;
const CODE_AT = 4;
const PUPILS_AT = 9;

/** `sheets`: the county's register as it should be. */
export function toBroken(sort: BrokenSort, sheets: readonly Sheet[]): Buffer {
  switch (sort) {
    case 'csv':
      return Buffer.from('序号,区县,学校代码\r\n1,道县,0431124001\r\n');
    case 'xls':
      return Buffer.concat([COMPOUND, Buffer.alloc(1016)]);
    case 'password':
      return Buffer.concat([COMPOUND, Buffer.alloc(1016), Buffer.from('EncryptedPackage', 'utf16le')]);
    case 'cut-off': {
      const whole = toWorkbook(sheets);
      return whole.subarray(0, whole.length / 2);
    }
    case 'bomb':
      return toWorkbook([...sheets, { name: '空白', rows: [[' '.repeat(BOMB_CELLS)]], merges: [] }]);
    case 'no-sheet':
      return toWorkbook(
        sheets.map((sheet) => (sheet.name === '学校' ? { ...sheet, name: 'Sheet2' } : sheet)),
      );
    case 'no-column':
      return toWorkbook(sheets.map((sheet) => withCell(sheet, 2, CODE_AT, '编号')));
    case 'error-cell':
      return toWorkbook(sheets.map((sheet) => withCell(sheet, FIRST_ROW, PUPILS_AT, { error: '#N/A' })));
    case 'emptied':
      return toWorkbook(sheets.map((sheet) => toEmptied(sheet)));
    case 'again':
      return toWorkbook([...sheets, { name: '备份', rows: [], merges: [] }]);
  }
}

/** Bytes of no format, always the same for a seed and number. */
export function toGarbage(seed: number, number: number): Buffer {
  return Buffer.from(
    Array.from({ length: GARBAGE_BYTES }, (_, index) =>
      index === 0 ? 0 : Math.floor(256 * toChance(seed, 98, number, index)),
    ),
  );
}

function withCell(sheet: Sheet, row: number, column: number, value: CellValue): Sheet {
  if (sheet.name !== '学校') return sheet;
  const rows = sheet.rows.map((cells, at) =>
    at === row ? cells.map((cell, place) => (place === column ? value : cell)) : cells,
  );
  return { ...sheet, rows };
}

function toEmptied(sheet: Sheet): Sheet {
  return sheet.name === '学校'
    ? {
        ...sheet,
        rows: sheet.rows.slice(0, FIRST_ROW),
        merges: sheet.merges.filter((range) => /^[A-Z]+[1-4]:/.test(range)),
      }
    : sheet;
}
