import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  buildSchema,
  type GraphQLScalarType,
  isScalarType,
  isSpecifiedScalarType,
  parseValue,
} from 'graphql';
import { VOCABULARY_SDL } from '../sdl.ts';
import { toMarked } from './masked-text.ts';
import { SCALARS } from './scalars.ts';

function scalar(name: string): GraphQLScalarType {
  const found = SCALARS[name];
  if (found === undefined) throw new Error(`no scalar ${name}`);
  return found;
}
const literal = (name: string, text: string): unknown => scalar(name).parseLiteral(parseValue(text));

const DIGITS_38 = '12345678901234567890123456789012345678';

describe('the scalars', () => {
  test('are exactly those of the shared vocabulary', () => {
    const unit = 'type Unit { name: String! } type Division { code: String! } type Query { unit: Unit }';
    const types = Object.values(buildSchema(`${VOCABULARY_SDL} ${unit}`).getTypeMap());
    const declared = types.filter((type) => isScalarType(type) && !isSpecifiedScalarType(type));
    expect(Object.keys(SCALARS).sort()).toEqual(declared.map(({ name }) => name).sort());
  });

  test.each([
    ['DateTime', '2026-04-05T00:30:00Z'],
    ['DateTime', '2026-04-05T08:30:00+08:00'],
    ['DateTime', '2026-04-05T08:30:00.123456+08:00'],
    ['DateTime', '2026-04-05T08:30+08:00'],
    ['Date', '2024-02-29'],
    ['MonthDay', '02-29'],
    ['Duration', 'PT5M'],
    ['Duration', 'P1DT12H'],
    ['Long', '9223372036854775807'],
    ['Long', '-9223372036854775808'],
    ['Decimal', DIGITS_38],
    ['Decimal', `0.${DIGITS_38}`],
    ['Decimal', '1.500'],
    ['PhoneNumber', '13907461234'],
    ['PhoneNumber', '07468321234'],
    ['IdNumber', '11010519491231002X'],
  ])('%s keeps %s as it is, in all three directions', (name, text) => {
    expect(scalar(name).parseValue(text)).toBe(text);
    expect(scalar(name).serialize(text)).toBe(text);
    expect(literal(name, JSON.stringify(text))).toBe(text);
  });

  test.each([
    ['DateTime', '2026-04-05T00:30:00'],
    ['DateTime', '2026-04-05 00:30:00Z'],
    ['DateTime', '2026-02-30T00:30:00Z'],
    ['DateTime', '2026-04-05T24:00:00Z'],
    ['Date', '2026-02-29'],
    ['Date', '2026-4-5'],
    ['MonthDay', '02-30'],
    ['MonthDay', '0401'],
    ['Duration', 'P1M'],
    ['Duration', '5 min'],
    ['Long', '9223372036854775808'],
    ['Long', '1.0'],
    ['Decimal', '1e5'],
    ['Decimal', 'NaN'],
    ['Decimal', ''],
    ['PhoneNumber', '+8613907461234'],
    ['PhoneNumber', '139****1234'],
    ['IdNumber', '110105194912310021'],
    ['IdNumber', '11010519491331002X'],
  ])('%s refuses %s', (name, text) => {
    expect(() => scalar(name).parseValue(text)).toThrow(`${name} must be`);
    expect(() => literal(name, JSON.stringify(text))).toThrow(`${name} must be`);
  });

  test.each(Object.keys(SCALARS))('%s refuses what is no text of it', (name) => {
    for (const value of [{}, [], true, null, undefined, Number.NaN, 1.5, () => 1])
      expect(() => scalar(name).parseValue(value)).toThrow();
    expect(() => literal(name, 'true')).toThrow();
  });

  test('bare numbers in a query keep their digits', () => {
    expect(literal('Long', '9007199254740993')).toBe('9007199254740993');
    expect(literal('Decimal', `${DIGITS_38}`)).toBe(DIGITS_38);
    expect(literal('Decimal', '26.10')).toBe('26.10');
    expect(() => literal('Date', '20260405')).toThrow();
  });

  test('a JSON number is taken only where a double holds it exactly', () => {
    expect(scalar('Long').parseValue(42)).toBe('42');
    expect(scalar('Decimal').parseValue(42)).toBe('42');
    expect(() => scalar('Long').parseValue(2 ** 53)).toThrow();
    expect(() => scalar('Decimal').parseValue(0.1)).toThrow();
  });

  test('masked numbers leave, but may not come in', () => {
    expect(scalar('PhoneNumber').serialize('139****1234')).toBe('139****1234');
    expect(scalar('IdNumber').serialize('4311**********002X')).toBe('4311**********002X');
    expect(() => scalar('IdNumber').parseValue('4311**********002X')).toThrow();
    expect(() => scalar('IdNumber').parseValue({ text: '4311**********002X' })).toThrow();
  });

  test('a masked number passes through the gateway in a form that nobody else can make', () => {
    const masked = toMarked('139****1234');
    expect(scalar('PhoneNumber').serialize(scalar('PhoneNumber').parseValue(masked))).toBe('139****1234');
    expect(() => scalar('PhoneNumber').serialize(toMarked('99999999999'))).toThrow();
    expect(() => scalar('Date').parseValue(masked)).toThrow();
  });

  test('a refused number does not stand in the message', () => {
    expect(() => scalar('PhoneNumber').parseValue('99999999999')).toThrow(/^(?!.*9999)/);
  });

  test('GeoJSON takes geometries and nothing else', () => {
    const point = { type: 'Point', coordinates: [111.6, 26.4] };
    expect(scalar('GeoJSON').serialize(point)).toBe(point);
    expect(scalar('GeoJSON').parseValue(point)).toBe(point);
    expect(literal('GeoJSON', '{ type: "Point", coordinates: [111.6, 26.4] }')).toEqual(point);
    for (const value of ['Point', {}, { type: 'Circle', coordinates: [] }, { type: 'Point' }, null])
      expect(() => scalar('GeoJSON').parseValue(value)).toThrow('GeoJSON must be');
  });

  test('every instant that JavaScript prints is a DateTime', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }), (date) => {
        expect(scalar('DateTime').parseValue(date.toISOString())).toBe(date.toISOString());
      }),
    );
  });

  test('every decimal text keeps its digits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^-?\d{1,38}(\.\d{1,20})?$/), (text) => {
        expect(scalar('Decimal').serialize(text)).toBe(text);
      }),
    );
  });
});
