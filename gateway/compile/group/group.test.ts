// Groups over the fixture's rows: what is counted and measured, how keys come back, which groups stand in the answer.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Ask, toAsk } from '../../subschema/fixtures/ask.ts';
import { type City, openCity } from '../fixtures/open-city.ts';
import { RESERVOIRS_ARE_LOADED, toInsertSql } from '../fixtures/rows.ts';
import { HYDROLOGY } from '../fixtures/units.ts';

let city: City;
let ask: Ask;
beforeAll(async () => {
  city = await openCity(`${toInsertSql()}; ${RESERVOIRS_ARE_LOADED}`);
  await city.run(
    `insert into water.reservoir (code, _key, _source, _form, _native, _received_at, _run, _manifest, _hash, _known_from, _version, _division, _division_basis)
     values ('R1', 'R~1', 'fork', 0, '{}', now(), 1, 'm', '\\x00', now(), 1, '431124', 'CODE')`,
  );
  ask = toAsk(city.reader, { isMasked: () => false });
});
afterAll(() => city.close());

async function groups(text: string, reader: Ask = ask): Promise<unknown> {
  const before = city.statements.length;
  const { data, errors } = await reader(`{ a: ${text} }`);
  if (errors.length > 0) throw errors[0];
  if (data.a instanceof Error) throw data.a;
  expect(city.statements.length - before).toBe(1);
  return data.a;
}

describe('functions', () => {
  const all = (fields: string) => groups(`hydroStationsAggregate { ${fields} }`);

  test.each([
    ['count', { count: 13 }],
    [
      'countDistinct { kind inUse name warnLevel }',
      { countDistinct: { kind: 2, inUse: 2, name: 13, warnLevel: 12 } },
    ],
    [
      'sum { rank serial cost }',
      { sum: { rank: 86, serial: '117093590311632909', cost: '160493825716049382576.50' } },
    ],
    ['sum { warnLevel }', { sum: { warnLevel: 2249 } }],
    ['avg { serial cost }', { avg: { serial: '9007199254740993', cost: '12345678901234567890.5' } }],
    [
      'min { rank warnLevel name built }',
      { min: { rank: 0, warnLevel: 180.5, name: '站0', built: '1998-07-01' } },
    ],
    [
      'max { rank name checkedAt visit }',
      { max: { rank: 13, name: '道县"站"\\1\n', checkedAt: '2026-04-05T00:30:00.5Z', visit: 'PT1H30M' } },
    ],
    ['percentile(p: 0.5) { rank serial }', { percentile: { rank: 7, serial: '9007199254740993' } }],
    [
      'percentile(p: 0) { rank } top: percentile(p: 1) { rank }',
      { percentile: { rank: 0 }, top: { rank: 13 } },
    ],
    [
      '__typename group { id } sum { __typename }',
      { __typename: 'HydroStationAggregate', group: null, sum: { __typename: 'HydroStationSums' } },
    ],
  ])('%s', async (fields, found) => expect(await all(fields)).toEqual([found]));

  test('have their keys in the asked order', async () => {
    const found = await all('max { z: rank a: code } count min { rank } ');
    expect(JSON.stringify(found)).toBe('[{"max":{"z":13,"a":"61512013"},"count":13,"min":{"rank":0}}]');
  });

  test('interpolate exact numbers without losing a digit', async () => {
    await city.run(`update hydrology.hydro_station set cost = 10000000000000000000.01 where rank < 7`);
    const found = await all('percentile(p: 0.5) { cost } q: percentile(p: 0.25) { cost } avg { cost }');
    await city.run(`update hydrology.hydro_station set cost = 12345678901234567890.50`);
    // Station 5 is gone: six of thirteen are the lower ones, the seventh is of the upper.
    expect(found).toMatchObject([
      { percentile: { cost: '12345678901234567890.5' }, q: { cost: '10000000000000000000.01' } },
    ]);
  });

  test('lie on the line between two values', async () => {
    const two = await groups(
      'hydroStationsAggregate(where: { rank: { in: [1, 4] } }) { percentile(p: 0.25) { rank warnLevel } avg { rank } }',
    );
    expect(two).toEqual([{ percentile: { rank: 1.75, warnLevel: 182.25 }, avg: { rank: 2.5 } }]);
  });

  test('leave out what is not known', async () => {
    const found = await groups(
      'riverReadingsAggregate(where: { station: { rank: { eq: 0 } } }) { count countDistinct { flow } avg { flow } min { flow } }',
    );
    // 29 readings, every fourth without a flow, the fourth gone: 1.5 · (1 + 2 + 5 + 6 + 7 + … + 29).
    expect(found).toEqual([
      { count: 29, countDistinct: { flow: 21 }, avg: { flow: 480 / 21 }, min: { flow: 1.5 } },
    ]);
  });

  test('of no rows are one group of none, and no group where rows are grouped', async () => {
    const none = 'where: { rank: { gt: 99 } }';
    expect(
      await groups(
        `hydroStationsAggregate(${none}) { count sum { rank } max { name } percentile(p: 0.5) { rank cost } countDistinct { name } }`,
      ),
    ).toEqual([
      {
        count: 0,
        sum: { rank: null },
        max: { name: null },
        percentile: { rank: null, cost: null },
        countDistinct: { name: 0 },
      },
    ]);
    expect(await groups(`hydroStationsAggregate(${none}, groupBy: { kind: true }) { count }`)).toEqual([]);
    expect(await groups(`hydroStationsAggregate(groupBy: []) { count }`)).toEqual([{ count: 13 }]);
  });
});

describe('groups', () => {
  test('by own fields, as they were asked', async () => {
    expect(
      await groups(
        'hydroStationsAggregate(groupBy: [{ kind: true }, { inUse: true }]) { group { inUse kind name __typename } count }',
      ),
    ).toEqual([
      { group: { inUse: false, kind: 'OTHER', name: null, __typename: 'HydroStationGroupKey' }, count: 6 },
      { group: { inUse: true, kind: 'RAIN', name: null, __typename: 'HydroStationGroupKey' }, count: 7 },
    ]);
  });

  test('by what is null, which comes last', async () => {
    const found = await groups(
      'riverReadingsAggregate(where: { station: { rank: { eq: 1 } }, observedAt: { lt: "2026-04-01T00:05:00Z" } }, groupBy: { flow: true }) { group { flow } count }',
    );
    expect(found).toEqual([
      { group: { flow: 1.5 }, count: 1 },
      { group: { flow: 3 }, count: 1 },
      { group: { flow: null }, count: 2 },
    ]);
  });

  test('by fields of every scalar', async () => {
    const fields = ['built', 'season', 'visit', 'serial', 'cost', 'checkedAt'];
    const found = await groups(
      `hydroStationsAggregate(groupBy: [${fields.map((field) => `{ ${field}: ${field === 'checkedAt' ? '{}' : 'true'} }`).join(' ')}]) { group { ${fields.join(' ')} } count }`,
    );
    expect(found).toEqual([
      {
        group: {
          built: '1998-07-01',
          season: '04-01',
          visit: 'PT1H30M',
          serial: '9007199254740993',
          cost: '12345678901234567890.50',
          checkedAt: '2026-04-05T00:30:00.5Z',
        },
        count: 13,
      },
    ]);
  });

  test('by rows that links lead to: of the unit, the newest reading, another unit', async () => {
    expect(
      await groups(
        'rainReadingsAggregate(groupBy: { station: { id: true } }, orderBy: { group: { station: { id: DESC } } }) { group { station { id code __typename } } sum { amount } }',
      ),
    ).toEqual(
      ['02', '01', '00'].map((code) => ({
        group: {
          station: {
            id: `hydrology:HydroStation:615120${code}`,
            code: null,
            __typename: 'HydroStationGroupKey',
          },
        },
        sum: { amount: 12.5 },
      })),
    );
    expect(
      await groups(
        'hydroStationsAggregate(groupBy: { latestRain: { amount: true } }) { group { latestRain { amount } latestRiver { stage } } count }',
      ),
    ).toEqual([
      { group: { latestRain: { amount: 3.5 }, latestRiver: null }, count: 3 },
      { group: { latestRain: { amount: null }, latestRiver: null }, count: 10 },
    ]);
    expect(
      await groups(
        'stationAlarmsAggregate(groupBy: { reservoir: { code: true } }) { group { reservoir { code id } } count }',
      ),
    ).toEqual([
      { group: { reservoir: { code: 'R1', id: null } }, count: 1 },
      { group: { reservoir: { code: null, id: null } }, count: 3 },
    ]);
    expect(
      await groups(
        'floodTravelsAggregate(groupBy: [{ upstream: { kind: true } }, { downstream: { lastAlarm: { number: true } } }]) { group { upstream { kind } downstream { lastAlarm { number } } } count }',
      ),
    ).toEqual([
      { group: { upstream: { kind: 'OTHER' }, downstream: { lastAlarm: { number: null } } }, count: 1 },
      { group: { upstream: { kind: 'RAIN' }, downstream: { lastAlarm: { number: 'A2' } } }, count: 1 },
      { group: { upstream: { kind: 'RAIN' }, downstream: { lastAlarm: { number: null } } }, count: 1 },
      { group: { upstream: { kind: null }, downstream: { lastAlarm: { number: null } } }, count: 1 },
    ]);
  });

  test('of a thing and of an inverse stand below each row, all in one statement', async () => {
    const before = city.statements.length;
    const { data } = await ask(
      '{ hydroStations(first: 2) { nodes { code riverAggregate { count max { stage } } floodTravelDownAggregate(groupBy: { downstream: { rank: true } }) { group { downstream { rank } } } } } }',
    );
    const toStation = (code: string, ...ranks: number[]) => ({
      code,
      riverAggregate: [{ count: 29, max: { stage: 102.9 } }],
      floodTravelDownAggregate: ranks.map((rank) => ({ group: { downstream: { rank } } })),
    });
    expect(data.hydroStations).toEqual({ nodes: [toStation('61512000', 1, 2), toStation('61512001', 2)] });
    expect(city.statements.length - before).toBe(1);
  });
});

describe('groups by division', () => {
  const byLevel = async (root: string, level: string) => {
    const found = (await groups(
      `${root}(groupBy: { division: ${level} }) { group { division { code } } count }`,
    )) as readonly {
      readonly group: { readonly division: { readonly code: string } | null };
      readonly count: number;
    }[];
    return found.map(({ group, count }) => [group.division?.code ?? null, count]);
  };

  test('have all counties, rows of towns among them, and what lies nowhere last', async () => {
    expect(await byLevel('hydroStationsAggregate', 'COUNTY')).toEqual([
      ...['431102', '431103', '431122', '431123', '431125', '431126', '431127', '431128', '431129'].map(
        (code) => [code, code === '431102' ? 2 : 1],
      ),
      ['431181', 2],
      [null, 1],
    ]);
    await city.run(`update hydrology.hydro_station set _gone_at = null where code = '61512005'`);
    const whole = await byLevel('hydroStationsAggregate', 'COUNTY');
    await city.run(`update hydrology.hydro_station set _gone_at = now() where code = '61512005'`);
    expect(whole).toHaveLength(12);
    expect(whole).toContainEqual(['431124', 1]);
  });

  test.each([
    [
      'TOWN',
      [
        ['431102001', 1],
        ['431122100', 1],
        ['431125100', 1],
        ['431128001', 1],
        [null, 9],
      ],
    ],
    ['VILLAGE', [[null, 13]]],
    [
      'CITY',
      [
        ['431100', 12],
        [null, 1],
      ],
    ],
  ])('at the level of %s leave what is coarser to the null group', async (level, found) =>
    expect(await byLevel('hydroStationsAggregate', level)).toEqual(found),
  );

  test('take the city’s own rows for no county’s, and a village’s for its town’s', async () => {
    await city.run(
      `update hydrology.hydro_station set _division = '431100' where code = '61512013'; update hydrology.hydro_station set _division = '431122100201' where code = '61512003'`,
    );
    const [county, town, village] = [
      await byLevel('hydroStationsAggregate', 'COUNTY'),
      await byLevel('hydroStationsAggregate', 'TOWN'),
      await byLevel('hydroStationsAggregate', 'VILLAGE'),
    ];
    await city.run(
      `update hydrology.hydro_station set _division = '431181' where code = '61512013'; update hydrology.hydro_station set _division = '431122100' where code = '61512003'`,
    );
    expect(county).toContainEqual([null, 2]);
    expect(town).toContainEqual(['431122100', 1]);
    expect(village).toEqual([
      ['431122100201', 1],
      [null, 12],
    ]);
  });

  test('read the division of a reading from its thing, and that of a linked row', async () => {
    // The readings of the station that is gone still lie where it stood.
    expect(await byLevel('riverReadingsAggregate', 'COUNTY')).toEqual(
      ['431102', '431103', '431122', '431123', '431124', '431181'].map((code) => [code, 29]),
    );
    expect(
      await groups(
        'floodTravelsAggregate(groupBy: { upstream: { division: TOWN } }) { group { upstream { division { code } } } count }',
      ),
    ).toEqual([
      { group: { upstream: { division: { code: '431102001' } } }, count: 2 },
      { group: { upstream: { division: null } }, count: 2 },
    ]);
  });

  test('are those of one division below it, with its own lists under the key', async () => {
    const { data } = await ask(
      '{ _hydrologyDivisions(codes: ["431102", "431100", "999999"]) { hydroStationsAggregate(groupBy: { division: COUNTY }, first: 2) { count group { division { code hydroStations { totalCount } } } } } }',
    );
    const toGroup = (code: string, count: number) => ({
      count,
      group: { division: { code, hydroStations: { totalCount: count } } },
    });
    expect(data._hydrologyDivisions).toEqual([
      { hydroStationsAggregate: [toGroup('431102', 2)] },
      { hydroStationsAggregate: [toGroup('431102', 2), toGroup('431103', 1)] },
      null,
    ]);
  });
});

describe('buckets of time', () => {
  const starts = async (bucket: string, where: string) => {
    const found = (await groups(
      `riverReadingsAggregate(where: { station: { rank: { eq: 0 } } ${where} }, groupBy: { observedAt: { bucket: "${bucket}" } }) { group { observedAt } count }`,
    )) as readonly { readonly group: { readonly observedAt: string }; readonly count: number }[];
    return found.map(({ group, count }) => [group.observedAt, count]);
  };

  test.each([
    [
      'PT1H',
      [
        ['2026-03-31T23:00:00Z', 3],
        ['2026-04-01T00:00:00Z', 12],
        ['2026-04-01T01:00:00Z', 12],
        ['2026-04-01T02:00:00Z', 2],
      ],
    ],
    [
      'PT90M',
      [
        ['2026-03-31T23:30:00Z', 15],
        ['2026-04-01T01:00:00Z', 14],
      ],
    ],
    // By days of UTC it would be two.
    ['P1D', [['2026-03-31T16:00:00Z', 29]]],
    ['PT24H', [['2026-03-31T16:00:00Z', 29]]],
    ['PT12H', [['2026-03-31T16:00:00Z', 29]]],
    // Weeks of seven days, the first of which began on 1970-01-01, a Thursday.
    ['P7D', [['2026-03-25T16:00:00Z', 29]]],
    ['P366D', [['2026-02-11T16:00:00Z', 29]]],
  ])('of %s lie side by side in civil time', async (bucket, found) =>
    expect(await starts(bucket, '')).toEqual(found),
  );

  test('of a day change at local midnight, and not eight hours later', async () => {
    const at = (text: string, minute: number) =>
      `update hydrology.river_reading set observed_at = '${text}' where _key = '61512000~2026-04-01T00:${minute}:00Z'`;
    await city.run(
      `${at('2026-04-01T15:59:59.999999Z', 10)}; ${at('2026-04-01T16:00:00Z', 15)}; ${at('1969-12-31T15:59:59Z', 20)}; ${at('1969-12-31T16:00:00Z', 25)}`,
    );
    const found = await starts('P1D', '');
    await city.run(`update hydrology.river_reading set observed_at = _observed_at`);
    expect(found).toEqual([
      ['1969-12-30T16:00:00Z', 1],
      ['1969-12-31T16:00:00Z', 1],
      ['2026-03-31T16:00:00Z', 26],
      ['2026-04-01T16:00:00Z', 1],
    ]);
  });

  test('go by the civil time of the unit', async () => {
    const utc = toAsk(city.reader, { unit: { ...HYDROLOGY, zone: 'UTC' } });
    expect(
      await groups(
        'riverReadingsAggregate(groupBy: { observedAt: { bucket: "P1D" } }) { group { observedAt } count }',
        utc,
      ),
    ).toEqual([
      { group: { observedAt: '2026-03-31T00:00:00Z' }, count: 18 },
      { group: { observedAt: '2026-04-01T00:00:00Z' }, count: 156 },
    ]);
  });
});

describe('having', () => {
  const chosen = async (having: string) => {
    const found = (await groups(
      `riverReadingsAggregate(where: { station: { rank: { lt: 3 } } }, groupBy: { observedAt: { bucket: "PT1H" } }, having: ${having}) { group { observedAt } }`,
    )) as readonly { readonly group: { readonly observedAt: string } }[];
    return found.map(({ group }) => group.observedAt.slice(11, 13));
  };

  test.each([
    ['{ count: { gt: 9 } }', ['00', '01']],
    ['{ count: { in: [6, 9] } }', ['23', '02']],
    ['{ not: { count: { gt: 9 } } }', ['23', '02']],
    ['{ max: { stage: { lt: 101 } } }', ['23']],
    ['{ min: { observedAt: { gte: "2026-04-01T01:00:00Z" } } }', ['01', '02']],
    ['{ avg: { stage: { between: [100.2, 102] } } }', ['00']],
    ['{ sum: { flow: { gt: 600 } } }', ['01']],
    ['{ or: [{ count: { eq: 6 } }, { max: { stage: { lt: 101 } } }] }', ['23', '02']],
    ['{ and: [{ count: { gt: 6 } }, { max: { stage: { lt: 102 } } }] }', ['23', '00']],
    ['{ or: [] }', []],
    ['{}', ['23', '00', '01', '02']],
    ['{ sum: { flow: { isNull: true } } }', []],
  ])('%s', async (having, hours) => expect(await chosen(having)).toEqual(hours));

  test('of one group leaves it or not', async () => {
    expect(
      await groups(
        'hydroStationsAggregate(having: { max: { name: { startsWith: "道" }, cost: { gt: "12345678901234567890.49" } } }) { count }',
      ),
    ).toEqual([{ count: 13 }]);
    expect(await groups('hydroStationsAggregate(having: { count: { lt: 13 } }) { count }')).toEqual([]);
  });
});

describe('the order of groups', () => {
  const ordered = async (orderBy: string, more = '') => {
    const found = (await groups(
      `hydroStationsAggregate(groupBy: [{ inUse: true }, { latestRain: { amount: true } }], orderBy: ${orderBy}${more}) { group { inUse latestRain { amount } } count }`,
    )) as readonly {
      readonly group: { readonly inUse: boolean; readonly latestRain: { readonly amount: number | null } };
    }[];
    return found.map(({ group }) => `${group.inUse ? 'in' : 'out'} ${group.latestRain.amount}`);
  };
  const KEYS = ['out 3.5', 'out null', 'in 3.5', 'in null'];

  test.each([
    ['[]', KEYS],
    ['null', KEYS],
    // Counts: 1, 5, 2, 5.
    ['{ count: DESC }', ['out null', 'in null', 'in 3.5', 'out 3.5']],
    ['[{ count: ASC }]', ['out 3.5', 'in 3.5', 'out null', 'in null']],
    ['[{ group: { latestRain: { amount: DESC } } }]', ['out null', 'in null', 'out 3.5', 'in 3.5']],
    [
      '[{ group: { latestRain: { amount: ASC } } }, { group: { inUse: DESC } }]',
      ['in 3.5', 'out 3.5', 'in null', 'out null'],
    ],
    ['{ min: { rank: ASC } }', ['in 3.5', 'out 3.5', 'out null', 'in null']],
    ['{ sum: { rank: DESC } }', ['out null', 'in null', 'in 3.5', 'out 3.5']],
    ['{ avg: { warnLevel: DESC } }', ['out null', 'in null', 'out 3.5', 'in 3.5']],
  ])('%s', async (orderBy, found) => expect(await ordered(orderBy)).toEqual(found));

  test('is cut by first', async () => {
    expect(await ordered('{ count: DESC }', ', first: 2')).toEqual(['out null', 'in null']);
    expect(await ordered('[]', ', first: 0')).toEqual([]);
    const found = await groups(
      'riverReadingsAggregate(groupBy: [{ station: { rank: true } }, { stage: true }]) { count }',
    );
    expect(found).toHaveLength(100);
  });
});
