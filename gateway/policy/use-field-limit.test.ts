import { describe, expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { toFieldRule } from './use-field-limit.ts';

const SCHEMA = buildSchema('type Query { a: Query b: Int }');
const faults = (query: string, cap: number) =>
  validate(SCHEMA, parse(query), [toFieldRule(cap)]).map(({ message, originalError }) => [
    message,
    (originalError as { code?: unknown } | undefined)?.code,
  ]);

describe('the fields of an operation', () => {
  test.each([
    ['{ b }', 1],
    ['{ a { b } x: a { b } }', 4],
    ['{ a { ...F } x: a { ...F } } fragment F on Query { b c: b }', 6],
    ['{ ... on Query { ... { a { b } } } }', 2],
    ['{ ...F b } fragment F on Query { ...G ...G } fragment G on Query { b c: b }', 5],
  ])('%s selects %d', (query, count) => {
    expect(faults(query, count)).toEqual([]);
    expect(faults(query, count - 1)).toEqual([
      [
        `The operation selects more than ${count - 1} fields once its fragments are written out; the gateway takes ${count - 1}. Ask in several operations.`,
        'HUB_QUERY_LIMIT',
      ],
    ]);
  });

  test('are counted at once when fragments double at each step, or spread each other in a circle', () => {
    const doubling = Array.from(
      { length: 60 },
      (_none, step) => `fragment F${step} on Query { x: a { ...F${step + 1} } y: a { ...F${step + 1} } }`,
    );
    expect(faults(`{ ...F0 } ${doubling.join(' ')} fragment F60 on Query { b }`, 1_000_000)).toHaveLength(1);
    expect(faults('{ ...F } fragment F on Query { a { ...G } } fragment G on Query { ...F }', 5)).toEqual([]);
  });

  test('are those of each operation by itself', () => {
    expect(faults('query Small { b } query Large { a { b } }', 1)).toEqual([
      [expect.stringContaining('Operation Large selects'), 'HUB_QUERY_LIMIT'],
    ]);
  });
});
