import { describe, expect, test } from '@jest/globals';
import type { Unit } from '../manifest/model.ts';
import { CONTEXT, field, form, mapRow, reading, unit, unitType } from './mapping.fixture.ts';
import { RECORD, rain } from './rain.fixture.ts';

describe('the content hash', () => {
  test('is the same for the same content, however it was written', () => {
    const first = mapRow(rain(), RECORD).hash;
    expect(mapRow(rain(), { ...RECORD, stcd: '61512000', p: 1.5, tm: '2026-04-05T00:30:00Z' }).hash).toBe(
      first,
    );
    expect(mapRow(rain(), RECORD, { ...CONTEXT, receivedAt: '2027-01-01T00:00:00Z' }).hash).toBe(first);
  });

  test.each([
    { p: '1.6' },
    { p: 'bad' },
    { p: 'worse' },
    { p: null },
    { deleted: 1 },
    { rtu: '1' },
    { stcd: '2' },
  ])('changes with %j', (change) => {
    expect(mapRow(rain(), { ...RECORD, ...change }).hash).not.toBe(mapRow(rain(), RECORD).hash);
  });

  test('does not change when fields are moved in the manifest, or one is added that is empty', () => {
    const fields = (names: readonly string[]): Unit =>
      unit([
        unitType('Sample', {
          fields: names.map((name) => field(name, 'text')),
          forms: [form(names.map((name) => reading(name, 'text', [name])))],
        }),
      ]);
    const record = { id: '1', a: 'x', b: 'y' };
    const first = mapRow(fields(['id', 'a', 'b']), record).hash;
    expect(mapRow(fields(['b', 'id', 'a']), record).hash).toBe(first);
    expect(mapRow(fields(['id', 'a', 'b', 'new']), record).hash).toBe(first);
  });
});
