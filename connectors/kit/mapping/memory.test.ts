// What a mapping remembers from record to record (the last time, what a code links to) must never be seen in a row.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileMappings } from './compile-mappings.ts';
import { DIVISIONS, mapRecord } from './mapping.fixture.ts';
import { RECORD, rain } from './rain.fixture.ts';

const DAY = 86_400_000;
const AT = Date.parse('2026-04-05T12:00:00Z');

test('a record maps to the same after any others as it does alone', () => {
  const record = fc.record({
    stcd: fc.constantFrom('61512000', '61512000  ', 'a~b', null, ''),
    rtu: fc.constantFrom('1', '2', null),
    tm: fc.constantFrom(
      '2026-04-05 08:30:00',
      '2026-04-05 08:30:00.5',
      '1988-04-10 02:30:00',
      '2026-04-07 00:00:00',
      'no time',
      null,
    ),
    p: fc.constantFrom('1.5', 'bad', null),
    now: fc.constantFrom(AT, AT + 2 * DAY),
  });
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 12 }), (records) => {
      const [mapping] = compileMappings(rain(), { divisions: DIVISIONS });
      for (const { now, ...given } of records) {
        const context = { now, receivedAt: new Date(now).toISOString() };
        const own = { ...RECORD, ...given };
        expect(mapping?.map(own, context)).toEqual(mapRecord(rain(), own, context));
      }
    }),
    { numRuns: 60 },
  );
});
