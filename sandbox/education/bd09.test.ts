import { expect, test } from '@jest/globals';
import { type Place, toBd09, toGcj02 } from './bd09.ts';

const SEAT = { lon: 111.608, lat: 26.4345 };
const metres = (a: Place, b: Place) => Math.hypot((a.lon - b.lon) * 99_700, (a.lat - b.lat) * 110_800);

test('the city’s seat moves by 657 m in GCJ-02 and by 1,202 m in BD-09', () => {
  expect(metres(toGcj02(SEAT), SEAT)).toBeCloseTo(657, -1);
  expect(metres(toBd09(SEAT), SEAT)).toBeCloseTo(1202, -1);
});
