// Whatever is asked: where the door of the whole graph answers, stitching gives the same and no error.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toQueries } from '../compile/fixtures/queries.ts';
import { type Doors, openDoors } from './fixtures/open-doors.ts';

let doors: Doors;
beforeAll(async () => {
  doors = await openDoors();
});
afterAll(() => doors.close());

const IDS = [
  'water:Reservoir:R1',
  'hydrology:HydroStation:61512001',
  'hydrology:HydroStation:61512005',
  'water:Gate:G2',
  'hydrology:StationAlarm:A1',
  'moon:Crater:1',
  'water:Reservoir:R1',
];

describe('both doors agree', () => {
  test.each([
    ['Division', 'division(code: "431124")'],
    ['Division', 'divisions(level: CITY)'],
    ['HydroStation', 'hydroStation(id: "hydrology:HydroStation:61512001")'],
    ['StationAlarmConnection', 'stationAlarms'],
    ['GateConnection', 'gates'],
    ['ReleaseConnection', 'releases(last: 3)'],
    ['ReservoirConnection', 'reservoirs(first: 2)'],
    ['Entity', 'node(id: "hydrology:HydroStation:61512003")'],
    ['Entity', `nodes(ids: ${JSON.stringify(IDS)})`],
    ['Nearby', 'nearby(point: { lon: 111.51, lat: 25.5 }, radiusKm: 60, first: 6)'],
    ['Nearby', 'nearby(point: { lon: 111.5, lat: 25.5 }, radiusKm: 3, types: ["Reservoir"])'],
  ])('for any selection of %s at %s', async (type, root) => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(toQueries(doors.stitched.schema, root, type), async ({ text, variables }) => {
        const { answer, sources } = await doors.whole(text, variables);
        if (answer.kind !== 'ANSWERED') return;
        answered += 1;
        const stitched = await doors.stitch(text, variables);
        expect(stitched.errors).toEqual([]);
        expect(JSON.stringify(JSON.parse(answer.text), null, 1)).toBe(
          JSON.stringify(JSON.parse(stitched.text), null, 1),
        );
        const toLines = (lines: typeof sources) =>
          lines.map(({ unit, status, via, freshness, ageSeconds }) => [
            unit,
            status,
            via,
            freshness,
            ageSeconds,
          ]);
        expect(toLines(sources)).toEqual(toLines(stitched.sources));
      }),
      { numRuns: 40 },
    );
    expect(answered).toBeGreaterThan(10);
  });
});
