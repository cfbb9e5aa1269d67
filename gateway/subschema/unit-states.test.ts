import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { type City, openCity } from '../compile/fixtures/open-city.ts';
import { COMPLETE_AT, NOW } from '../compile/fixtures/rows.ts';
import { type Ask, type Data, toAsk, toContext } from './fixtures/ask.ts';

let city: City;
let ask: Ask;

beforeEach(async () => {
  city = await openCity();
  ask = toAsk(city.reader);
});

afterEach(() => city.close());

const HOUR = 3_600_000;

function codeOf(value: unknown): unknown {
  return value instanceof GraphQLError ? value.extensions.code : value;
}

describe('a type of which nothing was ever loaded', () => {
  const text =
    '{ hydroStations(first: 1) { nodes { id rain { totalCount } latestRain { amount } latestRiver { id } } } rainReadings { nodes { id } } rainReading(id: "x") { id } _hydrologyRainReadings(ids: ["y"]) { id amount } }';

  test('is an error wherever it is read, and the other types of the unit answer', async () => {
    await city.run("delete from hub.type_state where type = 'RainReading'");
    const { data } = await ask(text);
    const [station] = (data.hydroStations as { nodes: Data[] }).nodes;
    expect(station).toMatchObject({ id: 'hydrology:HydroStation:61512000' });
    expect(station?.latestRiver).toHaveProperty('id');
    for (const place of [station?.rain, station?.latestRain, data.rainReadings, data.rainReading]) {
      expect((place as GraphQLError).extensions).toEqual({
        code: 'HUB_UNIT_NOT_LOADED',
        unit: 'hydrology',
        retryable: true,
      });
      expect((place as GraphQLError).path).toBeUndefined();
    }
    const [reading] = data._hydrologyRainReadings as Data[];
    expect([reading?.id, codeOf(reading?.amount)]).toEqual(['y', 'HUB_UNIT_NOT_LOADED']);
  });

  test('because the department does not answer is named so, and comes back by itself', async () => {
    await city.run(
      "update hub.type_state set rows_landed = 0, last_complete_at = null, failing_since = now() where type = 'RainReading'",
    );
    expect(codeOf((await ask(text)).data.rainReadings)).toBe('HUB_UNIT_UNAVAILABLE');
    await city.run(
      "update hub.type_state set rows_landed = 8, failing_since = null where type = 'RainReading'",
    );
    expect((await ask(text)).data.rainReadings).toMatchObject({ nodes: expect.any(Array) });
  });

  test('differs from one whose complete load brought no rows: that is an empty list', async () => {
    await city.run(
      "delete from hydrology.rain_reading; update hub.type_state set rows_landed = 0 where type = 'RainReading'",
    );
    expect((await ask('{ rainReadings { nodes { id } totalCount } }')).data).toEqual({
      rainReadings: { nodes: [], totalCount: 0 },
    });
  });

  test('makes a unit without any copy count as down in the report', async () => {
    await city.run('delete from hub.type_state');
    const context = toContext();
    await ask('{ hydroStations { totalCount } }', {}, context);
    expect(context.sources).toMatchObject([
      { status: 'DOWN', via: null, freshness: 'DEAD', ageSeconds: null },
    ]);
  });
});

describe('how old an answer is', () => {
  const fresh = async (at: number): Promise<unknown> => {
    const { data } = await ask(
      '{ hydroStations(first: 1) { nodes { source { freshness via } } } }',
      {},
      toContext({ now: at }),
    );
    return (data.hydroStations as { nodes: Data[] }).nodes[0]?.source;
  };

  test.each([
    [2, 'LIVE'],
    [2.001, 'LATE'],
    [6, 'LATE'],
    [6.001, 'STALE'],
    [48, 'STALE'],
    [48.001, 'DEAD'],
  ])(
    '%d hours after the last complete run, against a promise of two hours, is %s',
    async (hours, freshness) => {
      expect(await fresh(Date.parse(COMPLETE_AT) + hours * HOUR)).toEqual({ freshness, via: 'STORE' });
    },
  );

  test('is told by the reading’s own time for readings', async () => {
    const observed = Date.parse('2026-04-01T02:05:00Z');
    const { data } = await ask(
      '{ riverReadings(last: 1) { nodes { source { freshness } } } }',
      {},
      toContext({ now: observed + 600_000 }),
    );
    expect(data.riverReadings).toEqual({ nodes: [{ source: { freshness: 'LIVE' } }] });
  });

  test('and that the source is failing, is said at each row and in the report', async () => {
    await city.run("update hub.type_state set failing_since = now() where type = 'HydroStation'");
    const context = toContext();
    const { data } = await ask('{ hydroStations(first: 1) { nodes { source { via } } } }', {}, context);
    expect(data.hydroStations).toEqual({ nodes: [{ source: { via: 'FALLBACK' } }] });
    expect(context.sources).toMatchObject([
      {
        unit: 'hydrology',
        status: 'DEGRADED',
        via: 'FALLBACK',
        freshness: 'LATE',
        ageSeconds: (NOW - Date.parse(COMPLETE_AT)) / 1000,
        rows: 1,
        requests: 1,
      },
    ]);
  });

  test('is one line in the report, however many requests the unit got', async () => {
    const context = toContext();
    await ask(
      '{ hydroStations(first: 2) { nodes { id latestRiver { id } } } stationAlarms { nodes { id } } }',
      {},
      context,
    );
    await ask('{ floodTravels { edges { node { mean } } } }', {}, context);
    expect(context.sources).toHaveLength(1);
    expect(context.sources[0]).toMatchObject({
      status: 'OK',
      via: 'STORE',
      requests: 3,
      rows: 2 + 2 + 4 + 4,
    });
  });
});

describe('a division', () => {
  const inside = async (): Promise<unknown> => {
    const text = `{ _hydrologyDivisions(codes: ["431127"]) { hydroStations { totalCount }
      riverReadings(first: 1) { totalCount nodes { divisionBasis } } stationAlarms { nodes { id } } } }`;
    return (await ask(text)).data._hydrologyDivisions;
  };

  test('takes in what lies in its towns, and readings where their thing lies, from the moment it moves', async () => {
    expect(await inside()).toEqual([
      {
        hydroStations: { totalCount: 1 },
        riverReadings: { totalCount: 0, nodes: [] },
        stationAlarms: { nodes: [] },
      },
    ]);
    await city.run("update hydrology.hydro_station set _division = '431127100' where _key = '61512001'");
    expect(await inside()).toEqual([
      {
        hydroStations: { totalCount: 2 },
        riverReadings: { totalCount: 29, nodes: [{ divisionBasis: 'PARENT' }] },
        // A1 states no division, so it lies where its station lies; A0 and A2 state one and stay there.
        stationAlarms: { nodes: [{ id: 'hydrology:StationAlarm:A1' }] },
      },
    ]);
  });

  test('keeps the readings of a thing that is gone', async () => {
    await city.run(
      "update hydrology.hydro_station set _division = '431127', _gone_at = now() where _key = '61512001'",
    );
    expect(await inside()).toMatchObject([
      { hydroStations: { totalCount: 1 }, riverReadings: { totalCount: 29 } },
    ]);
  });
});
