// The same register written by four programs that have nothing in common (ExcelJS 4.4, openpyxl 3.1, XlsxWriter 3.2 with days
// from 1904, SheetJS 0.18), and two older forms: fixtures/ holds them as they came.
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { readBook } from './workbook.fixture.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const OPTIONS = {
  header: { rows: [3, 4], join: '/', columns: null },
  fillDown: ['乡镇'],
  sheet: { name: '学校' },
};

const FIRST = {
  学校代码: 431102001,
  '学生数/小学': 10,
  '学生数/初中': 20,
  建校时间: '2019-09-01',
  乡镇: '梅花镇',
  合计: 30,
  '@row': 5,
};
const SECOND = {
  学校代码: '0431102002',
  '学生数/小学': 11,
  '学生数/初中': 21,
  建校时间: '1998年9月',
  乡镇: '梅花镇',
  合计: 32,
  '@row': 6,
};
const THIRD = { 学校代码: '0431102003', '学生数/小学': true, 建校时间: 43709, 乡镇: 'x', '@row': 7 };

test.each(['exceljs', 'xlsxwriter', 'sheetjs'])('%s', async (program) => {
  const { records, unreadable } = await readBook(
    await readFile(new URL(`${program}.xlsx`, FIXTURES)),
    OPTIONS,
  );
  expect(records).toEqual([FIRST, SECOND]);
  expect(unreadable).toMatchObject([
    { raw: THIRD, message: 'sheet 学校, row 7, column 学生数/初中 (C7): #N/A' },
  ]);
});

test('openpyxl, which works no formula out: the row of one is set aside, not landed without it', async () => {
  const { records, unreadable } = await readBook(await readFile(new URL('openpyxl.xlsx', FIXTURES)), OPTIONS);
  expect(records).toEqual([SECOND]);
  expect(unreadable.map(({ message }) => message)).toEqual([
    expect.stringContaining('row 5, column 合计 (F5): a formula that was never worked out'),
    'sheet 学校, row 7, column 学生数/初中 (C7): #N/A',
  ]);
});

test.each([
  ['old.xls', 'is a workbook of Excel 97–2003 (.xls): save it as .xlsx'],
  ['binary.xlsb', 'is a binary workbook (.xlsb): save it as .xlsx'],
])('%s is called what it is', async (file, message) => {
  await expect(readBook(await readFile(new URL(file, FIXTURES)))).rejects.toMatchObject({
    code: 'HUB_SOURCE_FORMAT',
    message,
  });
});
