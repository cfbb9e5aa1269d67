// A record that is kept gives back every value, and the same record has the same hash.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RawValue } from '../../connectors/kit/contract.ts';
import { parseRecordText, toRecordHash, toRecordText } from './kept-record.ts';

const rawValue = fc.letrec<{ value: RawValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom('$bytes', '$object', 'STCD'), fc.string()), tie('value'), {
      maxKeys: 3,
    }),
  ),
})).value;

test('any record comes back as it was, bytes and marks included', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), rawValue), (record) => {
      expect(parseRecordText(toRecordText(record))).toEqual({ ...record });
    }),
  );
});

test('the order in which a driver names the columns does not matter', () => {
  const text = toRecordText({ stcd: '61512000', tm: '2026-04-05 08:00:00' });
  expect(toRecordHash(toRecordText({ tm: '2026-04-05 08:00:00', stcd: '61512000' }))).toBe(
    toRecordHash(text),
  );
  expect(toRecordHash(toRecordText({ stcd: '61512000', tm: '2026-04-05 08:05:00' }))).not.toBe(
    toRecordHash(text),
  );
});

test('NUL and half a surrogate pair are kept too', () => {
  const record = { a: 'x\0y', b: '\ud800' };
  expect(toRecordText(record)).toBe('{"a":"x\\u0000y","b":"\\ud800"}');
  expect(parseRecordText(toRecordText(record))).toEqual(record);
});
