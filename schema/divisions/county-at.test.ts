import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileCountyAt, type Outline } from './county-at.ts';
import type { Boundary, Position } from './division.ts';
import { openDivisions } from './open-divisions.ts';

const divisions = await openDivisions();
const outlines = divisions.all.flatMap(({ code }): readonly Outline[] => {
  const { boundary } = divisions.facts(code);
  return boundary === null ? [] : [{ code, boundary }];
});
const alone = outlines.map((outline) => compileCountyAt([outline]));
const toPoint = ([lon, lat]: Position) => ({ lon, lat });
const countAround = (point: { lon: number; lat: number }): number =>
  alone.filter((countyAt) => countyAt(point) !== null).length;

function toBox(west: number, south: number, east: number, north: number): readonly Position[] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}

const drawn = (...coordinates: Boundary['coordinates']): Boundary => ({ type: 'MultiPolygon', coordinates });

describe('a point in drawn counties', () => {
  // A ring county with a hole, the county that fills the hole, and a part of the first that lies apart.
  const countyAt = compileCountyAt([
    { code: 'ring', boundary: drawn([toBox(0, 0, 9, 9), toBox(3, 3, 6, 6)], [toBox(20, 0, 21, 1)]) },
    { code: 'core', boundary: drawn([toBox(3, 3, 6, 6)]) },
    { code: 'late', boundary: drawn([toBox(8, 8, 12, 12)]) },
  ]);

  test.each<[string, number, number, string | null]>([
    ['in the ring', 1, 1, 'ring'],
    ['in the hole, which another county fills', 4, 4, 'core'],
    ['in the part that lies apart', 20.5, 0.5, 'ring'],
    ['between the parts', 15, 0.5, null],
    ['where two outlines overlap: the first of the list', 8.5, 8.5, 'ring'],
    ['in the second alone', 11, 11, 'late'],
    ['on a western border', 3, 4, 'core'],
    ['on an eastern border', 6, 4, 'ring'],
    ['on a southern border', 4, 3, 'core'],
    ['on a northern border', 4, 6, 'ring'],
    ['on a corner', 3, 3, 'core'],
    ['on the south-western corner of all', 0, 0, 'ring'],
    ['on the north-eastern corner of all', 12, 12, null],
    ['north of everything', 4, 13, null],
    ['south of everything', 4, -1, null],
    ['nowhere', Number.NaN, Number.NaN, null],
    ['beyond all numbers', 4, Number.POSITIVE_INFINITY, null],
  ])('%s (%d, %d) is in %s', (_where, lon, lat, county) => {
    expect(countyAt({ lon, lat })).toBe(county);
  });

  test('no outlines, no county', () => {
    expect(compileCountyAt([])({ lon: 1, lat: 1 })).toBeNull();
  });
});

describe('a point in 永州市', () => {
  const lon = fc.double({ min: 110.94, max: 112.46, noNaN: true });
  const lat = fc.double({ min: 24.63, max: 26.88, noNaN: true });

  test('has 11 counties to lie in, and each holds the seat of its own government', () => {
    expect(outlines).toHaveLength(11);
    for (const { code } of outlines) {
      const { centre } = divisions.facts(code);
      expect(centre === null ? null : divisions.countyAt(centre)).toBe(code);
    }
  });

  test('lies in one county at most, wherever it is', () => {
    fc.assert(
      fc.property(lon, lat, (east, north) => {
        const point = { lon: east, lat: north };
        const county = divisions.countyAt(point);
        expect(countAround(point)).toBe(county === null ? 0 : 1);
      }),
      { numRuns: 3000 },
    );
  });

  test('has no county outside the bounds of all', () => {
    const far = fc.oneof(
      fc.record({ lon: fc.double({ max: 110.94, noNaN: true }), lat }),
      fc.record({ lon: fc.double({ min: 112.46, noNaN: true }), lat }),
      fc.record({ lon, lat: fc.double({ max: 24.63, noNaN: true }) }),
      fc.record({ lon, lat: fc.double({ min: 26.88, noNaN: true }) }),
    );
    fc.assert(fc.property(far, (point) => expect(divisions.countyAt(point)).toBeNull()));
  });

  test('on a border lies in exactly one of the two counties, at every corner and in the middle of every edge', () => {
    const owners = toOwners();
    let corners = 0;
    for (const [from, to, counties] of owners) {
      if (counties.size < 2) continue;
      corners += 1;
      const middle: Position = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
      expect(countAround(toPoint(middle))).toBe(1);
      expect(counties).toContain(divisions.countyAt(toPoint(middle)));
      expect(countAround(toPoint(from))).toBeLessThanOrEqual(1);
    }
    expect(corners).toBeGreaterThan(3000);
  });

  test('is found within microseconds', () => {
    const points = fc.sample(fc.record({ lon, lat }), { seed: 1, numRuns: 20_000 });
    const began = performance.now();
    for (let turn = 0; turn < 5; turn += 1) for (const point of points) divisions.countyAt(point);
    // 100,000 points; measured 50 to 130 ms. The limit only tells an index from none (12,677 edges a point: 5 s).
    expect(performance.now() - began).toBeLessThan(1500);
  });
});

/** Each edge with the counties that are drawn along it. */
function toOwners(): readonly (readonly [Position, Position, ReadonlySet<string>])[] {
  const owners = new Map<string, readonly [Position, Position, Set<string>]>();
  for (const { code, boundary } of outlines)
    for (const ring of boundary.coordinates.flat())
      for (const [index, to] of ring.entries()) {
        const from = ring[index - 1];
        if (from === undefined || String(from) === String(to)) continue;
        const key = [String(from), String(to)].toSorted().join(' ');
        const edge = owners.get(key);
        if (edge === undefined) owners.set(key, [from, to, new Set([code])]);
        else edge[2].add(code);
      }
  return [...owners.values()];
}
