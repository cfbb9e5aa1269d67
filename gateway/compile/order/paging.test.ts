// Pages of a list that changes while somebody walks through it: what stands there all the time is met once, whatever comes and
// goes around it.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Ask, toAsk } from '../../subschema/fixtures/ask.ts';
import { type City, openCity } from '../fixtures/open-city.ts';

let city: City;
let ask: Ask;
beforeAll(async () => {
  city = await openCity();
  ask = toAsk(city.reader);
});
afterAll(() => city.close());
beforeEach(() =>
  city.run(
    `delete from hydrology.hydro_station where _key like 'X%'; update hydrology.hydro_station set _gone_at = null`,
  ),
);

const STATIONS = Array.from({ length: 14 }, (_none, index) => String(61512000 + index));

type Step =
  | { readonly kind: 'comes'; readonly key: string; readonly level: number | null }
  | { readonly kind: 'goes' | 'returns'; readonly station: number };

const STEPS: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('comes' as const),
      key: fc.integer({ min: 1, max: 99_999 }).map((n) => `X${n}`),
      level: fc.option(fc.constantFrom(170, 181.5, 185.5, 190.5, 300)),
    }),
    fc.record({ kind: fc.constantFrom('goes' as const, 'returns' as const), station: fc.nat(13) }),
  ),
  { maxLength: 4 },
);

function toSql(step: Step): string {
  if (step.kind === 'comes')
    return `insert into hydrology.hydro_station select r.* from hydrology.hydro_station s, jsonb_populate_record(s, '${JSON.stringify({ _key: step.key, code: step.key, warn_level: step.level, _gone_at: null })}') r where s._key = '61512001' on conflict do nothing`;
  return `update hydrology.hydro_station set _gone_at = ${step.kind === 'goes' ? 'now()' : 'null'} where _key = '${STATIONS[step.station]}'`;
}

type Page = {
  readonly nodes: readonly { readonly code: string }[];
  readonly pageInfo: {
    readonly startCursor: string | null;
    readonly endCursor: string | null;
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
  };
};

test.each([
  ['forwards', '[]'],
  ['forwards', '[{ warnLevel: ASC }]'],
  ['forwards', '[{ inUse: DESC }, { warnLevel: DESC }]'],
  ['backwards', '[{ warnLevel: DESC }]'],
] as const)('walked through %s in the order %s', async (way, orderBy) => {
  await fc.assert(
    fc
      .asyncProperty(
        fc.array(STEPS, { minLength: 6, maxLength: 6 }),
        fc.integer({ min: 1, max: 5 }),
        async (between, size) => {
          const touched = new Set(
            between.flat().flatMap((step) => (step.kind === 'comes' ? [] : [STATIONS[step.station]])),
          );
          const met: string[] = [];
          let at: string | null = null;
          for (let page = 0; page < 60; page += 1) {
            const edge: string = at === null ? '' : `, ${way === 'forwards' ? 'after' : 'before'}: "${at}"`;
            const { data } = await ask(
              `{ a: hydroStations(orderBy: ${orderBy}, ${way === 'forwards' ? 'first' : 'last'}: ${size}${edge}) { nodes { code } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`,
            );
            const { nodes, pageInfo } = data.a as Page;
            met.push(...(way === 'forwards' ? nodes : [...nodes].reverse()).map(({ code }) => code));
            if (!(way === 'forwards' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) break;
            at = way === 'forwards' ? pageInfo.endCursor : pageInfo.startCursor;
            for (const step of between[page] ?? []) await city.run(toSql(step));
          }
          const standing = STATIONS.filter((code) => !touched.has(code));
          expect(met.filter((code) => standing.includes(code)).sort()).toEqual(standing);
          expect(new Set(met).size).toBe(met.length);
        },
      )
      .beforeEach(() =>
        city.run(
          `delete from hydrology.hydro_station where _key like 'X%'; update hydrology.hydro_station set _gone_at = null`,
        ),
      ),
    { numRuns: 12 },
  );
});
