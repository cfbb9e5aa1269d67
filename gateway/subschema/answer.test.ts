import { describe, expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { toFault } from '../compile/fault.ts';
import type { Selected } from '../compile/selection.ts';
import { countRows, toAnswer, toFaultyBatch } from './answer.ts';

function toSelected(key: string, type: string, fields: readonly Selected[] = [], name = key): Selected {
  return { key, name, type, fields, args: {}, fault: null, fieldsOf: () => fields };
}

const FAULT = toFault('HUB_UNIT_NOT_LOADED', 'nothing yet', 'hydrology');
const ID = toSelected('id', 'ID');
const RAIN = toSelected('r', 'RainReading', [ID], 'latestRain');
const ASKED = toSelected('stations', 'HydroStation', [ID, RAIN]);

describe('an answer', () => {
  test('has the fault at every place of the field, in lists too, each its own and without path', () => {
    const data = [{ id: '1', r: null }, null, { id: '2', r: { id: 'x' } }];
    const answer = toAnswer(data, ASKED, (one) => (one === RAIN ? FAULT : null)) as { r: GraphQLError }[];
    expect(answer[1]).toBeNull();
    expect(answer[0]?.r).toBeInstanceOf(GraphQLError);
    expect(answer[0]?.r).not.toBe(answer[2]?.r);
    expect(answer[2]?.r.path).toBeUndefined();
    expect(answer[2]?.r.extensions).toEqual(FAULT.extensions);
  });

  test('is the fault when it stands at the root', () => {
    expect(toAnswer(null, ASKED, () => FAULT)).toBeInstanceOf(GraphQLError);
  });

  test('counts the rows of the unit in it, not its values and not its faults', () => {
    const data = [{ id: '1', r: { id: 'x' } }, null, { id: '2', r: FAULT }];
    expect(countRows(data, ASKED, (type) => type !== 'ID')).toBe(3);
    expect(countRows(data, ASKED, (type) => type === 'RainReading')).toBe(1);
  });
});

describe('a batch lookup that cannot be answered', () => {
  test('keeps key and type and has the fault in each other field, whatever its alias', () => {
    const asked = toSelected('x', 'HydroStation', [
      toSelected('t', 'String', [], '__typename'),
      ID,
      toSelected('__proto__', 'String', [], 'name'),
    ]);
    const [first, second] = toFaultyBatch(asked, 'id', ['a', 'b'], FAULT) as Record<string, unknown>[];
    expect([first?.t, first?.id, second?.id]).toEqual(['HydroStation', 'a', 'b']);
    expect(Object.keys(first ?? {})).toEqual(['t', 'id', '__proto__']);
    expect(Object.entries(second ?? {})[2]?.[1]).toBeInstanceOf(GraphQLError);
  });
});
