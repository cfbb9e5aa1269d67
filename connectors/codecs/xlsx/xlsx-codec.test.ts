// What a sheet's cells become: values by their kind, the header over merged cells, rows as people see them.
import { describe, expect, test } from '@jest/globals';
import { readBook, toBook, toMerges, toRow } from './workbook.fixture.ts';

const header = (...rows: number[]) => ({ header: { rows, join: '/', columns: null } });

const UNWORKED = 'a formula that was never worked out: open the workbook in Excel or WPS and save it';

/** One cell of XML below a header of one column. */
async function readCell(cell: string, words: Parameters<typeof toBook>[0] = {}) {
  const { records, unreadable } = await readBook(
    toBook({ ...words, sheets: { 表: `${toRow(1, 'x')}<row r="2">${cell}</row>` } }),
  );
  return unreadable[0]?.message ?? records[0]?.x;
}

describe('a cell', () => {
  test.each([
    ['text of its own', '<c r="A2" t="inlineStr"><is><t> 道县 &amp; 宁远 </t></is></c>', ' 道县 & 宁远 '],
    [
      'rich text, without how it is pronounced',
      '<c r="A2" t="inlineStr"><is><r><t>道</t></r><r><rPr/><t>县</t></r><rPh sb="0" eb="1"><t>dào</t></rPh></is></c>',
      '道县',
    ],
    [
      'text with a character that XML cannot hold',
      '<c r="A2" t="inlineStr"><is><t>a_x000A_b_x005F_x</t></is></c>',
      'a\nb_x',
    ],
    ['a number', '<c r="A2"><v>431102</v></c>', 431102],
    ['a number with an exponent', '<c r="A2"><v>1.3900001234E10</v></c>', 13900001234],
    [
      'a number of more digits than a double holds',
      '<c r="A2"><v>43110219900101123</v></c>',
      '43110219900101123',
    ],
    ['a fraction', '<c r="A2"><v>2019.9</v></c>', 2019.9],
    ['a boolean', '<c r="A2" t="b"><v>1</v></c>', true],
    ['a formula’s value', '<c r="A2" t="str"><f>B2&amp;"县"</f><v>道县</v></c>', '道县'],
    ['a formula’s empty text', '<c r="A2" t="str"><f>""</f><v></v></c><c r="B2"><v>1</v></c>', undefined],
    ['a formula’s number', '<c r="A2"><f>1+2</f><v>3</v></c>', 3],
    ['a date of the strict form', '<c r="A2" t="d"><v>2019-09-01T00:00:00</v></c>', '2019-09-01'],
    ['a cell without its place', '<c><v>7</v></c>', 7],
  ])('holds %s', async (_, cell, expected) => {
    expect(await readCell(cell)).toEqual(expected);
  });

  test('shares its text with others', async () => {
    const strings = '<si><t>一</t></si><si><r><t>道</t></r><r><t xml:space="preserve"> 县</t></r></si>';
    expect(await readCell('<c r="A2" t="s"><v>1</v></c>', { strings })).toBe('道 县');
  });

  test.each([
    ['<c r="A2" t="e"><v>#N/A</v></c>', '#N/A'],
    ['<c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', '#DIV/0!'],
    ['<c r="A2" t="e"><v>431102199001011234</v></c>', 'an error'],
    ['<c r="A2"><f>SUM(B1:B2)</f></c>', UNWORKED],
    ['<c r="A2"><f>SUM(B1:B2)</f><v></v></c>', UNWORKED],
    ['<c r="A2" t="s"><v>9</v></c>', 'a text that the workbook does not have'],
    ['<c r="A2"><v>十二</v></c>', 'a number that is none'],
  ])('%s sets its row aside, with sheet, row and column named', async (cell, words) => {
    expect(await readCell(cell)).toBe(`sheet 表, row 2, column x (A2): ${words}`);
  });

  test('with an error in a column without a name harms nobody', async () => {
    const rows = `${toRow(1, 'x')}<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#N/A</v></c></row>`;
    expect(await readBook(toBook({ sheets: { 表: rows } }))).toMatchObject({
      records: [{ x: 1, '@row': 2 }],
      unreadable: [],
    });
  });

  test('a row that is set aside is kept whole, the others land', async () => {
    const bad = '<row r="3"><c r="A3"><v>2</v></c><c r="B3" t="e"><v>#REF!</v></c></row>';
    const rows = `${toRow(1, '代码', '学生数')}${toRow(2, 1, 10)}${bad}${toRow(4, 3, 30)}`;
    expect(await readBook(toBook({ sheets: { 学校: rows } }))).toMatchObject({
      records: [{ 代码: 1 }, { 代码: 3 }],
      unreadable: [{ raw: { 代码: 2, 学生数: '#REF!', '@row': 3 } }],
    });
  });
});

describe('a date', () => {
  const styles = [
    0,
    14,
    'yyyy"年"m"月"d"日"',
    'h:mm',
    '0.00',
    '[h]:mm',
    'yyyy/m/d h:mm',
    '[$-804]上午/下午h"时"',
    31,
  ];
  const read = (style: number, value: number, properties = '') =>
    readCell(`<c r="A2" s="${style}"><v>${value}</v></c>`, { styles, properties });

  test.each([
    [1, 43709, '2019-09-01'],
    [2, 43709, '2019-09-01'],
    [8, 43709, '2019-09-01'],
    [6, 43709.3125, '2019-09-01 07:30:00'],
    [3, 0.3125, '07:30:00'],
    [7, 0.5, '12:00:00'],
    [1, 1, '1900-01-01'],
    [1, 59, '1900-02-28'],
    [1, 61, '1900-03-01'],
  ])('of style %s: %s is %s', async (style, value, expected) => {
    expect(await read(style, value)).toBe(expected);
  });

  test.each([
    ['in a style of numbers', 0, 43709],
    ['in a style of decimals', 4, 3.5],
    ['as a duration', 5, 1.25],
    ['of the day that never was', 1, 60],
    ['before there were any', 1, 0],
    ['after the last year', 1, 2_958_466],
  ])('%s stays a number', async (_, style, value) => {
    expect(await read(style, value)).toBe(value);
  });

  test('counts from 1904 where the workbook says so', async () => {
    expect(await read(1, 42247, '<workbookPr date1904="1"/>')).toBe('2019-09-01');
    expect(await read(1, 0, '<workbookPr date1904="true"/>')).toBe('1904-01-01');
    expect(await read(1, 43709, '<workbookPr date1904="0"/>')).toBe('2019-09-01');
  });
});

describe('the header', () => {
  test('of two rows is joined, merged cells counting for each column that they span', async () => {
    const rows = [
      toRow(1, '永州市学校台账'),
      toRow(3, '学校代码', '学生数', '', '', '备注'),
      toRow(4, '', '小学', '初中', '高中'),
      toRow(5, 1, 10, 20, 30, '无'),
    ].join('');
    const rest = toMerges('A1:E1', 'A3:A4', 'B3:D3', 'E3:E4');
    expect(await readBook(toBook({ sheets: { 学校: { rows, rest } } }), header(3, 4))).toEqual({
      columns: ['学校代码', '学生数/小学', '学生数/初中', '学生数/高中', '备注'],
      records: [
        { 学校代码: 1, '学生数/小学': 10, '学生数/初中': 20, '学生数/高中': 30, 备注: '无', '@row': 5 },
      ],
      unreadable: [],
    });
  });

  test('takes nothing from a neighbour that is not merged', async () => {
    const rows = `${toRow(1, '学生数', '', '')}${toRow(2, '小学', '初中', '高中')}`;
    const { columns } = await readBook(
      toBook({ sheets: { 学校: { rows, rest: toMerges('A1:B1') } } }),
      header(1, 2),
    );
    expect(columns).toEqual(['学生数/小学', '学生数/初中', '高中']);
  });

  test('a merged cell that begins above it names its columns too', async () => {
    const rows = `${toRow(1, '学校', '学生数')}${toRow(2, '', '小学')}${toRow(3, 'a', 1)}`;
    const book = toBook({ sheets: { 学校: { rows, rest: toMerges('A1:A2') } } });
    expect((await readBook(book, header(2))).records).toEqual([{ 学校: 'a', 小学: 1, '@row': 3 }]);
  });

  test('two equal names are refused, and so is a sheet that ends before it', async () => {
    const twice = toBook({ sheets: { 表: { rows: toRow(1, '联系人', ''), rest: toMerges('A1:B1') } } });
    await expect(readBook(twice)).rejects.toMatchObject({
      code: 'HUB_MAP_SHAPE',
      message: 'header: columns 1 and 2 are both called 联系人',
    });
    const short = toBook({ sheets: { 表: toRow(1, 'title') } });
    await expect(readBook(short, header(3))).rejects.toMatchObject({
      code: 'HUB_SOURCE_FORMAT',
      message: 'sheet 表 ends with row 1, before its header',
    });
  });

  test('may come from the manifest', async () => {
    const options = { header: { rows: [], join: '/', columns: ['id', 'name'] } };
    const book = toBook({ sheets: { 表: toRow(1, 1, 'a') } });
    expect((await readBook(book, options)).records).toEqual([{ id: 1, name: 'a', '@row': 1 }]);
  });
});

describe('the sheet', () => {
  const two = toBook({
    sheets: {
      下拉: { rows: toRow(1, 'list'), state: 'hidden' },
      说明: toRow(1, 'a'),
      学校: toRow(1, 'b'),
    },
  });

  test('is chosen by its name, or by its place among those that people see', async () => {
    expect((await readBook(two, { sheet: { name: '学校' } })).columns).toEqual(['b']);
    expect((await readBook(two, { sheet: { index: 1 } })).columns).toEqual(['a']);
    await expect(readBook(two, { sheet: { name: '校车' } })).rejects.toMatchObject({
      code: 'HUB_MAP_SHAPE',
      message: 'has no sheet 校车; it has 说明, 学校',
    });
    await expect(readBook(two, { sheet: { index: 3 } })).rejects.toMatchObject({ code: 'HUB_MAP_SHAPE' });
  });

  test('without a row is a table without records', async () => {
    expect(await readBook(toBook({ sheets: { 表: '' } }))).toEqual({
      records: [],
      unreadable: [],
      columns: null,
    });
  });
});

describe('rows', () => {
  const read = async (rows: readonly string[], rest: string, options: Parameters<typeof readBook>[1]) =>
    (await readBook(toBook({ sheets: { 表: { rows: rows.join(''), rest } } }), options)).records.map(
      ({ '@row': _, ...record }) => Object.values(record),
    );

  test('merged cells repeat downwards in the columns that say so, as far as they are merged', async () => {
    const rows = [
      toRow(1, '县', '校', '合并'),
      toRow(2, '道县', 'a', 'x'),
      toRow(3, '', 'b', ''),
      toRow(4, '', 'c', ''),
      toRow(5, '江华', 'd', ''),
    ];
    expect(await read(rows, toMerges('A2:A3', 'C2:C3'), { fillDown: ['县'] })).toEqual([
      ['道县', 'a', 'x'],
      ['道县', 'b', null],
      [null, 'c', null],
      ['江华', 'd', null],
    ]);
  });

  test('plain cells repeat until the next one, since many take the merging away to sort', async () => {
    const rows = [toRow(1, '县', '校'), toRow(2, '道县', 'a'), toRow(3, '', 'b'), toRow(9, '　', 'c')];
    expect(await read(rows, '', { fillDown: ['县'] })).toEqual([
      ['道县', 'a'],
      ['道县', 'b'],
      ['道县', 'c'],
    ]);
  });

  test('what lies beneath a merged cell is not what people see, and an empty one fills with nothing', async () => {
    const rows = [toRow(1, '县', '校'), toRow(2, '道县', 'a'), toRow(3, '江华', 'b'), toRow(5, '江永', 'c')];
    expect(await read(rows, toMerges('A2:A3', 'A4:A5'), { fillDown: ['县'] })).toEqual([
      ['道县', 'a'],
      ['道县', 'b'],
      [null, 'c'],
    ]);
  });

  test('that nobody filled are passed over, whether or not they stand in the file', async () => {
    const styled = '<row r="3"><c r="A3" s="0"/><c r="B3" t="inlineStr"><is><t> </t></is></c></row>';
    const rows = [toRow(1, '县', '校'), toRow(2, '道县', 'a'), styled, toRow(8, '江华', 'b')];
    expect(await read(rows, '', {})).toEqual([
      ['道县', 'a'],
      ['江华', 'b'],
    ]);
  });

  test('end at the row that says so: what stands below is not read', async () => {
    const total =
      '<row r="4"><c r="A4" t="inlineStr"><is><t> 合计 </t></is></c><c r="B4" t="e"><v>#REF!</v></c></row>';
    const rows = [toRow(1, '序号', '校'), toRow(2, 1, 'a'), toRow(3, '', 'b'), total, toRow(5, 3, 'c')];
    const stop = { column: '序号', when: ['合计'] };
    expect(await read(rows, '', { stop })).toEqual([
      [1, 'a'],
      [null, 'b'],
    ]);
    expect(await read(rows, '', { stop: { column: '序号', when: ['', '合计'] } })).toEqual([[1, 'a']]);
    const gap = [toRow(1, '序号', '校'), toRow(2, 1, 'a'), toRow(4, 2, 'b')];
    expect(await read(gap, '', { stop: { column: '序号', when: [''] } })).toEqual([[1, 'a']]);
  });

  test('a column that the header lacks is refused by name', async () => {
    const book = toBook({ sheets: { 表: `${toRow(1, 'id')}${toRow(2, 1)}` } });
    await expect(readBook(book, { fillDown: ['县'] })).rejects.toMatchObject({
      code: 'HUB_MAP_SHAPE',
      place: { column: '县' },
    });
  });
});
