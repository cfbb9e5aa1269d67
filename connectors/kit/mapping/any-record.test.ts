import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RawValue, SourceRecord } from '../contract.ts';
import type { ConverterName } from '../manifest/model.ts';
import { codeList, mapRecord, type OneField, unitOf } from './mapping.fixture.ts';

describe('whatever a source sends', () => {
  const CONVERTERS: readonly OneField[] = (
    [
      'text',
      'number',
      'integer',
      'decimal',
      'time',
      'date',
      'phone',
      'plate',
      'idNumber',
      'concat',
    ] as const satisfies readonly ConverterName[]
  ).map((converter) => ({ converter }));
  const MORE: readonly OneField[] = [
    { converter: 'code', options: { list: 'Kind', many: true }, codes: [codeList('Kind', { A: ['a'] })] },
    { converter: 'flag', options: { yes: ['1'], no: ['0'] } },
    { converter: 'flags', options: { when: ['1'] }, reading: { flags: [{ column: 'x', value: 'A' }] } },
    { converter: 'time', options: { formats: ['iso', 'excel', 'epochSeconds', 'epochMillis', 'yyyyMMdd'] } },
    { converter: 'monthDay', options: { formats: ['MMdd'] } },
    { converter: 'duration', options: { unit: 'min' } },
    { converter: 'duration', options: { unit: 'HH.NN' } },
    {
      converter: 'point',
      columns: ['x', 'y'],
      reading: { point: { lon: 'x', lat: 'y' } },
      crs: 'GCJ02',
      options: { form: 'dms' },
    },
    { converter: 'point', reading: { point: { text: 'x', order: 'lonLat', by: ',' } }, crs: 'BD09' },
    { converter: 'shape', options: { form: 'capPolygon' } },
    { converter: 'divisions', options: { by: 'code' } },
    { converter: 'divisions', options: { by: 'name' } },
    {
      converter: 'text',
      columns: ['x.y.0'],
      options: { part: { by: ',', at: 2 }, strip: 'x', pad: { 'x.y.0': 3 }, split: ';' },
    },
    { converter: 'number', options: { scale: '0.1', valueWhen: { '1': 2 }, nullWhen: ['9'], range: [0, 5] } },
  ];
  const leaf = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.integer().map(String),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(
      '2026-04-05 08:30:00',
      '1e308',
      '111.6,26.4',
      '0000-00-00',
      '锟斤拷',
      '　',
      '-',
      '1.30',
      '__proto__',
    ),
    fc.uint8Array({ maxLength: 4 }),
  );
  const raw = fc.letrec<{ value: RawValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('y', 'x', 'toString'), tie('value'), { maxKeys: 2 }),
    ),
  })).value;

  test.each([...CONVERTERS, ...MORE].map((of) => [of] as const))(
    '%j never throws and ends in one outcome',
    (of) => {
      const built = unitOf(of);
      fc.assert(
        fc.property(raw, raw, (x, y) => {
          const outcomes = mapRecord(built, { id: '1', x, y } as SourceRecord);
          expect(outcomes).toHaveLength(1);
          expect(outcomes[0]?.kind).toBe('row');
        }),
        { numRuns: 60 },
      );
    },
  );

  test('equal content has an equal key and hash', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.double({ noNaN: true }), (id, x) => {
        const built = unitOf({ converter: 'number' });
        const first = mapRecord(built, { id, x });
        expect(mapRecord(built, { x, id: `${id}  ` })).toMatchObject(
          first.map((outcome) =>
            outcome.kind === 'row' ? { row: { key: outcome.row.key, hash: outcome.row.hash } } : {},
          ),
        );
      }),
    );
  });

  test('no message and no raw value shows what a personal field held', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{8,12}$/), (secret) => {
        for (const of of [...CONVERTERS, ...MORE]) {
          const outcomes = mapRecord(unitOf({ ...of, field: { class: 'personal' } }), {
            id: '1',
            x: secret,
            y: secret,
          });
          const faults = outcomes.map((outcome) => (outcome.kind === 'row' ? outcome.row.faults : []));
          expect(JSON.stringify(faults)).not.toContain(secret);
        }
      }),
      { numRuns: 10 },
    );
  });

  test('lists nested ten thousand deep are read without falling over', () => {
    let x: RawValue = 'core';
    for (let depth = 0; depth < 10_000; depth += 1) x = [x];
    for (const columns of [['x'], ['x.y']])
      for (const converter of ['text', 'divisions'] as const)
        expect(mapRecord(unitOf({ converter, columns }), { id: '1', x })).toHaveLength(1);
  });
});
