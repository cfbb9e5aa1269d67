import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toBox } from './distance-sql.ts';

const EARTH_METRES = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Where one comes to from a point by going so far in a direction. */
function toThere(lon: number, lat: number, metres: number, bearing: number): { lon: number; lat: number } {
  const [angle, from] = [metres / EARTH_METRES, radians(lat)];
  const to = Math.asin(
    Math.sin(from) * Math.cos(angle) + Math.cos(from) * Math.sin(angle) * Math.cos(bearing),
  );
  const turn = Math.atan2(
    Math.sin(bearing) * Math.sin(angle) * Math.cos(from),
    Math.cos(angle) - Math.sin(from) * Math.sin(to),
  );
  return { lon: lon + (turn * 180) / Math.PI, lat: (to * 180) / Math.PI };
}

test('the box around a circle leaves nothing of the circle out', () => {
  const place = fc.record({
    lon: fc.double({ min: -60, max: 120, noNaN: true }),
    lat: fc.double({ min: -89.9, max: 89.9, noNaN: true }),
    metres: fc.double({ min: 1, max: 100_000, noNaN: true }),
    bearing: fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
  });
  fc.assert(
    fc.property(place, ({ lon, lat, metres, bearing }) => {
      const box = toBox({ lon, lat }, metres);
      const there = toThere(lon, lat, metres, bearing);
      expect(there.lon).toBeGreaterThanOrEqual(box.west);
      expect(there.lon).toBeLessThanOrEqual(box.east);
      expect(there.lat).toBeGreaterThanOrEqual(box.south);
      expect(there.lat).toBeLessThanOrEqual(box.north);
    }),
  );
});

test('it is not much wider than the circle: an index has little to throw away', () => {
  const box = toBox({ lon: 111.6, lat: 26.4 }, 1000);
  expect((box.north - box.south) * 111_195).toBeCloseTo(2000, 0);
  expect((box.east - box.west) * 111_195 * Math.cos(radians(26.4))).toBeCloseTo(2000, 0);
});
