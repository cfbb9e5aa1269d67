// Groups by the division that a link tells: rows of one link are taken together before the division is read, where the
// functions allow it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Ask, toAsk } from '../../subschema/fixtures/ask.ts';
import { type City, openCity } from '../fixtures/open-city.ts';

let city: City;
let ask: Ask;
beforeAll(async () => {
  city = await openCity();
  ask = toAsk(city.reader);
});
afterAll(() => city.close());

const BY = 'groupBy: [{ division: COUNTY }, { observedAt: { bucket: "PT1H" } }]';
const TOLD = 'group { division { code } observedAt } count max { stage }';

type Group = { readonly count: number; readonly avg?: unknown; readonly [name: string]: unknown };

/** The groups without the mean, and whether the statement took rows of one link together. */
async function groups(
  fields: string,
  args = '',
): Promise<{ readonly rows: readonly Group[]; readonly folded: boolean }> {
  const { data } = await ask(`{ a: riverReadingsAggregate(${BY}${args}) { ${fields} } }`);
  if (data.a instanceof Error) throw data.a;
  const rows = (data.a as readonly Group[]).map(({ avg: _avg, ...rest }) => rest as Group);
  return { rows, folded: city.statements.at(-1)?.text.includes('.n)::bigint') ?? false };
}

test('the highest of each county and hour is the same, rows taken together or not', async () => {
  const together = await groups(TOLD);
  const apart = await groups(`${TOLD} avg { stage }`);
  expect([together.folded, apart.folded]).toEqual([true, false]);
  expect(together.rows).toEqual(apart.rows);
  expect(together.rows.length).toBeGreaterThan(3);
  expect(together.rows.some(({ count }) => count > 1)).toBe(true);
});

test('what is asked of the groups counts rows, not what they were taken together to', async () => {
  const having = ', having: { count: { gt: 1 } }, orderBy: [{ count: DESC }]';
  const together = await groups(TOLD, having);
  const apart = await groups(`${TOLD} avg { stage }`, having);
  expect([together.folded, apart.folded]).toEqual([true, false]);
  expect(together.rows).toEqual(apart.rows);
  expect(together.rows.length).toBeGreaterThan(0);
});

test('the least and the greatest of one value at a time are not taken together', async () => {
  expect((await groups(`${TOLD} min { stage }`)).folded).toBe(false);
  expect((await groups(`${TOLD} min { flow }`)).folded).toBe(true);
});
