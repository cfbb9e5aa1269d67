import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HubError } from '../../../schema/errors.ts';
import type { TableOptions, TableStep } from '../../kit/codec.ts';
import { csvCodec } from './csv-codec.ts';

const OPTIONS: TableOptions = {
  header: { rows: [1], join: '/', columns: null },
  fillDown: [],
  stop: null,
};
const rows = (...numbers: number[]): Partial<TableOptions> => ({
  header: { rows: numbers, join: '/', columns: null },
});

function read(text: string, options: Partial<TableOptions> = {}, cuts: readonly number[] = []) {
  const reader = csvCodec.open({ ...OPTIONS, ...options });
  const ends = [...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b);
  const steps: TableStep[] = [];
  let from = 0;
  for (const end of ends) {
    steps.push(reader.step(text.slice(from, end)));
    from = end;
  }
  steps.push(reader.end());
  return {
    records: steps.flatMap((step) => step.records),
    unreadable: steps.flatMap((step) => step.unreadable),
    columns: reader.columns(),
  };
}

function fault(work: () => unknown): HubError {
  try {
    work();
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

/** The smallest encoder that RFC 4180 allows; blanks are quoted, since a line of them is no row. */
function encode(table: readonly (readonly string[])[], lineBreak: string): string {
  const cell = (value: string) =>
    /[",\r\n]/.test(value) || value.trim() === '' ? `"${value.replaceAll('"', '""')}"` : value;
  return table.map((cells) => cells.map(cell).join(',') + lineBreak).join('');
}

const value = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', '道', '𠮷', 'a'), maxLength: 8 }),
);
const lineBreak = fc.constantFrom('\n', '\r\n', '\r');
const cuts = fc.array(fc.nat(), { maxLength: 30 });

describe('a table of strings', () => {
  test('comes back whatever its values, line breaks and pieces are', () => {
    const table = fc
      .integer({ min: 1, max: 5 })
      .chain((width) => fc.array(fc.array(value, { minLength: width, maxLength: width }), { maxLength: 8 }));
    fc.assert(
      fc.property(table, lineBreak, cuts, fc.boolean(), (cells, end, at, isCut) => {
        const names = (cells[0] ?? ['only']).map((_, index) => `c${index}`);
        const text = encode([names, ...cells], end);
        const { records, unreadable } = read(isCut ? text.slice(0, -end.length) : text, {}, at);
        expect(unreadable).toEqual([]);
        expect(records.map(({ '@row': _, ...record }) => Object.values(record))).toEqual(cells);
      }),
      { numRuns: 1000 },
    );
  });

  test('has the line in each record where its row begins', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, fc.nat(2)), { maxLength: 8 }),
        lineBreak,
        cuts,
        (cells, end, at) => {
          const lines: number[] = [];
          let text = `name${end}`;
          for (const [cell, blanks] of cells) {
            text += end.repeat(blanks);
            lines.push(text.split(/\r\n|\n|\r/).length);
            text += encode([[cell]], end);
          }
          expect(read(text, {}, at).records.map((record) => record['@row'])).toEqual(lines);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('no text at all makes it throw anything but a coded error, and pieces change nothing', () => {
    const text = fc.string({
      unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a', 'b', '道', '\uFEFF', '\uD83D', '\0'),
      maxLength: 40,
    });
    const outcome = (work: () => unknown) => {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof HubError)) throw error;
        expect(['HUB_SOURCE_FORMAT', 'HUB_MAP_SHAPE']).toContain(error.code);
        return [error.code, error.message];
      }
    };
    fc.assert(
      fc.property(text, cuts, (any, at) => {
        expect(outcome(() => read(any, {}, at))).toEqual(outcome(() => read(any)));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('header', () => {
  test('names are trimmed of blanks, full-width ones and a byte order mark', () => {
    expect(read('\uFEFF　编号 , 名称\t,\n1,a,\n')).toMatchObject({
      columns: ['编号', '名称'],
      records: [{ 编号: '1', 名称: 'a', '@row': 2 }],
    });
  });

  test('rows above it are titles, and merged cells of several rows are joined', () => {
    const text = '统计表,,,,\n\n学校,学生数,,教师,\n,小学,初中,,备注\n一中,1,2,3,x\n';
    expect(read(text, rows(3, 4)).columns).toEqual(['学校', '学生数/小学', '学生数/初中', '教师', '备注']);
    const deep = '甲,,,乙\n子,,丑,\n一,二,三,四\n1,2,3,4\n';
    expect(read(deep, rows(1, 2, 3)).columns).toEqual(['甲/子/一', '甲/子/二', '甲/丑/三', '乙/四']);
  });

  test('may come from the manifest', () => {
    const header = { rows: [], join: '/', columns: ['id', 'name'] };
    expect(read('1,a\n', { header }).records).toEqual([{ id: '1', name: 'a', '@row': 1 }]);
    expect(fault(() => read('1\n', { header: { rows: [], join: '/', columns: null } })).code).toBe(
      'HUB_MAP_SHAPE',
    );
  });

  test('two equal names are refused, naming both columns', () => {
    const error = fault(() => read('title\nid,名称,x,名称 \n', rows(2)));
    expect(error).toMatchObject({
      code: 'HUB_MAP_SHAPE',
      message: 'line 2: header: columns 2 and 4 are both called 名称',
      place: { column: '名称', line: 2 },
    });
    expect(fault(() => read('id,@row\n')).code).toBe('HUB_MAP_SHAPE');
  });

  test('blank lines before it are passed over; an empty text is no fault, one that ends before its header is', () => {
    expect(read('\n\nid\n1\n').records).toEqual([{ id: '1', '@row': 4 }]);
    expect(read('')).toEqual({ records: [], unreadable: [], columns: null });
    expect(fault(() => read('title\n', rows(3)))).toMatchObject({
      code: 'HUB_SOURCE_FORMAT',
      message: 'the text ends with row 1, before its header',
    });
  });

  test('names of JavaScript are columns like others, but for the one that would get lost', () => {
    expect(read('constructor,toString\n1,2\n').records).toEqual([
      { constructor: '1', toString: '2', '@row': 2 },
    ]);
    expect(fault(() => read('__proto__\n1\n')).code).toBe('HUB_MAP_SHAPE');
  });
});

describe('rows', () => {
  test('with another number of cells are unreadable with their line, and the rest goes on', () => {
    expect(read('id,name\n1,a\n2\n3,c,d\n4,"d\nd"\n5,e\n')).toMatchObject({
      records: [{ id: '1' }, { id: '4', name: 'd\nd', '@row': 5 }, { id: '5', '@row': 7 }],
      unreadable: [
        { raw: { '@raw': '2', '@row': 3 }, message: 'line 3: 1 cells, the header has 2 columns' },
        { raw: { '@raw': '3,c,d', '@row': 4 }, message: 'line 4: 3 cells, the header has 2 columns' },
      ],
    });
  });

  test('text behind a closing quote makes its row unreadable, a quote within plain text is text', () => {
    const { records, unreadable } = read(`id,name\n1,"他说"好""\n2,111°36'28"\n3,"a""b"\n`);
    expect(records.map((record) => record.name)).toEqual([`111°36'28"`, 'a"b']);
    expect(unreadable).toEqual([
      {
        raw: { '@raw': '1,"他说"好""', '@row': 2 },
        message: 'line 2: text follows a closing quote; a quote within a value must be doubled',
      },
    ]);
  });

  test('a quote that never closes is refused with the line where it opens', () => {
    const text = `id,name\n1,"a\nb"\n2,"c\n${'3,d\n'.repeat(50)}`;
    expect(fault(() => read(text))).toMatchObject({
      code: 'HUB_SOURCE_FORMAT',
      message: 'line 4: a quote opens here and never closes; a quote within a value must be doubled',
      place: { line: 4 },
    });
  });

  test('a quote that would swallow rows until the next quote is refused, not guessed at', () => {
    const error = fault(() => read('id,name\n1,"abc\n2,"def"\n3,x\n'));
    expect(error.code).toBe('HUB_SOURCE_FORMAT');
    expect(error.message).toMatch(
      /^line 2: a quote opens here, and text follows where it closes, lines later/,
    );
  });

  test('what a quote can swallow is bounded, and the rows before it are given first', () => {
    const reader = csvCodec.open(OPTIONS);
    expect(reader.step(`id,name\n1,a\n2,"b\n${'x\n'.repeat(600_000)}`).records).toHaveLength(1);
    const error = fault(() => reader.step('more'));
    expect(error.message).toContain('line 3: a quote opens here and never closes');
  });

  test('of blanks and commas only are passed over, quoted empty values are values', () => {
    expect(read('id,name\n,\n \n\n"",""\n').records).toEqual([{ id: '', name: '', '@row': 5 }]);
  });

  test('nothing of a value stands in a message', () => {
    const { unreadable } = read('id,name\n张三\n');
    expect(unreadable.map((each) => each.message).join()).not.toContain('张三');
  });
});

describe('fillDown and stop', () => {
  test('merged cells repeat downwards', () => {
    const { records } = read('县,乡\n道县,a\n,b\n 　,c\n江华,\n', { fillDown: ['县'] });
    expect(records.map((record) => [record.县, record.乡])).toEqual([
      ['道县', 'a'],
      ['道县', 'b'],
      ['道县', 'c'],
      ['江华', ''],
    ]);
  });

  test('the table ends at a row that says so; what stands below is not read', () => {
    const stop = { column: '县', when: ['', '合计'] };
    expect(read('县,n\n道县,1\n 合计,2\n"broken\n', { stop }).records).toHaveLength(1);
    expect(read('县,n\n道县,1\n,\n江华,2\n', { stop }).records).toHaveLength(1);
  });

  test('a column that the header lacks is refused by name', () => {
    expect(fault(() => read('id\n', { fillDown: ['县'] }))).toMatchObject({
      code: 'HUB_MAP_SHAPE',
      place: { column: '县' },
    });
  });
});
