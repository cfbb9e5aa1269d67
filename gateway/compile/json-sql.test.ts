import { describe, expect, test } from '@jest/globals';
import { toFixed, toObject, toSql, toText } from './json-sql.ts';

describe('JSON made in SQL', () => {
  test('of constants alone is one literal', () => {
    const json = toObject([
      { key: 'a', value: toFixed("it's") },
      { key: 'b', value: toFixed(null) },
    ]);
    expect(json).toEqual({ fixed: '{"a":"it\'s","b":null}' });
    expect(toSql(json)).toBe(`'{"a":"it''s","b":null}'`);
  });

  test('keeps keys in the given order and joins neighbouring constants', () => {
    const json = toObject([
      { key: 'z', value: { sql: 'x' } },
      { key: 'a', value: toFixed(1) },
    ]);
    expect(toSql(json)).toBe(`('{"z":' || x || ',"a":1}')`);
  });

  test('of no fields is an empty object', () => expect(toObject([])).toEqual({ fixed: '{}' }));

  test('of thousands of parts is no deeper than a dozen levels', () => {
    const sql = toSql(toText(Array.from({ length: 5000 }, (_none, index) => ({ sql: `c${index}` }))));
    let [depth, deepest] = [0, 0];
    for (const letter of sql) {
      if (letter === '(') depth += 1;
      if (letter === ')') depth -= 1;
      deepest = Math.max(deepest, depth);
    }
    expect(deepest).toBeLessThan(12);
    expect(
      sql
        .match(/c\d+/g)
        ?.map((name) => name.slice(1))
        .map(Number),
    ).toEqual([...Array(5000).keys()]);
  });
});
