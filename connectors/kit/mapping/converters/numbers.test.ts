import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type OneField, readBrief, readField } from '../mapping.fixture.ts';

const number = (options: OneField['options'] = {}): OneField => ({ converter: 'number', options });

describe('number', () => {
  test.each([
    [{}, '12.50', 12.5],
    [{}, ' 12.5　', 12.5],
    [{}, 12.5, 12.5],
    [{}, '1e3', 1000],
    [{}, '-0', 0],
    [{}, '', null],
    [{}, null, null],
    [{}, '12,5', 'HUB_MAP_NUMBER'],
    [{}, '12.5m', 'HUB_MAP_NUMBER'],
    [{}, 'NaN', 'HUB_MAP_NUMBER'],
    [{}, 'Infinity', 'HUB_MAP_NUMBER'],
    [{}, '1e999', 'HUB_MAP_NUMBER'],
    [{}, Number.NaN, 'HUB_MAP_NUMBER'],
    [{}, '0x1F', 'HUB_MAP_NUMBER'],
    [{ range: [-10, 2000] as const }, '-10', -10],
    [{ range: [-10, 2000] as const }, '2000.001', 'HUB_MAP_RANGE'],
    [{ scale: '0.000001' }, '111600001', 111.600001],
    [{ scale: '0.1' }, '3', 0.3],
    [{ scale: '0.1', range: [0, 220] as const }, '2201', 'HUB_MAP_RANGE'],
    [{ nullWhen: ['999999'] }, '999999', null],
    [{ nullWhen: ['999999'] }, '999999.00', null],
    [{ nullWhen: ['999999'] }, 999999, null],
    [{ nullWhen: ['999999'], emptyAs: '0' }, '999999', 0],
  ])('%j reads %p as %p', (options, x, expected) => {
    expect(readBrief(number(options), { x })).toBe(expected);
  });

  test.each([
    ['999990', 0],
    ['999990.0', 0],
    ['999999', null],
    ['12.3', 12.3],
    ['999998', 'HUB_MAP_RANGE'],
  ])('rain of the last hour %s mm is %p: trace rain counts as nothing', (x, expected) => {
    const rain = number({ nullWhen: ['999999'], valueWhen: { '999990': 0 }, range: [0, 250] });
    expect(readBrief(rain, { x })).toBe(expected);
  });

  test('a bad value keeps its raw text and shows where it stood', () => {
    expect(readField(number({ range: [0, 250] }), { x: ' 251 ' }).fault).toEqual({
      code: 'HUB_MAP_RANGE',
      field: 'x',
      column: 'x',
      raw: ' 251 ',
      message: 'x must be from 0 to 250',
    });
  });
});

describe('integer', () => {
  const int: OneField = { converter: 'integer' };
  const long: OneField = {
    converter: 'integer',
    field: { graphql: { name: 'Long', list: false, isEnum: false } },
  };

  test.each([
    [int, '3', 3],
    [int, '3.0', 3],
    [int, '3.5', 'HUB_MAP_NUMBER'],
    [int, 3.5, 'HUB_MAP_NUMBER'],
    [int, '2147483647', 2147483647],
    [int, '2147483648', 'HUB_MAP_RANGE'],
    [long, '9007199254740993', '9007199254740993'],
    [long, '9223372036854775807', '9223372036854775807'],
    [long, '9223372036854775808', 'HUB_MAP_RANGE'],
    [long, '-7', '-7'],
  ])('%# reads %p', (field, x, expected) => {
    expect(readBrief(field, { x })).toBe(expected);
  });
});

describe('decimal', () => {
  const decimal = (options: OneField['options'] = {}): OneField => ({ converter: 'decimal', options });

  test.each([
    [{}, '12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    [{}, '0.10', '0.10'],
    [{}, 1e21, '1000000000000000000000'],
    [{}, 1e-7, '0.0000001'],
    [{ places: 4 }, '26.43455', '26.4346'],
    [{ places: 4 }, '26.4', '26.4000'],
    [{ range: [0, 90] as const }, '91', 'HUB_MAP_RANGE'],
    [{}, 'x', 'HUB_MAP_NUMBER'],
  ])('%j reads %p as %s', (options, x, expected) => {
    expect(readBrief(decimal(options), { x })).toBe(expected);
  });

  test('keeps all digits of any decimal', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^-?[1-9]\d{0,37}(\.\d{1,20})?$/), (x) => {
        expect(readBrief(decimal(), { x })).toBe(x);
      }),
    );
  });
});
