import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Unit } from '../manifest/model.ts';
import { CONTEXT, field, form, mapRow, reading, unit, unitType } from './mapping.fixture.ts';
import type { MappedLink, MappedValue } from './outcome.ts';
import { RECORD, rain } from './rain.fixture.ts';
import { type RowContent, toRowHash } from './row-hash.ts';

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

  test('is over the JSON text that stored rows were hashed by, whatever stands in them', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('61512000', '2026-04-05T00:30:00Z', 'a"b', '道县', ''),
    );
    const value: fc.Arbitrary<MappedValue> = fc.oneof(
      text,
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.record({ lon: fc.double(), lat: fc.double() }),
      fc.array(text, { maxLength: 2 }),
    );
    const link: fc.Arbitrary<MappedLink> = fc.record({
      link: text,
      key: fc.option(text),
      lookup: fc.option(
        fc.record({ fields: fc.array(text, { maxLength: 2 }), values: fc.array(text, { maxLength: 2 }) }),
      ),
    });
    const content: fc.Arbitrary<RowContent> = fc.record({
      values: fc.dictionary(fc.constantFrom('a', 'b', 'c"'), value),
      links: fc.array(link, { maxLength: 2 }),
      division: fc.record({ code: fc.option(text), basis: fc.constantFrom('CODE', 'PARENT', 'NONE') }),
      deleted: fc.boolean(),
      faults: fc.array(
        fc.record({
          code: fc.constant('HUB_MAP_NUMBER'),
          field: fc.option(text),
          column: fc.option(text),
          raw: fc.option(text),
          message: text,
        }),
        { maxLength: 2 },
      ),
    });
    fc.assert(
      fc.property(content, (given) => {
        expect(toRowHash(given, ['a', 'b', 'c"'])).toBe(toPlainHash(given, ['a', 'b', 'c"']));
      }),
    );
  });
});

// As the rows of the first stores were hashed: one list, written by JSON.stringify.
function toPlainHash(
  { values, links, division, deleted, faults }: RowContent,
  fields: readonly string[],
): string {
  const written = fields.flatMap((name) => {
    const value = values[name];
    return value === null || value === undefined ? [] : [name, value];
  });
  const text = JSON.stringify([
    written,
    links.map(({ link, key, lookup }) => [link, key, lookup?.fields ?? null, lookup?.values ?? null]),
    [division.code, division.basis],
    deleted,
    faults.map(({ code, field, column, raw }) => [code, field, column, raw]),
  ]);
  return createHash('sha256').update(text).digest('hex');
}
