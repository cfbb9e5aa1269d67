import { describe, expect, test } from '@jest/globals';
import { FAULTS, type ManifestFault, toFaultText, toSortedFaults } from './faults.ts';

const fault = (line: number, column: number, file = 'a.yaml'): ManifestFault => ({
  id: 'M001',
  severity: 'error',
  file,
  line,
  column,
  path: 'types',
  message: 'is missing',
});

describe('the table of findings', () => {
  test('has the ids in order, each with a sentence', () => {
    const ids = Object.keys(FAULTS);
    expect(ids).toEqual([...ids].sort());
    for (const [id, { meaning }] of Object.entries(FAULTS)) {
      expect(id).toMatch(/^M0\d\d$/);
      expect(meaning).toMatch(/^[A-Z`].*\.$/);
    }
  });

  test('says what each is judged by: M08x by units, M09x by the source, but the lock by its folder', () => {
    for (const [id, { judged }] of Object.entries(FAULTS))
      expect(judged).toBe(id === 'M094' ? 'folder' : id < 'M080' ? 'file' : id < 'M090' ? 'units' : 'source');
  });
});

test('a finding is one line that an editor can jump to', () => {
  expect(toFaultText(fault(3, 7))).toBe('a.yaml:3:7  M001  types  is missing');
});

test('findings are sorted by file, line and column as numbers', () => {
  const sorted = toSortedFaults([fault(10, 1), fault(9, 12), fault(9, 2), fault(1, 1, 'B.yaml')]);
  expect(sorted.map(({ file, line, column }) => `${file}:${line}:${column}`)).toEqual([
    'B.yaml:1:1',
    'a.yaml:9:2',
    'a.yaml:9:12',
    'a.yaml:10:1',
  ]);
});
