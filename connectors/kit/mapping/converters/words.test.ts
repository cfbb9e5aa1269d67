import { describe, expect, test } from '@jest/globals';
import { codeList, type OneField, readBrief, readField } from '../mapping.fixture.ts';

const LIST = { name: 'String', list: true, isEnum: false };
const GBK_DAMAGE = '锟斤拷锟斤拷';

describe('text', () => {
  const text = (options: OneField['options'] = {}, more: Partial<OneField> = {}): OneField => ({
    converter: 'text',
    options,
    ...more,
  });

  test.each([
    ['61512000  ', '61512000'],
    ['　道县水文站　', '道县水文站'],
    ['abc\0\0\0', 'abc'],
    ['\uFEFFabc', 'abc'],
    ['   ', null],
    ['　\0', null],
    [41, '41'],
    [true, 'true'],
    [GBK_DAMAGE, 'HUB_MAP_DAMAGED'],
    ['冷水滩\uFFFD', 'HUB_MAP_DAMAGED'],
    ['ï¿½ï¿½', 'HUB_MAP_DAMAGED'],
    [new Uint8Array([1, 2]), 'HUB_MAP_TEXT'],
    [{ a: 1 }, 'HUB_MAP_TEXT'],
    [['', null, 'first'], ''],
  ])('%p lands as %p', (x, expected) => {
    expect(readBrief(text(), { x })).toBe(expected === '' ? null : expected);
  });

  test('takes the first of its columns that has a value', () => {
    const field = text({}, { columns: ['a', 'b'] });
    expect(readBrief(field, { a: ' ', b: 'two' })).toBe('two');
    expect(readBrief(field, { a: null, b: null })).toBeNull();
  });

  test.each([
    [{ case: 'upper' as const }, 'ab', 'AB'],
    [{ part: { by: ',', at: 2 } }, 'sender, id-1 ,x', 'id-1'],
    [{ part: { by: ',', at: 3 } }, 'sender,id-1', null],
    [{ part: { by: '（', at: 2 }, strip: '）' }, '湘M12345（黄）', '黄'],
    [{ pad: { x: 4 } }, '41', '0041'],
    [{ pad: { x: 4 } }, '00041', '0041'],
    [{ pad: { x: 4 } }, '12345', '12345'],
    [{ nullWhen: ['无'] }, '无', null],
    [{ emptyAs: '0' }, '', '0'],
    [{ nullWhen: ['-'], emptyAs: '0', pad: { x: 3 } }, '-', '000'],
    [{ pattern: '^[0-9A-Z]{18}$' }, '91431100MA4L0X0X0X', '91431100MA4L0X0X0X'],
    [{ pattern: '^[0-9A-Z]{18}$' }, 'short', 'HUB_MAP_TEXT'],
  ])('%j reads %s as %p', (options, x, expected) => {
    expect(readBrief(text(options), { x })).toBe(expected);
  });

  test('a pattern that takes forever elsewhere takes no time here', () => {
    expect(readBrief(text({ pattern: '^(a+)+$' }), { x: `${'a'.repeat(5000)}!` })).toBe('HUB_MAP_TEXT');
    expect(() => readBrief(text({ pattern: '(' }), { x: 'a' })).toThrow('pattern is no RE2 expression');
  });

  test('splits into a list, or takes one as it is', () => {
    expect(readBrief(text({ split: ',' }, { field: { graphql: LIST } }), { x: '泳, 潜水,,' })).toEqual([
      '泳',
      '潜水',
    ]);
    expect(readBrief(text({ many: true }, { field: { graphql: LIST } }), { x: ['a', null, ' b '] })).toEqual([
      'a',
      'b',
    ]);
    expect(readBrief(text({ many: true }, { field: { graphql: LIST } }), { x: null })).toBeNull();
  });

  test('concat joins what there is', () => {
    const field: OneField = {
      converter: 'concat',
      columns: ['xz', 'c', 'z'],
      options: { with: '-', suffix: '!' },
    };
    expect(readBrief(field, { xz: '梅花镇', c: '', z: '三组' })).toBe('梅花镇-三组!');
    expect(readBrief(field, { xz: null, c: '', z: ' ' })).toBeNull();
    expect(readField(field, { xz: 'a', c: GBK_DAMAGE, z: 'b' }).fault).toMatchObject({
      column: 'c',
      raw: GBK_DAMAGE,
    });
  });
});

describe('code', () => {
  const codes = [
    codeList('Kind', { RAIN: ['PP'], STAGE: ['ZZ', '1'] }),
    codeList('Open', { RAIN: ['PP'] }, { other: 'OTHER' }),
    codeList('Loose', { LOW: ['l', 'low'] }, { ignoreCase: true }),
    {
      ...codeList('Banded', {}),
      values: [
        { name: 'LOW', label: null, from: ['l'], band: [0, 30] as const, unit: null },
        { name: 'HIGH', label: null, from: ['h', '10'], band: [30, 101] as const, unit: null },
      ],
    },
  ];
  const code = (list: string, options: OneField['options'] = {}): OneField => ({
    converter: 'code',
    options: { list, ...options },
    codes,
  });

  test.each([
    ['Kind', ' PP ', 'RAIN'],
    ['Kind', 1, 'STAGE'],
    ['Kind', 'pp', 'HUB_MAP_CODE'],
    ['Kind', '', null],
    ['Loose', 'LOW', 'LOW'],
    ['Banded', '29.9', 'LOW'],
    ['Banded', 30, 'HIGH'],
    ['Banded', '10', 'HIGH'],
    ['Banded', '101', 'HUB_MAP_CODE'],
    ['Banded', 'x', 'HUB_MAP_CODE'],
    ['hub.CapMsgType', 'Cancle', 'CANCEL'],
    ['hub.PlateColour', '02', 'YELLOW'],
    ['hub.EventType', '11B03', 'RAINSTORM'],
    ['hub.CapStatus', 'actual', 'ACTUAL'],
  ])('%s reads %p as %p', (list, x, expected) => {
    expect(readBrief(code(list), { x })).toBe(expected);
  });

  test('an unknown code lands as OTHER and is counted', () => {
    expect(readBrief(code('Open'), { x: 'QQ' })).toEqual({ value: 'OTHER', noted: 'HUB_MAP_CODE' });
    expect(readField(code('Open'), { x: 'QQ' }).fault?.raw).toBe('QQ');
  });

  test('a plate’s colour stands in brackets behind it', () => {
    const field = code('hub.PlateColour', { part: { by: '（', at: 2 }, strip: '）', emptyAs: '黄' });
    expect(readBrief(field, { x: '湘M12345（蓝）' })).toBe('BLUE');
    expect(readBrief(field, { x: '湘M12345' })).toBe('YELLOW');
  });

  test('many codes give each value once', () => {
    const field: OneField = { ...code('Kind', { many: true }), field: { graphql: LIST } };
    expect(readBrief(field, { x: ['PP', 'ZZ', '1'] })).toEqual(['RAIN', 'STAGE']);
    expect(readBrief(field, { x: 'PP,ZZ' })).toEqual(['RAIN', 'STAGE']);
    expect(readBrief(field, { x: [] })).toEqual([]);
    expect(readBrief(field, { x: ['PP', '?'] })).toBe('HUB_MAP_CODE');
  });

  test('a list that nobody declared is refused when the mapping is made', () => {
    expect(() => readBrief(code('Nothing'), { x: '1' })).toThrow('code list Nothing is not declared');
  });
});

describe('flag, flags and const', () => {
  test.each([
    ['1', true],
    [1, true],
    ['0', false],
    [true, true],
    [false, false],
    ['2', 'HUB_MAP_CODE'],
    [null, null],
  ])('in use %p is %p', (x, expected) => {
    expect(readBrief({ converter: 'flag', options: { yes: ['1'], no: ['0'] } }, { x })).toBe(expected);
  });

  test('flags name what is set', () => {
    const flags = [
      { column: 'alarm00', value: 'EMERGENCY' },
      { column: 'alarm01', value: 'OVERSPEED' },
    ];
    const field: OneField = {
      converter: 'flags',
      options: { when: ['1'] },
      columns: ['alarm00', 'alarm01'],
      reading: { flags },
    };
    expect(readBrief(field, { alarm00: '0', alarm01: 1 })).toEqual(['OVERSPEED']);
    expect(readBrief(field, { alarm00: true, alarm01: null })).toEqual(['EMERGENCY']);
    expect(readField(field, { alarm00: '7', alarm01: 1 }).fault).toMatchObject({
      code: 'HUB_MAP_CODE',
      column: 'alarm00',
      raw: '7',
    });
  });

  test('a constant takes the kind of its field', () => {
    const constant = (value: string | number, name: string): OneField => ({
      converter: 'const',
      columns: [],
      options: { const: value },
      field: { graphql: { name, list: false, isEnum: false } },
    });
    expect(readBrief(constant('HOUR', 'Cadence'), {})).toBe('HOUR');
    expect(readBrief(constant('PT60M', 'Duration'), {})).toBe('PT1H');
    expect(readBrief(constant(5, 'Float'), {})).toBe(5);
  });
});
