// Degrees as the metres of CGCS2000's plane around 111° E (EPSG:4546), from the surveyors' textbook series in the distance from
// the meridian. It is the sandbox's own, so that the hub's way back is checked by something that it has not written itself.

const { PI, sin, cos, tan } = Math;
/** CGCS2000: semi-major axis in metres, flattening. */
const AXIS = 6_378_137;
const FLATTENING = 1 / 298.257_222_101;
const MERIDIAN = 111;
const FALSE_EASTING = 500_000;

const E2 = FLATTENING * (2 - FLATTENING);
const SECOND_E2 = E2 / (1 - E2);

/** Metres; to a millimetre within a degree and a half of the meridian. */
export function toPlane({ lon, lat }: { readonly lon: number; readonly lat: number }): {
  readonly east: number;
  readonly north: number;
} {
  const phi = (lat * PI) / 180;
  const [c, t] = [cos(phi), tan(phi)];
  const eta2 = SECOND_E2 * c * c;
  const normal = AXIS / Math.sqrt(1 - E2 * sin(phi) ** 2);
  const m = c * (((lon - MERIDIAN) * PI) / 180);
  const [t2, t4, m2] = [t * t, t ** 4, m * m];
  const north =
    toArc(phi) +
    normal *
      t *
      m2 *
      (1 / 2 +
        ((5 - t2 + 9 * eta2 + 4 * eta2 ** 2) * m2) / 24 +
        ((61 - 58 * t2 + t4 + 270 * eta2 - 330 * eta2 * t2) * m2 * m2) / 720);
  const east =
    normal *
    m *
    (1 + ((1 - t2 + eta2) * m2) / 6 + ((5 - 18 * t2 + t4 + 14 * eta2 - 58 * eta2 * t2) * m2 * m2) / 120);
  return { east: east + FALSE_EASTING, north };
}

/** The meridian's length from the equator. */
function toArc(phi: number): number {
  const [e4, e6, e8] = [E2 ** 2, E2 ** 3, E2 ** 4];
  return (
    AXIS *
    ((1 - E2 / 4 - (3 * e4) / 64 - (5 * e6) / 256 - (175 * e8) / 16_384) * phi -
      ((3 * E2) / 8 + (3 * e4) / 32 + (45 * e6) / 1024 + (105 * e8) / 4096) * sin(2 * phi) +
      ((15 * e4) / 256 + (45 * e6) / 1024 + (525 * e8) / 16_384) * sin(4 * phi) -
      ((35 * e6) / 3072 + (175 * e8) / 12_288) * sin(6 * phi) +
      ((315 * e8) / 131_072) * sin(8 * phi))
  );
}
