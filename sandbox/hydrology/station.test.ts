import { describe, expect, test } from '@jest/globals';
import { CITY_TENANT, parseStations, type Station, toInflows, toTravels } from './station.ts';

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
const ours = stations.filter(({ tenant }) => tenant === CITY_TENANT);
const countyOf = ({ addvcd }: Station) => (addvcd === '431121' ? '431181' : addvcd);

describe('the stations', () => {
  test('stand in all eleven counties, at least three in use in each', () => {
    for (const county of Object.keys(BOXES)) {
      const inUse = ours.filter((station) => station.use === 'inUse' && countyOf(station) === county);
      expect(inUse.length).toBeGreaterThanOrEqual(3);
    }
  });

  test('lie in the county whose code they carry', () => {
    const outside = ours.filter((station) => {
      const [west = 0, south = 0, east = 0, north = 0] = BOXES[countyOf(station)] ?? [];
      const { lon, lat } = station;
      return lon < west || lon > east || lat < south || lat > north;
    });
    expect(outside).toEqual([]);
  });

  test('have codes of eight digits, each once', () => {
    expect(stations.filter(({ code }) => !/^615[012]\d{4}$/.test(code))).toEqual([]);
    expect(new Set(stations.map(({ code }) => code)).size).toBe(stations.length);
  });

  test('bring what a mapping stumbles over: an old county code, an unknown kind, another tenant, a deleted one', () => {
    expect(ours.filter(({ addvcd }) => addvcd === '431121').map(({ name }) => name)).toEqual([
      '白水',
      '下马渡',
    ]);
    expect(new Set(ours.map(({ kind }) => kind))).toEqual(new Set(['ZQ', 'ZZ', 'PP', 'RR', 'BB']));
    expect(new Set(stations.map(({ tenant }) => tenant))).toEqual(new Set(['431100', '430400']));
    expect(new Set(stations.map(({ use }) => use))).toEqual(new Set(['inUse', 'outOfUse', 'deleted']));
  });

  test('name only stations that exist as the next one downstream', () => {
    const codes = new Set(stations.map(({ code }) => code));
    const lost = stations.filter(({ downstream }) => downstream !== null && !codes.has(downstream.code));
    expect(lost).toEqual([]);
  });

  test('a line that does not fit the column names is refused with the line', () => {
    expect(() => parseStations('code name\n61511001')).toThrow(/must have 2 values, but got: 61511001/);
  });

  test('a use that is none is refused with the station', () => {
    const table = 'code name use\n61511001 渌埠头 maybe';
    expect(() => parseStations(table)).toThrow(/Station 61511001: use must be 1, 0 or x/);
  });
});

describe('the way of the water', () => {
  const inflows = toInflows(stations);
  const hoursTo = (to: string, from: string) =>
    inflows.get(to)?.find((inflow) => inflow.from.name === from)?.hours;

  test('adds the travel times up along the river', () => {
    expect(hoursTo('61521210', '零陵')).toBe(0);
    expect(hoursTo('61521210', '双牌')).toBe(5);
    // 道县 → 江村 3 h → 双牌 4 h → 零陵 5 h.
    expect(hoursTo('61521210', '道县')).toBe(12);
  });

  test('does not run uphill', () => {
    expect(hoursTo('61521090', '零陵')).toBeUndefined();
  });

  test('ends even when a table sends it round in a circle', () => {
    const [first, second] = stations;
    if (first === undefined || second === undefined) throw new Error('two stations are needed');
    const circle = [
      { ...first, downstream: { code: second.code, hours: 1 } },
      { ...second, downstream: { code: first.code, hours: 1 } },
    ];
    expect(toInflows(circle).get(first.code)?.length).toBeLessThanOrEqual(circle.length * 2);
  });

  test('gives travel times between neighbours on a river, shortest ≤ mean ≤ longest, never across tenants', () => {
    const travels = toTravels(stations);
    expect(travels.find(({ from, to }) => from.name === '道县' && to.name === '江村')).toMatchObject({
      mean: 3,
    });
    for (const { from, to, shortest, mean, longest } of travels) {
      expect(from.tenant).toBe(to.tenant);
      expect(shortest <= mean && mean <= longest && shortest > 0).toBe(true);
    }
    expect(travels.some(({ to }) => to.name === '归阳')).toBe(false);
  });
});
