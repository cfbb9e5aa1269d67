import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import gcoord from 'gcoord';
import { compileToWgs84 } from '../../connectors/kit/mapping/to-wgs84.ts';
import type { Boundary, Position } from '../../schema/divisions/division.ts';
import { openDivisions } from '../../schema/divisions/open-divisions.ts';
import { toFactsMap, toSquareKilometres } from './facts-map.ts';

const FOLDER = new URL('../../schema/divisions/', import.meta.url);
const read = (name: string): Promise<string> => readFile(new URL(name, FOLDER), 'utf8');
const divisions = await openDivisions();
const origin = {
  counties: await read('origin/yongzhou-counties-gcj02.geojson'),
  facts: await read('origin/yongzhou-facts.csv'),
};
const { features } = JSON.parse(origin.counties) as {
  features: { properties: { adcode: string }; geometry: Boundary }[];
};
// Node loads the CommonJS build, which is what its types call the default.
const { transform, WGS84, GCJ02 } = gcoord as unknown as typeof gcoord.default;
const toGcj02 = ([lon, lat]: Position): Position => transform<[number, number]>([lon, lat], WGS84, GCJ02);
const apart = (left: Position, right: Position): number =>
  Math.max(Math.abs(left[0] - right[0]), Math.abs(left[1] - right[1]));

describe('the outlines that are delivered', () => {
  test('are what the tool makes of their origin, byte for byte', async () => {
    expect(toFactsMap(origin, divisions)).toBe(await read('yongzhou-facts.geojson'));
  });

  test('are the origin’s vertices one by one: shifted back they stand where they stood', () => {
    const toWgs84 = compileToWgs84('GCJ02', 'x');
    let vertices = 0;
    let [residual, rounding] = [0, 0];
    for (const { properties, geometry } of features) {
      const made = divisions.facts(properties.adcode).boundary?.coordinates.flat() ?? [];
      for (const [index, ring] of geometry.coordinates.flat().entries()) {
        const delivered = made[index] ?? [];
        // The origin runs clockwise, RFC 7946 wants the other way round.
        for (const [at, given] of ring.toReversed().entries()) {
          const exact = toWgs84({ lon: given[0], lat: given[1] });
          residual = Math.max(residual, apart(toGcj02([exact.lon, exact.lat]), given));
          rounding = Math.max(rounding, apart(delivered[at] ?? [0, 0], [exact.lon, exact.lat]));
          vertices += 1;
        }
        expect(delivered).toHaveLength(ring.length);
      }
    }
    expect(vertices).toBe(12_688);
    expect(residual).toBeLessThan(1e-9);
    expect(rounding).toBeLessThan(0.500_001e-6);
  });

  test('moved by some 600 m, and 祁阳 is called by its code of today', () => {
    const first = features.find(({ properties }) => properties.adcode === '431121')?.geometry
      .coordinates[0]?.[0]?.[0];
    const moved = divisions.facts('431181').boundary?.coordinates[0]?.[0]?.at(-1);
    expect([first, moved]).toEqual([
      [112.1748, 26.08789],
      [112.169308, 26.091015],
    ]);
  });

  test.each<[string, number]>([
    ['431102', 1981],
    ['431103', 1217],
    ['431181', 2552],
    ['431122', 2220],
    ['431123', 1729],
    ['431124', 2461],
    ['431125', 1635],
    ['431126', 2501],
    ['431127', 1814],
    ['431128', 1006],
    ['431129', 3279],
  ])('%s: its area is that computed before on a sphere of 6,378 km, within 1 %%', (code, area) => {
    const { area: own } = divisions.facts(code);
    expect(Math.abs((own ?? 0) / area - 1)).toBeLessThan(0.01);
  });

  test('an area is that of the ellipsoid: one degree at the equator is 12,308.5 km², a hole is not part of it', () => {
    const box = (size: number, at: number): Position[] => [
      [at, at],
      [at + size, at],
      [at + size, at + size],
      [at, at + size],
      [at, at],
    ];
    const whole = toSquareKilometres({ type: 'MultiPolygon', coordinates: [[box(1, 0)]] });
    expect(whole).toBeCloseTo(12_308.46, 1);
    const hole = box(0.5, 0.2).toReversed();
    expect(toSquareKilometres({ type: 'MultiPolygon', coordinates: [[box(1, 0), hole]] })).toBeCloseTo(
      whole * 0.75,
      0,
    );
  });
});

describe('the facts that are delivered', () => {
  test('are the seats of the origin, shifted', () => {
    expect(divisions.facts('431103').centre).toEqual({ lon: 111.601917, lat: 26.437961 });
    for (const line of origin.facts.trim().split('\n').slice(1)) {
      const [code = '', , , lon, lat] = line.split(',');
      const { centre } = divisions.facts(code);
      expect(apart(toGcj02([centre?.lon ?? 0, centre?.lat ?? 0]), [Number(lon), Number(lat)])).toBeLessThan(
        1e-6,
      );
    }
  });

  test('leave the two counties open whose figures are not confirmed: what remains of the city fits them', () => {
    const people = (code: string): number => divisions.facts(code).population ?? 0;
    const counties = divisions.children('431100').map(({ code }) => code);
    const known = counties.reduce((sum, code) => sum + people(code), 0);
    expect(people('431100') - known).toBe(673_504);
    expect(counties.filter((code) => divisions.facts(code).population === null)).toEqual([
      '431127',
      '431128',
      '431171',
      '431173',
    ]);
  });
});
