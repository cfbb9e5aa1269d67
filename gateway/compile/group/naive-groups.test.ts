import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toAsk } from '../../subschema/fixtures/ask.ts';
import { answerGroups, GROUPS_QUESTIONS, toGroupsText } from '../fixtures/naive-groups.ts';
import { type City, openCity } from '../fixtures/open-city.ts';
import { RESERVOIRS_ARE_LOADED, toInsertSql } from '../fixtures/rows.ts';

let city: City;
beforeAll(async () => {
  city = await openCity(`${toInsertSql()}; ${RESERVOIRS_ARE_LOADED}`);
});
afterAll(() => city.close());

/** JSON text; numbers to ten digits, since sums of fractions differ in their last ones by the order of adding. */
function toText(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, one) => (typeof one === 'number' ? Number(one.toPrecision(10)) : one),
    1,
  );
}

test('any aggregate is what plain rows and arrays give, in one statement', async () => {
  const ask = toAsk(city.reader);
  let groups = 0;
  await fc.assert(
    fc.asyncProperty(GROUPS_QUESTIONS, async (question) => {
      const before = city.statements.length;
      const { data } = await ask(toGroupsText(question));
      expect(city.statements.length - before).toBe(1);
      expect(toText(data.a)).toBe(toText(answerGroups(question)));
      groups += (data.a as readonly unknown[]).length;
    }),
    { numRuns: 300 },
  );
  // A property over empty answers would hold of anything.
  expect(groups).toBeGreaterThan(500);
});
