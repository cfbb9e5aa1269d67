import { describe, expect, test } from '@jest/globals';
import type { RawValue, SourceRecord } from '../contract.ts';
import { compileColumn, compileColumnList, type Frame, hasColumn, parsePath } from './columns.ts';

const frame = (record: SourceRecord, more: Partial<Frame> = {}): Frame => ({
  record,
  parent: null,
  meta: undefined,
  receivedAt: '2026-04-05T12:00:00Z',
  item: undefined,
  name: undefined,
  value: undefined,
  ...more,
});
const read = (column: string, record: SourceRecord): RawValue | undefined =>
  compileColumn(column)(frame(record));

describe('column names', () => {
  const record: SourceRecord = {
    plain: 1,
    'cch.wrz': 12.5,
    'dotted.name': 'flat',
    dotted: { name: 'nested' },
    info: [{ area: { codes: ['a', 'b'] } }, { area: { codes: ['c'] } }],
    list: [{ x: 1 }, { x: 2 }],
    empty: null,
  };

  test.each<[string, RawValue | undefined]>([
    ['plain', 1],
    ['cch.wrz', 12.5],
    ['dotted.name', 'flat'],
    ['dotted\\.name', 'flat'],
    ['list.1.x', 2],
    ['list.x', 1],
    ['list.7.x', undefined],
    ['info.area.codes.1', 'b'],
    ['empty', null],
    ['missing', undefined],
    ['plain.deeper', undefined],
    ['toString', undefined],
    ['__proto__', undefined],
    ['constructor.name', undefined],
  ])('%s reads %p', (column, value) => {
    expect(read(column, record)).toEqual(value);
  });

  test('a list column gathers what lies in all elements', () => {
    expect(compileColumnList('info.area.codes')(frame(record))).toEqual(['a', 'b', 'c']);
    expect(compileColumnList('plain')(frame(record))).toEqual([1]);
    expect(compileColumnList('missing.path')(frame(record))).toBeUndefined();
  });

  test('the parent, the item and the message are within reach', () => {
    const item = frame(
      { x: 2 },
      { parent: { phone: '139', deep: { y: 3 } }, meta: { '@file': 'a.csv' }, item: 7 },
    );
    expect(compileColumn('^.phone')(item)).toBe('139');
    expect(compileColumn('^.deep.y')(item)).toBe(3);
    expect(compileColumn('@file')(item)).toBe('a.csv');
    expect(compileColumn('@item')(item)).toBe(7);
    expect(compileColumn('@receivedAt')(item)).toBe('2026-04-05T12:00:00Z');
    expect(compileColumn('^.phone')(frame({ phone: 'own' }))).toBeUndefined();
  });

  test('a capture that the source put into the record is found there', () => {
    expect(compileColumn('@county')(frame({ '@county': '道县' }))).toBe('道县');
  });

  test('a column that is there but null counts as there', () => {
    expect(hasColumn(record, 'empty')).toBe(true);
    expect(hasColumn(record, 'dotted.name')).toBe(true);
    expect(hasColumn(record, 'missing')).toBe(false);
    expect(hasColumn(record, 'toString')).toBe(false);
  });

  test('backslash keeps a dot from splitting', () => {
    expect(parsePath('a.b\\.c.0')).toEqual(['a', 'b.c', '0']);
  });
});
