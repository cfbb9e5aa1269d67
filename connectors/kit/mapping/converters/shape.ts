// `shape`: areas and lines as GeoJSON. CAP writes polygons "lat,lon lat,lon …", others "lon,lat;lon,lat"; GeoJSON is
// always lon, lat (RFC 7946).
import type { MappedValue } from '../outcome.ts';
import { compileTexts } from '../read-value.ts';
import { bad, Remark } from '../remark.ts';
import { compileToWgs84, type ToWgs84 } from '../to-wgs84.ts';
import type { CompileConverter } from './converter.ts';
import { toSixDecimals } from './point.ts';

type Position = readonly [lon: number, lat: number];
type Shape =
  | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly Position[])[] }
  | { readonly type: 'LineString'; readonly coordinates: readonly Position[] };

const NUMBER = /^[+-]?\d+(?:\.\d*)?$/;
/** A polygon of the whole city at full detail has about ten thousand. */
const MOST_POSITIONS = 20_000;

export const compileShape: CompileConverter = (reading, field, { crs }) => {
  const { form = 'pairs', draw = 'polygon' } = reading.options;
  const toWgs84 = compileToWgs84(crs, field.name);
  const [between, latFirst] = form === 'capPolygon' ? [/\s+/, true] : [/[;；]/, false];
  const readAll = compileTexts(reading, null);
  const toOne = (text: string): Shape | Remark => {
    const positions = toPositions(text.split(between), latFirst, toWgs84);
    if (positions === null) return bad('HUB_MAP_SHAPE_BAD', 'must be pairs of degrees in the declared form');
    return draw === 'line' ? toLine(positions) : toPolygon(positions);
  };
  return (frame) => {
    const texts = readAll(frame);
    return texts === null || texts instanceof Remark ? texts : toWhole([...new Set(texts)].map(toOne));
  };
};

// A warning has a polygon for each of its areas, and says it again in each of its languages.
function toWhole(shapes: readonly (Shape | Remark)[]): MappedValue | Remark {
  const wrong = shapes.find((shape) => shape instanceof Remark);
  const [first, ...others] = shapes.flatMap((shape) => (shape instanceof Remark ? [] : [shape]));
  if (wrong instanceof Remark) return wrong;
  if (first === undefined || others.length === 0) return first ?? null;
  const coordinates = [first, ...others].map((shape) => shape.coordinates);
  if (coordinates.flat(first.type === 'Polygon' ? 2 : 1).length > MOST_POSITIONS)
    return bad('HUB_MAP_SHAPE_BAD', `must have ${MOST_POSITIONS} positions at most`);
  return { type: `Multi${first.type}`, coordinates };
}

function toPositions(
  pairs: readonly string[],
  latFirst: boolean,
  toWgs84: ToWgs84,
): readonly Position[] | null {
  const written = pairs.map((pair) => pair.trim()).filter((pair) => pair !== '');
  if (written.length > MOST_POSITIONS) return null;
  const positions: Position[] = [];
  for (const pair of written) {
    const [first = '', second = '', ...more] = pair.split(/[,，]/).map((part) => part.trim());
    if (more.length > 0 || !NUMBER.test(first) || !NUMBER.test(second)) return null;
    const [lon, lat] = latFirst ? [Number(second), Number(first)] : [Number(first), Number(second)];
    // Latitude 111 is impossible: that is how swapped axes show here.
    if (Math.abs(lon) > 180 || Math.abs(lat) > 90) return null;
    const point = toWgs84({ lon, lat });
    positions.push([toSixDecimals(point.lon), toSixDecimals(point.lat)]);
  }
  return positions;
}

function toLine(positions: readonly Position[]): Shape | Remark {
  return positions.length < 2
    ? bad('HUB_MAP_SHAPE_BAD', 'a line must have two positions or more')
    : { type: 'LineString', coordinates: positions };
}

// A ring that its sender left open is closed; fewer than three corners are no area.
function toPolygon(positions: readonly Position[]): Shape | Remark {
  const [first] = positions;
  const last = positions.at(-1);
  if (first === undefined || last === undefined) return bad('HUB_MAP_SHAPE_BAD', 'must have positions');
  const closed = first[0] === last[0] && first[1] === last[1] ? positions : [...positions, first];
  return closed.length < 4
    ? bad('HUB_MAP_SHAPE_BAD', 'a polygon must have three corners or more')
    : { type: 'Polygon', coordinates: [closed] };
}
