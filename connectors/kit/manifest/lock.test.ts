import { describe, expect, test } from '@jest/globals';
import { toLockState } from './lock.ts';

const LOCK =
  '"a · b"\ntype A implements Entity {\n  id: ID!\n  x: Float @measure(unit: "m", kind: LEVEL)\n}\n\nenum E {\n  ONE\n}\n';

describe('the lock against the manifest', () => {
  test('the same text is the same, whatever its line ends', () => {
    expect(toLockState(LOCK, LOCK)).toBe('same');
    expect(toLockState(LOCK.replaceAll('\n', '\r\n'), LOCK)).toBe('same');
  });

  test.each([
    ['a new field', ['  x:', '  y: Int\n  x:']],
    ['a new value', ['  ONE', '  ONE\n  TWO']],
    ['a new type', ['enum E', 'type B {\n  id: ID!\n}\n\nenum E']],
    ['another description', ['a · b', 'a · c']],
  ] as const)('%s is an addition', (_name, [from, to]) => {
    expect(toLockState(LOCK, LOCK.replace(from, to))).toBe('additive');
  });

  test.each([
    ['a field that is gone', ['  x: Float @measure(unit: "m", kind: LEVEL)\n', '']],
    ['another type of a field', ['x: Float', 'x: Int']],
    ['another unit of a field', ['unit: "m"', 'unit: "cm"']],
    ['a value that is gone', ['  ONE', '  TWO']],
    ['an interface that is gone', [' implements Entity', '']],
  ] as const)('%s may break clients', (_name, [from, to]) => {
    expect(toLockState(LOCK, LOCK.replace(from, to))).toBe('breaking');
  });

  test('a lock that is no GraphQL is told of', () => {
    expect(toLockState('<<<<<<< HEAD', LOCK)).toBe('unreadable');
  });
});
