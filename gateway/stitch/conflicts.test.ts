import { describe, expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';
import { isHubError } from '../../schema/errors.ts';
import type { Subschema } from '../subschema/contract.ts';
import { toConflicts } from './conflicts.ts';
import { toStitchedSchema } from './stitched-schema.ts';

const MERGE = 'directive @merge(keyField: String) on FIELD_DEFINITION\n';

function between(water: string, fire: string): string[] {
  return toConflicts([
    { name: 'water', schema: buildSchema(`${MERGE}${water}`, { assumeValidSDL: true }) },
    { name: 'fire', schema: buildSchema(`${MERGE}${fire}`, { assumeValidSDL: true }) },
  ]);
}

describe('two units that define one name', () => {
  test.each([
    [
      'the same input',
      'input Where { a: Int } type Query { w: Int }',
      'input Where { a: Int } type Query { f: Int }',
    ],
    [
      'descriptions apart',
      '"how" enum E { "one" A } type Query { w: Int }',
      '"""\nwhy\n"""\nenum E { A } type Query { f: Int }',
    ],
    [
      'Division with other fields in each',
      'type Division { code: ID! w: Int } type Query { w: Int }',
      'type Division { code: ID! f: Int } type Query { f: Int }',
    ],
    [
      'a type that one of them merges by a lookup',
      'type Gauge { id: ID! } type Query { w: Gauge }',
      'type Gauge { id: ID! name: String } type Query { _g(ids: [ID!]!): [Gauge]! @merge(keyField: "id") }',
    ],
    [
      'an interface that one of them knows only in part',
      'interface Entity { id: ID! } type Query { w: Entity }',
      'interface Entity { id: ID! at: String } type Query { f: Entity }',
    ],
  ])('may: %s', (_what, water, fire) => expect(between(water, fire)).toEqual([]));

  test.each([
    [
      'input Where { a: Int b: Int } type Query { w: Int }',
      'input Where { a: Float c: Int } type Query { f: Int }',
      'input Where differs: "a: Int" in water, "a: Float" in fire; b only in water; c only in fire.',
    ],
    [
      'enum E { A B } type Query { w: Int }',
      'enum E { A } type Query { f: Int }',
      'enum E differs: B only in water.',
    ],
    [
      'type Point { lon: Float! } type Query { w: Int }',
      'type Point { lon: Float } type Query { f: Int }',
      'type Point differs: "lon: Float!" in water, "lon: Float" in fire.',
    ],
    [
      'scalar S type Query { w: Int }',
      'enum S { A } type Query { f: Int }',
      'S is scalar in water and enum in fire.',
    ],
    [
      'type Division { code: ID! name: String } type Query { w: Int }',
      'type Division { code: Int! } type Query { f: Int }',
      'type Division differs: "code: ID!" in water, "code: Int!" in fire.',
    ],
    [
      'type Query { stations: Int w: Int }',
      'type Query { stations: Int }',
      'Query has stations in both water and fire: a root field belongs to one unit.',
    ],
    [
      'union U = A | B type A { a: Int } type B { a: Int } type Query { w: Int }',
      'union U = A type A { a: Int } type Query { f: Int }',
      'union U differs: B only in water.',
    ],
    [
      'directive @m(unit: String) on FIELD_DEFINITION type Query { w: Int }',
      'directive @m(unit: Int) on FIELD_DEFINITION type Query { f: Int }',
      'directive @m differs: "directive @m(unit: String) on FIELD_DEFINITION" in water, "directive @m(unit: Int) on FIELD_DEFINITION" in fire.',
    ],
  ])('may not: %s against %s', (water, fire, sentence) => expect(between(water, fire)).toEqual([sentence]));
});

describe('composition', () => {
  const toUnit = (name: string, typeDefs: string): Subschema => ({
    name,
    typeDefs,
    executor: async () => ({ data: {} }),
  });
  const compose = (...units: Subschema[]): unknown => {
    try {
      return toStitchedSchema(units);
    } catch (error) {
      return error;
    }
  };

  test('refuses all conflicts at once, with one coded error', () => {
    const error = compose(
      toUnit('water', 'input Where { a: Int } enum E { A } type Query { w(where: Where, e: E): Int }'),
      toUnit('fire', 'input Where { a: Float } enum E { B } type Query { f(where: Where, e: E): Int }'),
    );
    expect(isHubError(error, 'HUB_SCHEMA_CONFLICT')).toBe(true);
    expect(String(error)).toContain('input Where differs');
    expect(String(error)).toContain('enum E differs');
  });

  test('refuses two units of one name and SDL that cannot be read, naming the unit', () => {
    const error = compose(
      toUnit('water', 'type Query { w: Int }'),
      toUnit('water', 'type Query { f: Int }'),
      toUnit('fire', 'type Query {'),
      toUnit('police', 'type Query { p: Nowhere }'),
    );
    expect(isHubError(error, 'HUB_SCHEMA_CONFLICT')).toBe(true);
    expect(String(error)).toMatch(/Two subschemas are called water/);
    expect(String(error)).toMatch(/schema of fire cannot be read: Syntax Error/);
    expect(String(error)).toMatch(/schema of police cannot be read: .*Nowhere/);
  });
});
