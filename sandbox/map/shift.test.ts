import { describe, expect, test } from '@jest/globals';
import gcoord from 'gcoord';
import { toBd09, toGcj02, toMetres } from './shift.ts';

// Its types describe an ES module with a default export; Node loads the CommonJS build, which is that default itself.
const { transform, WGS84, GCJ02, BD09 } = gcoord as unknown as typeof gcoord.default;

const CITY_SEAT = { lon: 111.608, lat: 26.4345 };
const PLACES = [
  CITY_SEAT,
  { lon: 110.97, lat: 24.65 },
  { lon: 112.44, lat: 26.85 },
  { lon: 112.2, lat: 25.9 },
];

describe('the maps’ shifts', () => {
  test('put the city’s seat 657 m and 1,202 m away', () => {
    const off = (metres: number, known: number) => Math.abs(metres / known - 1);
    expect(off(toMetres(CITY_SEAT, toGcj02(CITY_SEAT)), 657)).toBeLessThan(0.01);
    expect(off(toMetres(CITY_SEAT, toBd09(CITY_SEAT)), 1202)).toBeLessThan(0.01);
  });

  test.each(PLACES)('are those that a library of another hand makes, at %j', (place) => {
    const [own, other] = [toGcj02(place), transform<[number, number]>([place.lon, place.lat], WGS84, GCJ02)];
    expect([own.lon, own.lat]).toEqual(other.map((degrees) => expect.closeTo(degrees, 8)));
    const [baidu, theirs] = [toBd09(place), transform<[number, number]>([place.lon, place.lat], WGS84, BD09)];
    expect([baidu.lon, baidu.lat]).toEqual(theirs.map((degrees) => expect.closeTo(degrees, 8)));
  });
});
