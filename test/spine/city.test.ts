// The first cross-agency question: three departments, three kinds of legacy, one answer, over the whole way.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeWorld } from './close-all.ts';
import { type City, openCity } from './open-city.ts';

/** The one-network view (design §4). */
const VIEW = `code name
  hydroStations(first: 20) { nodes { id name latestRiver { stage observedAt } source { freshness } } }
  fireHotspots(first: 50) { nodes { id confidence location { lon lat } } }
  weatherStations { nodes { id name latestWeather { rain1h temperature } } }`;

type View = {
  code: string;
  name: string;
  hydroStations: { nodes: { id: string }[] };
  fireHotspots: { nodes: { id: string }[] };
  weatherStations: {
    nodes: { id: string; name: string; latestWeather: { temperature: number | null } | null }[];
  };
};

let city: City;
beforeAll(async () => {
  city = await openCity();
}, 180_000);
afterAll(() => closeWorld(city));

describe('the one-network view', () => {
  test('of one county asks each unit once', async () => {
    const { data, errors, sources } = await city.spine.ask<{ division: View }>(
      `{ division(code: "431124") { ${VIEW} } }`,
    );
    expect(errors).toEqual([]);
    expect(data.division.name).toBe('道县');
    expect(data.division.hydroStations.nodes.length).toBeGreaterThan(3);
    expect(data.division.weatherStations.nodes.length).toBeGreaterThan(1);
    expect(data.division.fireHotspots.nodes.length).toBeGreaterThan(0);
    expect(data.division.weatherStations.nodes.map(({ latestWeather }) => latestWeather)).toEqual(
      data.division.weatherStations.nodes.map(() => ({
        rain1h: expect.any(Number),
        temperature: expect.any(Number),
      })),
    );
    expect(sources.map(({ unit, status, requests }) => [unit, status, requests]).toSorted()).toEqual([
      ['forestry', 'OK', 1],
      ['hydrology', 'OK', 1],
      ['weather', 'OK', 1],
    ]);
  });

  test('of all counties asks each unit once, and is the same as county by county', async () => {
    const all = await city.spine.ask<{ divisions: View[] }>(`{ divisions(level: COUNTY) { ${VIEW} } }`);
    expect(all.errors).toEqual([]);
    expect(all.sources.map(({ requests }) => requests)).toEqual([1, 1, 1]);
    const stitched = await city.spine.askStitched(`{ divisions(level: COUNTY) { ${VIEW} } }`);
    expect(JSON.stringify(stitched.data)).toBe(JSON.stringify(all.data));
    for (const county of all.data.divisions) {
      const one = await city.spine.ask<{ division: View }>(
        `{ division(code: "${county.code}") { ${VIEW} } }`,
      );
      expect(one.data.division).toEqual(county);
    }
  });
});
