import { describe, expect, test } from '@jest/globals';
import { COUNTIES, parseStations } from './station.ts';
import { stationNamed } from './weather.fixture.ts';

/** West, south, east, north of each county, degrees: read off the map of the divisions. */
const BOXES: Readonly<Record<string, readonly number[]>> = {
  '431102': [111.19, 25.85, 111.96, 26.36],
  '431103': [111.47, 26.25, 111.82, 26.82],
  '431122': [111.0, 26.12, 111.58, 26.87],
  '431123': [111.4, 25.6, 111.99, 26.17],
  '431124': [111.31, 25.15, 111.93, 25.85],
  '431125': [110.95, 24.92, 111.54, 25.48],
  '431126': [111.73, 25.2, 112.26, 26.14],
  '431127': [111.92, 25.01, 112.46, 25.62],
  '431128': [112.05, 25.66, 112.39, 26.11],
  '431129': [111.43, 24.64, 112.18, 25.33],
  '431181': [111.59, 26.03, 112.25, 26.85],
};

const stations = parseStations();

describe('the weather stations', () => {
  test('stand in all eleven counties: one national station and at least two regional ones in each', () => {
    expect(COUNTIES.map(({ code }) => code)).toEqual(Object.keys(BOXES));
    for (const { code } of COUNTIES) {
      const own = stations.filter(({ county }) => county === code);
      expect(own.filter(({ level }) => level !== '014')).toHaveLength(1);
      expect(own.filter(({ level }) => level === '014').length).toBeGreaterThanOrEqual(2);
    }
  });

  test('lie in the county that the table calls the true one', () => {
    const outside = stations.filter(({ county, lon, lat }) => {
      const [west = 0, south = 0, east = 0, north = 0] = BOXES[county] ?? [];
      return lon < west || lon > east || lat < south || lat > north;
    });
    expect(outside).toEqual([]);
  });

  test('have numbers in the national or the regional form, each once, also by their digits', () => {
    for (const { code, level } of stations) expect(code).toMatch(level === '014' ? /^P\d{4}$/ : /^57\d{3}$/);
    expect(new Set(stations.map(({ number }) => number)).size).toBe(stations.length);
  });

  test('state the county where they stand, but for an old code and a wrong one', () => {
    const others = stations.filter(({ stated, county }) => stated !== county);
    expect(others.map(({ name, stated, county }) => [name, stated, county])).toEqual([
      ['祁阳', '431121', '431181'],
      ['上江圩', '431124', '431125'],
    ]);
  });

  test('stand at altitudes of the city’s hills', () => {
    expect(stationNamed('阳明山').altitude).toBe(1310);
    for (const { altitude } of stations) expect(altitude > 80 && altitude < 1500).toBe(true);
  });

  test('a line that does not fit the column names is refused with the line', () => {
    expect(() => parseStations('code name\n57866')).toThrow(/must have 2 values, but got: 57866/);
  });
});
