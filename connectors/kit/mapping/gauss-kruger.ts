// Plane coordinates of a Gauss–Krüger zone as degrees on its ellipsoid: Krüger's series in the third flattening, to its fourth
// power. Within a zone of three degrees it is right to a thousandth of a millimetre; a library would bring a hundred projections.

export type Zone = {
  /** Semi-major axis, metres, and the inverse of the flattening. */
  readonly axis: number;
  readonly inverseFlattening: number;
  /** Degrees. */
  readonly centralMeridian: number;
  /** Metres. */
  readonly falseEasting: number;
};

/** EPSG:4546, CGCS2000 / 3-degree Gauss-Kruger CM 111E: scale 1, northings from the equator, eastings without the zone's number. */
export const EPSG_4546: Zone = {
  axis: 6_378_137,
  inverseFlattening: 298.257_222_101,
  centralMeridian: 111,
  falseEasting: 500_000,
};

type Degrees = (east: number, north: number) => { readonly lon: number; readonly lat: number };

/** Metres far outside any zone give numbers that are nowhere, or NaN. */
export function compileFromPlane({ axis, inverseFlattening, centralMeridian, falseEasting }: Zone): Degrees {
  const n = 1 / (2 * inverseFlattening - 1);
  const meridian = (axis / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64);
  const beta = [
    n / 2 - (2 / 3) * n ** 2 + (37 / 96) * n ** 3 - (1 / 360) * n ** 4,
    (1 / 48) * n ** 2 + (1 / 15) * n ** 3 - (437 / 1440) * n ** 4,
    (17 / 480) * n ** 3 - (37 / 840) * n ** 4,
    (4397 / 161_280) * n ** 4,
  ];
  const delta = [
    2 * n - (2 / 3) * n ** 2 - 2 * n ** 3 + (116 / 45) * n ** 4,
    (7 / 3) * n ** 2 - (8 / 5) * n ** 3 - (227 / 45) * n ** 4,
    (56 / 15) * n ** 3 - (136 / 35) * n ** 4,
    (4279 / 630) * n ** 4,
  ];
  return (east, north) => {
    const [xi, eta] = [north / meridian, (east - falseEasting) / meridian];
    const along = xi - toSum(beta, (twice) => Math.sin(twice * xi) * Math.cosh(twice * eta));
    const across = eta - toSum(beta, (twice) => Math.cos(twice * xi) * Math.sinh(twice * eta));
    const conformal = Math.asin(Math.sin(along) / Math.cosh(across));
    const lat = conformal + toSum(delta, (twice) => Math.sin(twice * conformal));
    const lon = Math.atan2(Math.sinh(across), Math.cos(along));
    return { lon: centralMeridian + toDegrees(lon), lat: toDegrees(lat) };
  };
}

/** Each coefficient with the term of twice its number. */
function toSum(coefficients: readonly number[], toTerm: (twice: number) => number): number {
  return coefficients.reduce((sum, one, index) => sum + one * toTerm(2 * (index + 1)), 0);
}

function toDegrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
