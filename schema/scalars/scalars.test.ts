import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema, parseValue } from 'graphql';
import { VOCABULARY_SDL } from '../sdl.ts';
import { SCALARS } from './scalars.ts';

const scalar = (name: string) => {
  const found = SCALARS[name];
  if (found === undefined) throw new Error(`no scalar ${name}`);
  return found;
};

describe('the scalars', () => {
  test('are exactly those of the shared vocabulary', () => {
    const schema = buildSchema(`${VOCABULARY_SDL} type Unit { code: ID! } type Division { code: ID! }`);
    const named = Object.values(schema.getTypeMap()).filter(
      (type) => type.astNode?.kind === 'ScalarTypeDefinition',
    );
    expect(Object.keys(SCALARS).sort()).toEqual(named.map((type) => type.name).sort());
  });

  test.each([
    ['DateTime', '2026-04-05T08:30:00+08:00'],
    ['DateTime', '2026-04-05T00:30:00.123456Z'],
    ['Date', '2024-02-29'],
    ['MonthDay', '02-29'],
    ['Duration', 'PT5M'],
    ['Long', '9223372036854775807'],
    ['Decimal', '12345678901234567890123456789012345678.90'],
    ['PhoneNumber', '139****0000'],
  ])('%s %s goes in and comes out unchanged', (name, text) => {
    expect(scalar(name).parseValue(text)).toBe(text);
    expect(scalar(name).serialize(text)).toBe(text);
    expect(scalar(name).parseLiteral(parseValue(JSON.stringify(text)))).toBe(text);
  });

  test.each([
    ['DateTime', '2026-04-05'],
    ['DateTime', '2026-02-30T00:00:00Z'],
    ['DateTime', '2026-04-05T00:30:00'],
    ['DateTime', '2026-04-05T24:30:00Z'],
    ['Date', '2023-02-29'],
    ['MonthDay', '02-30'],
    ['Duration', 'P1M'],
    ['Long', '9223372036854775808'],
    ['Decimal', '1e5'],
    ['Decimal', 1.5],
    ['GeoJSON', { type: 'Point' }],
  ])('%s refuses %j', (name, value) => expect(() => scalar(name).parseValue(value)).toThrow(name));

  test('decimals keep all their digits', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        digits,
        digits,
        (whole, part) => scalar('Decimal').serialize(`${whole}.${part}`) === `${whole}.${part}`,
      ),
    );
  });
});
