// Aggregates through the whole stitched graph: keys are filled in by who knows them, and a unit is asked once.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openStitched, type Stitched } from './fixtures/open-stitched.ts';

let world: Stitched;
beforeAll(async () => {
  world = await openStitched();
});
afterAll(() => world.close());

describe('aggregates in the stitched graph', () => {
  test('name the divisions of their keys, and leave what lies nowhere without one', async () => {
    const before = world.city.statements.length;
    const { data, errors, requests } = await world.ask(
      '{ hydroStationsAggregate(groupBy: { division: COUNTY }, orderBy: [{ count: DESC }], first: 3) { group { division { name level } } count } all: hydroStationsAggregate(groupBy: { division: COUNTY }, having: { count: { eq: 1 } }) { group { division { code name } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      hydroStationsAggregate: [
        { group: { division: { name: '零陵区', level: 'COUNTY' } }, count: 2 },
        { group: { division: { name: '祁阳市', level: 'COUNTY' } }, count: 2 },
        { group: { division: { name: '冷水滩区', level: 'COUNTY' } }, count: 1 },
      ],
      all: expect.arrayContaining([
        { group: { division: null } },
        { group: { division: { code: '431122', name: '东安县' } } },
      ]),
    });
    expect(world.city.statements.length - before).toBe(2);
    expect(requests).toEqual(['hydrology', 'hub']);
  });

  test('stand below divisions and things, with keys of other rows', async () => {
    const { data, errors } = await world.ask(
      `query ($hour: Duration) { division(code: "431102") { name
        riverReadingsAggregate(groupBy: [{ station: { name: true } }, { observedAt: { bucket: $hour } }], first: 2) { group { station { name __typename } observedAt } count avg { stage } }
        reservoirsAggregate { count }
        hydroStations(first: 1) { nodes { riverAggregate(groupBy: { division: TOWN }) { group { division { name } } count } river(bucket: $hour, last: 1) { totalCount nodes { stage } } } } } }`,
      { hour: 'PT1H' },
    );
    expect(errors).toBeUndefined();
    const station = { name: '站0', __typename: 'HydroStationGroupKey' };
    expect(data).toEqual({
      division: {
        name: '零陵区',
        riverReadingsAggregate: [
          {
            group: { station, observedAt: '2026-03-31T23:00:00Z' },
            count: 3,
            avg: { stage: expect.closeTo(100.1) },
          },
          {
            group: { station, observedAt: '2026-04-01T00:00:00Z' },
            count: 12,
            avg: { stage: expect.closeTo(100.95) },
          },
        ],
        reservoirsAggregate: [{ count: 0 }],
        hydroStations: {
          nodes: [
            {
              riverAggregate: [{ group: { division: { name: expect.any(String) } }, count: 29 }],
              river: { totalCount: 4, nodes: [{ stage: 102.9 }] },
            },
          ],
        },
      },
    });
  });

  test('have lists of two units under the division of a key', async () => {
    const { data, errors } = await world.ask(
      '{ reservoirsAggregate(groupBy: { division: COUNTY }) { count group { division { name reservoirs { totalCount } hydroStationsAggregate { count } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      reservoirsAggregate: [
        {
          count: 3,
          group: {
            division: { name: '道县', reservoirs: { totalCount: 3 }, hydroStationsAggregate: [{ count: 0 }] },
          },
        },
      ],
    });
  });

  test('put a fault at its place and null nothing around it', async () => {
    const { data, errors } = await world.ask(
      '{ stationAlarmsAggregate(groupBy: { division: COUNTY }, first: 1) { count max { number phone } } riverReadingsAggregate(groupBy: { observedAt: { bucket: "PT0S" } }) { count } }',
    );
    expect(data).toEqual({
      stationAlarmsAggregate: [{ count: 1, max: { number: 'A1', phone: null } }],
      riverReadingsAggregate: null,
    });
    expect(errors).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({
          path: ['stationAlarmsAggregate', 0, 'max', 'phone'],
          extensions: expect.objectContaining({ code: 'HUB_QUERY_MASKED' }),
        }),
        expect.objectContaining({
          path: ['riverReadingsAggregate'],
          extensions: expect.objectContaining({ code: 'HUB_QUERY_LIMIT' }),
        }),
      ]),
    );
  });
});
