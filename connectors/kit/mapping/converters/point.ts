// `point`: where something is, as WGS84 with six decimals, from degrees or from a plane's metres. Axes are named by the manifest and never swapped silently;
// (0, 0) is what devices send when they do not know.
import { HubError } from '../../../../schema/errors.ts';
import type { PointColumns, Reading } from '../../manifest/model.ts';
import { isAroundCity } from '../city-box.ts';
import type { Frame } from '../columns.ts';
import { compileText } from '../read-value.ts';
import { bad, Remark } from '../remark.ts';
import { type Coordinates, compileToWgs84 } from '../to-wgs84.ts';
import type { CompileConverter } from './converter.ts';
import { compileScale } from './numbers.ts';

type Axes = readonly [lon: string | null, lat: string | null];

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;
const DMS =
  /^(-)?(\d{1,3})[°度](?:(\d{1,2})[′'’分])?(?:(\d{1,2}(?:\.\d+)?)(?:[″"”秒]|''))?([NSEW东西南北])?$/i;

export const compilePoint: CompileConverter = (reading, field, { crs }) => {
  const readAxes = compileAxes(reading, field.name);
  const toDegrees = compileDegrees(reading);
  const toWgs84 = compileToWgs84(crs, field.name);
  return (frame) => {
    const axes = readAxes(frame);
    if (axes instanceof Remark) return axes;
    const [lonText, latText] = axes;
    if (lonText === null && latText === null) return null;
    if (lonText === null || latText === null)
      return bad('HUB_MAP_POINT', 'must have both longitude and latitude, but one is empty');
    const [lon, lat] = [toDegrees(lonText), toDegrees(latText)];
    if (!Number.isFinite(lon) || !Number.isFinite(lat))
      return bad('HUB_MAP_POINT', 'must be two numbers in the declared form');
    if (lon === 0 && lat === 0) return null;
    return toPlausible({ lon, lat }, toWgs84);
  };
};

function toPlausible(given: Coordinates, toWgs84: (point: Coordinates) => Coordinates): Coordinates | Remark {
  const point = toWgs84(given);
  if (isAroundCity(point)) return { lon: toSixDecimals(point.lon), lat: toSixDecimals(point.lat) };
  return isAroundCity(toWgs84({ lon: given.lat, lat: given.lon }))
    ? bad('HUB_MAP_POINT_SWAPPED', 'lies around the city only with longitude and latitude swapped')
    : bad('HUB_MAP_POINT', 'must lie within 50 km of the city');
}

function compileAxes(reading: Reading, field: string): (frame: Frame) => Axes | Remark {
  const columns = toPointColumns(reading, field);
  if ('text' in columns) return compilePair(reading, columns);
  const [first, second] = 'lon' in columns ? [columns.lon, columns.lat] : [columns.east, columns.north];
  const readLon = compileText(reading, first);
  const readLat = compileText(reading, second);
  return (frame) => {
    const lon = readLon(frame);
    if (lon instanceof Remark) return bad(lon.code, lon.message, first);
    const lat = readLat(frame);
    return lat instanceof Remark ? bad(lat.code, lat.message, second) : [lon, lat];
  };
}

function compilePair(
  reading: Reading,
  { text, order, by }: Extract<PointColumns, { text: string }>,
): (frame: Frame) => Axes | Remark {
  const read = compileText(reading, text);
  return (frame) => {
    const whole = read(frame);
    if (whole instanceof Remark) return whole;
    if (whole === null) return [null, null];
    const [first = '', second = '', ...more] = whole.split(by).map((part) => part.trim());
    if (first === '' || second === '' || more.length > 0)
      return bad('HUB_MAP_POINT', 'must be two numbers with the declared separator');
    return order === 'lonLat' ? [first, second] : [second, first];
  };
}

function toPointColumns(reading: Reading, field: string): PointColumns {
  if (reading.point !== null) return reading.point;
  throw new HubError('HUB_MANIFEST_INVALID', `field ${field}: a point must name its columns`, {
    place: { field },
  });
}

function compileDegrees({ options }: Reading): (text: string) => number {
  const scale = options.scale === undefined ? Number : compileScale(options.scale);
  const decimal = (text: string): number => (NUMBER.test(text) ? scale(text) : Number.NaN);
  return options.form === 'dms' ? (text) => parseDms(text) ?? decimal(text) : decimal;
}

/** `111°36′28″`, `111度36分28.5秒`, with or without a hemisphere. */
function parseDms(text: string): number | null {
  const parts = DMS.exec(text.replace(/\s+/g, ''));
  if (parts === null) return null;
  const [, sign, degrees, minutes = '0', seconds = '0', side = ''] = parts;
  if (Number(minutes) >= 60 || Number(seconds) >= 60) return null;
  const size = Number(degrees) + Number(minutes) / 60 + Number(seconds) / 3600;
  return sign !== undefined || /[SW西南]/i.test(side) ? -size : size;
}

/** A tenth of a metre; what the graph promises of every point. */
export function toSixDecimals(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}
