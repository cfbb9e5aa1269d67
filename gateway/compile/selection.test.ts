import { describe, expect, test } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import { type Selected, toSelection } from './selection.ts';

const SCHEMA = buildSchema(`
  interface Entity { id: ID! }
  type A implements Entity { id: ID! name: String list(first: Int, ids: [ID!]): [A] }
  type Query { a(id: ID!): A }
`);

function select(text: string, variables: Record<string, unknown> = {}): readonly Selected[] {
  const { roots, faults } = toSelection(SCHEMA, parse(text), variables);
  if (roots === null) throw new Error(faults.map((fault) => fault.message).join('; '));
  return roots;
}

/** `key:name(args){…}`: a tree on one line. */
function show(fields: readonly Selected[]): string {
  return fields
    .map((one) => {
      const args = Object.keys(one.args).length === 0 ? '' : JSON.stringify(one.args);
      const below = one.fields.length === 0 ? '' : `{${show(one.fields)}}`;
      return `${one.key === one.name ? '' : `${one.key}:`}${one.name}${args}${below}`;
    })
    .join(' ');
}

describe('a selection', () => {
  test('merges fields, inline and named fragments, in the order of their first mention', () => {
    const text = `{ a(id: 1) { list { id } ...F ... on Entity { id } list { name } } } fragment F on A { name id ... { x: id } }`;
    expect(show(select(text))).toBe('a{"id":"1"}{list{id name} name id x:id}');
  });

  test('is decided by @skip and @include with the variables and their defaults', () => {
    const text =
      'query ($y: Boolean = true) { a(id: 1) { id @skip(if: $y) name @include(if: $y) ... @include(if: false) { z: id } } }';
    expect(show(select(text))).toBe('a{"id":"1"}{name}');
    expect(show(select(text, { y: false }))).toBe('a{"id":"1"}{id}');
  });

  test('has its arguments coerced, from literals and variables alike', () => {
    const text =
      'query ($n: Int, $ids: [ID!]) { a(id: "x") { one: list(first: 3, ids: "k") { id } two: list(first: $n, ids: $ids) { id } } }';
    expect(show(select(text, { n: 3, ids: 'k' }))).toBe(
      'a{"id":"x"}{one:list{"first":3,"ids":["k"]}{id} two:list{"first":3,"ids":["k"]}{id}}',
    );
  });

  test('keeps __typename where it is asked', () => {
    expect(show(select('{ __typename a(id: 1) { t: __typename } }'))).toBe(
      '__typename a{"id":"1"}{t:__typename}',
    );
  });

  test('with an argument that does not fit has the fault at its place, and the rest beside it', () => {
    const [a] = select('{ a(id: 1) { id list(first: "many") { id } } }');
    expect(a?.fields.map((field) => field.fault?.extensions.code)).toEqual([undefined, 'HUB_QUERY_INVALID']);
  });

  test.each([
    ['{ b }', 'Query has no field b'],
    ['{ a(id: 1) { c } }', 'A has no field c'],
    ['subscription { a }', 'exactly one query'],
    ['query A { a(id: 1) { id } } query B { a(id: 1) { id } }', 'exactly one query'],
    ['query ($i: ID!) { a(id: $i) { id } }', 'was not provided'],
    ['query ($b: Boolean!) { a(id: 1) { id @skip(if: $b) } }', 'was not provided'],
  ])('that makes no sense (%s) is a fault', (text, message) => {
    const { faults } = toSelection(SCHEMA, parse(text));
    expect(faults?.map((fault) => [fault.extensions.code, fault.message])).toEqual([
      ['HUB_QUERY_INVALID', expect.stringContaining(message)],
    ]);
  });

  test('takes the operation that is named', () => {
    const document = parse('query A { a(id: 1) { id } } query B { b: a(id: 2) { id } }');
    expect(toSelection(SCHEMA, document, {}, 'B').roots?.map((root) => root.key)).toEqual(['b']);
  });

  test('refuses a response key that is no GraphQL name, whoever built the document', () => {
    const document = parse('{ bad: a(id: 1) { id } }');
    const text = JSON.stringify(document).replace('"value":"bad"', `"value":"' || version() || '"`);
    const { faults } = toSelection(SCHEMA, JSON.parse(text));
    expect(faults?.[0]?.message).toContain('response key');
  });
});
