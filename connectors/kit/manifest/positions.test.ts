import { describe, expect, test } from '@jest/globals';
import { atKey, atValue, type Path, toPathText } from './path.ts';
import { isInHole, parseYaml, toPosition } from './positions.ts';

const TEXT = 'name: { zh: 永州, en: Yongzhou }\r\nsources:\n  fork:\n    rows: [1, 2]\n';

describe('positions', () => {
  const { tree } = parseYaml(TEXT);
  const at = (path: Path, where: 'key' | 'value') =>
    toPosition(tree, where === 'key' ? atKey('M001', path, '') : atValue('M001', path, ''));

  test('keys and values are told apart, characters counted, not bytes', () => {
    expect(at(['name', 'en'], 'key')).toEqual({ line: 1, column: 17 });
    expect(at(['name', 'en'], 'value')).toEqual({ line: 1, column: 21 });
  });

  test('lines are counted through CRLF and LF alike', () => {
    expect(at(['sources', 'fork', 'rows', 1], 'value')).toEqual({ line: 4, column: 15 });
  });

  test('what is missing stands at the key of what lacks it', () => {
    expect(at(['sources', 'fork', 'url', 'secret'], 'value')).toEqual({ line: 3, column: 3 });
    expect(at(['types'], 'value')).toEqual({ line: 1, column: 1 });
  });
});

describe('the file rules', () => {
  const ids = (text: string) => parseYaml(text).findings.map(({ id }) => id);

  test('quoted numbers are text, unquoted ones lose their zeros and are refused as keys', () => {
    const { tree, findings } = parseYaml('"01": a\n02: b\n');
    expect(tree.value).toEqual({ '01': 'a', '02': 'b' });
    expect(findings).toEqual([expect.objectContaining({ id: 'M004', message: 'quote this key: "02"' })]);
  });

  test('Y, N, ON and NO are text, as YAML 1.2 has it', () => {
    expect(parseYaml('from: [Y, N, ON, no, off]').tree.value).toEqual({
      from: ['Y', 'N', 'ON', 'no', 'off'],
    });
  });

  test('an alias hides its place, so that nothing more is said about it', () => {
    const { tree, findings } = parseYaml('a: &x 1\nb: { c: *x }\n');
    expect(findings.map(({ id }) => id)).toEqual(['M006', 'M006']);
    expect(isInHole(tree, ['b', 'c', 'deeper'])).toBe(true);
    expect(isInHole(tree, ['b'])).toBe(false);
  });

  test('a mapping as a key, a tagged key and a key named __proto__ are refused', () => {
    expect(ids('? { a: 1 }\n: 2\n')).toEqual(['M001']);
    expect(ids('!!str a: 1\n')).toEqual(['M006']);
    expect(ids('__proto__: { unit: x }\n')).toEqual(['M001']);
  });

  test('a merge key in quotes is an ordinary key', () => {
    expect(ids('"<<": 1\n')).toEqual([]);
  });

  test('syntax faults end the judgement and keep their line', () => {
    const { findings, usable, tree } = parseYaml('a: 1\nb: [1, 2\nc: "x\n');
    const [first] = findings;
    expect(usable).toBe(false);
    expect(first?.id).toBe('M007');
    expect(first === undefined ? 0 : toPosition(tree, first).line).toBeGreaterThan(1);
  });

  test('brackets in comments and texts do not count as nesting', () => {
    expect(ids(`# ${'['.repeat(500)}\na: "${'{'.repeat(500)}"\n`)).toEqual([]);
  });

  test('forty levels are too deep, a dozen are not', () => {
    const nested = (depth: number) => `a: ${'['.repeat(depth)}1${']'.repeat(depth)}\n`;
    expect(ids(nested(12))).toEqual([]);
    expect(ids(nested(60))).toEqual(['M007']);
  });
});

test('a path reads as people write it', () => {
  expect(toPathText(['types', 'RiverReading', 'from', 1, 'fields'])).toBe(
    'types.RiverReading.from[1].fields',
  );
  expect(toPathText(['columns', 'a.b', '学生数/小学'])).toBe('columns["a.b"].学生数/小学');
  expect(toPathText([])).toBe('(file)');
});
