import { describe, expect, test } from '@jest/globals';
import { buildSchema, getIntrospectionQuery, parse, validate } from 'graphql';
import { checkBrackets, toDepthRule } from './use-depth-limit.ts';

const SCHEMA = buildSchema('type Query { a: Query b(x: [Int]): Int s(t: String): Int }');
const faults = (query: string, cap: number) =>
  validate(SCHEMA, parse(query), [toDepthRule(cap)]).map(({ message, originalError }) => [
    message,
    (originalError as { code?: unknown } | undefined)?.code,
  ]);

describe('the depth of an operation', () => {
  test.each([
    ['{ b }', 1],
    ['{ a { b } }', 2],
    ['{ a { a { b } } b }', 3],
    ['{ ...F } fragment F on Query { a { b } }', 2],
    ['{ a { ...F ...G } } fragment F on Query { a { ...G } } fragment G on Query { a { b } }', 4],
    ['{ ... on Query { ... { a { b } } } }', 2],
  ])('%s is %d fields deep', (query, depth) => {
    expect(faults(query, depth)).toEqual([]);
    expect(faults(query, depth - 1)).toEqual([
      [
        `The operation is nested ${depth} fields deep; the gateway takes ${depth - 1}. Ask in two steps.`,
        'HUB_QUERY_DEPTH',
      ],
    ]);
  });

  test('counts no introspection', () => expect(faults(getIntrospectionQuery(), 1)).toEqual([]));

  test('names the operation that is too deep, and only that one', () => {
    expect(faults('query Flat { b } query Deep { a { a { b } } }', 2)).toEqual([
      ['Operation Deep is nested 3 fields deep; the gateway takes 2. Ask in two steps.', 'HUB_QUERY_DEPTH'],
    ]);
  });

  test('ends on fragments that spread each other in a circle or double at each step', () => {
    expect(faults('{ ...F } fragment F on Query { a { ...G } } fragment G on Query { ...F }', 5)).toEqual([]);
    const doubling = Array.from(
      { length: 60 },
      (_, step) => `fragment F${step} on Query { a { ...F${step + 1} ...F${step + 1} } }`,
    );
    const query = `{ ...F0 } ${doubling.join(' ')} fragment F60 on Query { b }`;
    expect(faults(query, 60)).toHaveLength(1);
  });
});

describe('the brackets of a document', () => {
  test('may nest up to the cap, of all three kinds together', () => {
    expect(() => checkBrackets('{ a { b(x: [1]) } }', 4)).not.toThrow();
    expect(() => checkBrackets('{ a { b(x: [1]) } }', 3)).toThrow(
      'The document nests more than 3 brackets; the gateway takes 3.',
    );
  });

  test('do not count in texts and comments', () => {
    expect(() => checkBrackets('{ s(t: "{{{{{{") # {{{{{{\n b s(t: """{{{{{""") }', 2)).not.toThrow();
  });

  test('leave other faults to the parser', () => {
    expect(() => checkBrackets('{ s(t: "open', 2)).not.toThrow();
    expect(() => checkBrackets('', 2)).not.toThrow();
  });
});
