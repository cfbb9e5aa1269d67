// Names inside SQL text.
import { expect, test } from '@jest/globals';
import { quoteIdentifier, quoteList, quoteLiteral, toShortName } from './sql-identifiers.ts';

test('a name is quoted whatever is in it', () => {
  expect(quoteIdentifier('fire-rescue')).toBe('"fire-rescue"');
  expect(quoteIdentifier('a"b')).toBe('"a""b"');
  expect(quoteList(['a', 'b'], 't.')).toBe('t."a", t."b"');
});

test.each(['', 'a'.repeat(64), '站'.repeat(22), 'a\0'])(
  'a name that PostgreSQL would cut or refuse is refused here: %j',
  (name) => {
    expect(() => quoteIdentifier(name)).toThrow(expect.objectContaining({ code: 'HUB_STORE_MIGRATION' }));
  },
);

test('a literal ends nowhere but at its end', () => {
  expect(quoteLiteral("it's")).toBe("'it''s'");
  expect(quoteLiteral('a\\')).toBe("E'a\\\\'");
  expect(() => quoteLiteral('a\0')).toThrow('without NUL');
});

test('a long name keeps its head and stays different from others', () => {
  const [left, right] = [toShortName(`${'x'.repeat(70)}1`), toShortName(`${'x'.repeat(70)}2`)];
  expect(left).toHaveLength(63);
  expect(left).not.toBe(right);
  expect(toShortName('short')).toBe('short');
});
