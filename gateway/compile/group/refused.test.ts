// What aggregates refuse, by the name of the argument, and what they do not show: masked fields, and groups that are too small.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { type Ask, DIVISIONS, toAsk } from '../../subschema/fixtures/ask.ts';
import { type City, openCity } from '../fixtures/open-city.ts';
import { ALARM, HYDROLOGY, STATION } from '../fixtures/units.ts';

let city: City;
let ask: Ask;
beforeAll(async () => {
  city = await openCity();
  ask = toAsk(city.reader);
});
afterAll(() => city.close());

const shown = (fault: unknown) =>
  fault instanceof GraphQLError ? `${fault.extensions.code}: ${fault.message}` : JSON.stringify(fault);

describe('an argument that cannot be answered', () => {
  test.each([
    [
      'groupBy: {}',
      'HUB_QUERY_INVALID: Argument "groupBy[0]" must name one field, but names: 0. Several are given as a list.',
    ],
    [
      'groupBy: [{ kind: true }, { kind: true, rank: true }]',
      'HUB_QUERY_INVALID: Argument "groupBy[1]" must name one field, but names: 2. Several are given as a list.',
    ],
    [
      'groupBy: { latestRiver: {} }',
      'HUB_QUERY_INVALID: Argument "groupBy[0].latestRiver" must name one field, but names: 0. Several are given as a list.',
    ],
    [
      'groupBy: { kind: false }',
      'HUB_QUERY_INVALID: Argument "groupBy[0].kind" must be true, or be left out.',
    ],
    [
      'groupBy: [{ kind: true }, { kind: true }]',
      'HUB_QUERY_INVALID: Argument "groupBy[1]" names "kind" once more: each may be named once, in one bucket or at one level.',
    ],
    [
      'groupBy: [{ checkedAt: { bucket: "PT1H" } }, { checkedAt: { bucket: "P1D" } }]',
      'HUB_QUERY_INVALID: Argument "groupBy[1]" names "checkedAt" once more: each may be named once, in one bucket or at one level.',
    ],
    [
      'groupBy: [{ division: TOWN }, { division: COUNTY }]',
      'HUB_QUERY_INVALID: Argument "groupBy[1]" names "division" once more: each may be named once, in one bucket or at one level.',
    ],
    [
      'groupBy: { latestRiver: { observedAt: { bucket: "PT0S" } } }',
      'HUB_QUERY_LIMIT: Argument "groupBy[0].latestRiver.observedAt.bucket" must be more than PT0S and at most P366D, in whole seconds, but got: PT0S',
    ],
    [
      'groupBy: [{ id: true }, { code: true }, { name: true }, { kind: true }, { rank: true }, { cost: true }, { built: true }, { visit: true }, { season: true }]',
      'HUB_QUERY_LIMIT: Argument "groupBy" must have at most 8 parts, but has: 9',
    ],
    ['first: 1001', 'HUB_QUERY_LIMIT: Argument "first" must be 0 to 1000, but got: 1001'],
    ['first: -1', 'HUB_QUERY_LIMIT: Argument "first" must be 0 to 1000, but got: -1'],
    [
      'where: { rank: { between: [1] } }',
      'HUB_QUERY_INVALID: Argument "where.rank.between" must be a list of two, [from, to], but has: 1',
    ],
    [
      'having: { or: [{ count: { gt: 1 } }, { sum: { rank: { gt: null } } }] }',
      'HUB_QUERY_INVALID: Argument "having.or[1].sum.rank.gt" must not be null: use "isNull".',
    ],
    [
      'having: { max: { name: { in: ["a"] }, rank: { between: [1, 2, 3] } } }',
      'HUB_QUERY_INVALID: Argument "having.max.rank.between" must be a list of two, [from, to], but has: 3',
    ],
    [
      `having: { or: [${'{ count: { eq: 1 } } '.repeat(101)}] }`,
      'HUB_QUERY_LIMIT: Argument "having" has 101 conditions; one list may have 100.',
    ],
    [
      'orderBy: { count: ASC, min: { rank: ASC } }',
      'HUB_QUERY_INVALID: Argument "orderBy[0]" must name one field, but names: 2. Several are given as a list.',
    ],
    [
      'orderBy: { min: {} }',
      'HUB_QUERY_INVALID: Argument "orderBy[0].min" must name one field, but names: 0. Several are given as a list.',
    ],
    [
      'groupBy: { kind: true }, orderBy: [{ count: ASC }, { group: { rank: ASC } }]',
      'HUB_QUERY_INVALID: Argument "orderBy[1].group.rank" is no part of "groupBy".',
    ],
    [
      'groupBy: { latestRiver: { stage: true } }, orderBy: { group: { latestRiver: { flow: ASC } } }',
      'HUB_QUERY_INVALID: Argument "orderBy[0].group.latestRiver.flow" is no part of "groupBy".',
    ],
    [
      `orderBy: [${'{ count: ASC } '.repeat(9)}]`,
      'HUB_QUERY_LIMIT: Argument "orderBy" must have at most 8 fields, but has: 9',
    ],
  ])('%.60s is refused by its name, before any statement', async (args, message) => {
    const before = city.statements.length;
    const { data } = await ask(`{ a: hydroStationsAggregate(${args}) { count } }`);
    expect(shown(data.a)).toBe(message);
    expect(city.statements).toHaveLength(before);
  });

  test('stands at its place, and what stands beside it is answered', async () => {
    const { data } = await ask(
      '{ hydroStations(first: 1) { nodes { code riverAggregate(first: 5000) { count } } } b: hydroStationsAggregate { count low: percentile(p: -0.1) { rank } percentile(p: 1) { rank } } }',
    );
    const { nodes } = data.hydroStations as { readonly nodes: readonly Record<string, unknown>[] };
    expect(nodes[0]?.code).toBe('61512000');
    expect(shown(nodes[0]?.riverAggregate)).toBe(
      'HUB_QUERY_LIMIT: Argument "first" must be 0 to 1000, but got: 5000',
    );
    const [group] = data.b as readonly Record<string, unknown>[];
    expect(group).toMatchObject({ count: 13, percentile: { rank: 13 } });
    expect(shown(group?.low)).toBe('HUB_QUERY_LIMIT: Argument "p" of "low" must be 0 to 1, but got: -0.1');
  });
});

describe('groups and the rows that a request may ask for', () => {
  test('count as many rows as their list may have, below each parent', async () => {
    const few = toAsk(city.reader, { rowCap: 1000 });
    const below = (first: number) =>
      `{ a: hydroStations(first: 10) { nodes { riverAggregate(groupBy: { stage: true }, first: ${first}) { count } } } }`;
    const { data } = await few(below(100));
    const { nodes } = data.a as { readonly nodes: readonly Record<string, unknown>[] };
    expect(shown(nodes[0]?.riverAggregate)).toContain(
      'HUB_QUERY_LIMIT: "riverAggregate" could bring 1,000 rows, after 10',
    );
    expect((await few(below(99))).data.a).toMatchObject({
      nodes: expect.arrayContaining([{ riverAggregate: [] }]),
    });
  });

  test('count as one where all rows are one group', async () => {
    const few = toAsk(city.reader, { rowCap: 20 });
    const { data } = await few('{ a: hydroStations(first: 10) { nodes { riverAggregate { count } } } }');
    expect(data.a).toMatchObject({ nodes: expect.arrayContaining([{ riverAggregate: [{ count: 29 }] }]) });
  });
});

describe('a masked field', () => {
  test.each([
    ['groupBy: [{ division: COUNTY }, { phone: true }]', 'groupBy[1].phone'],
    ['groupBy: { station: { lastAlarm: { caller: true } } }', 'groupBy[0].station.lastAlarm.caller'],
    ['where: { place: { startsWith: "永州" } }', 'where.place.startsWith'],
    ['having: { not: { max: { phone: { eq: "13912340000" } } } }', 'having.not.max.phone'],
    ['orderBy: { min: { content: ASC } }', 'orderBy[0].min.content'],
  ])('in %s is refused by its name', async (args, name) => {
    const { data } = await ask(`{ a: stationAlarmsAggregate(${args}) { count } }`);
    expect(shown(data.a)).toBe(
      `HUB_QUERY_MASKED: Argument "${name.replace('.startsWith', '')}" is over a field that you may not see unmasked.`,
    );
  });

  test('among what is measured is refused at its place, and the rest is answered', async () => {
    const { data } = await ask(
      '{ a: stationAlarmsAggregate { count max { phone number } countDistinct { caller } } }',
    );
    const [group] = data.a as readonly Record<string, Record<string, unknown>>[];
    expect(group).toMatchObject({ count: 4, max: { number: 'A3' } });
    expect(shown(group?.max?.phone)).toBe(
      'HUB_QUERY_MASKED: "max.phone" is over a field that you may not see unmasked.',
    );
    expect(shown(group?.countDistinct?.caller)).toBe(
      'HUB_QUERY_MASKED: "countDistinct.caller" is over a field that you may not see unmasked.',
    );
  });

  test('is measured for who sees it', async () => {
    const { data } = await toAsk(city.reader, { isMasked: () => false })(
      '{ a: stationAlarmsAggregate(groupBy: { caller: true }) { group { caller } max { phone } } }',
    );
    expect(data.a).toEqual([{ group: { caller: '张三丰' }, max: { phone: '13912340000' } }]);
  });
});

describe('groups that would tell of persons', () => {
  const unit = { ...HYDROLOGY, policy: { ...HYDROLOGY.policy, minGroup: 3 } };
  const askOf = (types: readonly (typeof STATION)[]): Ask => {
    const changed = HYDROLOGY.types.map((type) => types.find(({ name }) => name === type.name) ?? type);
    return toAsk(city.reader, {
      unit: { ...unit, types: changed },
      units: [{ ...unit, types: changed }],
      divisions: DIVISIONS,
    });
  };
  const byCode =
    '{ a: stationAlarmsAggregate(groupBy: { observedAt: {} }) { count } b: stationAlarmsAggregate { count } c: stationAlarmsAggregate(where: { number: { eq: "A1" } }) { count } d: stationAlarmsAggregate(where: { number: { eq: "X" } }) { count } }';

  test('are left out where the type shows personal fields, one group of all among them', async () => {
    expect((await askOf([])(byCode)).data).toEqual({ a: [], b: [{ count: 4 }], c: [], d: [{ count: 0 }] });
  });

  test('are left out where the type is sensitive, and shown where it is not', async () => {
    const byKind =
      '{ a: hydroStationsAggregate(groupBy: { rank: true }, where: { rank: { lt: 2 } }) { count } b: hydroStationsAggregate(groupBy: { kind: true }) { count } }';
    const all = { b: [{ count: 6 }, { count: 7 }] };
    expect((await askOf([])(byKind)).data).toEqual({ a: [{ count: 1 }, { count: 1 }], ...all });
    expect((await askOf([{ ...STATION, class: 'sensitive' }])(byKind)).data).toEqual({ a: [], ...all });
    const plain = {
      ...ALARM,
      fields: ALARM.fields.map((field) => ({ ...field, class: 'internal' as const })),
    };
    expect((await askOf([plain])(byCode)).data).toMatchObject({
      a: [{ count: 2 }, { count: 2 }],
      c: [{ count: 1 }],
    });
  });

  test('neither count towards first', async () => {
    const { data } = await askOf([{ ...STATION, class: 'personal' }])(
      '{ a: hydroStationsAggregate(groupBy: { division: COUNTY }, first: 1) { count } b: hydroStationsAggregate(groupBy: [{ inUse: true }, { division: CITY }], first: 1) { group { inUse division { code } } count } }',
    );
    expect(data).toEqual({ a: [], b: [{ group: { inUse: false, division: { code: '431100' } }, count: 6 }] });
  });
});

describe('fields whose values are of a kind', () => {
  const kinds = HYDROLOGY.types.map((type) =>
    type.name === 'HydroStation'
      ? {
          ...type,
          fields: type.fields.map((field) => {
            if (field.name === 'warnLevel') return { ...field, measure: 'angle' as const };
            if (field.name === 'rank') return { ...field, measure: 'rolling' as const };
            if (field.name === 'cost') return { ...field, measure: 'amount' as const };
            if (field.name !== 'kind') return field;
            return { ...field, derived: { from: 'rank', as: 'quality' as const } };
          }),
        }
      : type,
  );
  const kinded = { ...HYDROLOGY, types: kinds };

  test('are added up only where they are amounts', async () => {
    const askKinds = toAsk(city.reader, { unit: kinded, units: [kinded] });
    expect(
      (await askKinds('{ a: hydroStationsAggregate { sum { cost serial } max { rank } } }')).data.a,
    ).toEqual([
      { sum: { cost: '160493825716049382576.50', serial: '117093590311632909' }, max: { rank: 13 } },
    ]);
    for (const field of [
      'sum { rank }',
      'sum { warnLevel }',
      'max { warnLevel }',
      'percentile(p: 1) { warnLevel }',
    ])
      expect((await askKinds(`{ hydroStationsAggregate { ${field} } }`)).errors[0]?.extensions.code).toBe(
        'HUB_QUERY_INVALID',
      );
  });

  test('have a mean direction where they are angles', async () => {
    const askKinds = toAsk(city.reader, { unit: kinded, units: [kinded] });
    const mean = async (...degrees: number[]) => {
      await city.run(
        degrees
          .map(
            (degree, index) =>
              `update hydrology.hydro_station set warn_level = ${degree} where rank = ${index}`,
          )
          .join(';'),
      );
      const { data } = await askKinds(
        `{ a: hydroStationsAggregate(where: { rank: { lt: ${degrees.length} } }) { avg { warnLevel } } }`,
      );
      return (data.a as readonly { readonly avg: { readonly warnLevel: number } }[])[0]?.avg.warnLevel;
    };
    expect(await mean(350, 20)).toBeCloseTo(5);
    expect(await mean(350, 340, 330)).toBeCloseTo(340);
    expect(await mean(90)).toBeCloseTo(90);
    await city.run(
      'update hydrology.hydro_station set warn_level = 180.5 + rank where rank <> 3; update hydrology.hydro_station set warn_level = null where rank = 3',
    );
  });

  test('leave out what their quality calls bad or missing', async () => {
    const askKinds = toAsk(city.reader, { unit: kinded, units: [kinded] });
    await city.run(
      `update hydrology.hydro_station set kind = case rank when 13 then 'BAD' when 12 then 'MISSING' when 11 then 'SUSPECT' end where rank > 10`,
    );
    const { data } = await askKinds(
      '{ a: hydroStationsAggregate { count max { rank } countDistinct { rank } } }',
    );
    await city.run(
      `update hydrology.hydro_station set kind = case when rank % 2 = 0 then 'RAIN' else 'OTHER' end`,
    );
    expect(data.a).toEqual([{ count: 13, max: { rank: 11 }, countDistinct: { rank: 11 } }]);
  });
});

describe('statements', () => {
  test('have no value in them: the same shape is the same text', async () => {
    const before = city.statements.length;
    const text =
      'query ($s: Duration, $n: Int, $p: Float!, $f: Int, $r: Float) { riverReadingsAggregate(where: { stage: { gt: $r } }, groupBy: { observedAt: { bucket: $s } }, having: { count: { gte: $n } }, first: $f) { count percentile(p: $p) { stage } } }';
    await ask(text, { s: 'PT1H', n: 1, p: 0.25, f: 3, r: 7 });
    await ask(text, { s: 'P1D', n: 2, p: 0.75, f: 4, r: 8 });
    const [one, other, ...more] = city.statements.slice(before);
    expect(more).toEqual([]);
    expect(one?.text).toBe(other?.text);
    expect(one?.text).not.toMatch(/3600|86400|0\.25|0\.75/);
    expect(one?.values).toEqual(expect.arrayContaining([3600, 0.25, 3]));
  });
});
