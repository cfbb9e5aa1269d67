// The scalars of sdl.ts as graphql-js types: they check and pass through. Text in, the same text out: an offset is kept
// as written and a number keeps all its digits, which ready-made scalars do not do.
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import { parseDuration } from '../duration.ts';
import { isDate, isDateTime, isDecimal, isIdNumber, isLong, isMonthDay, isPhoneNumber } from './forms.ts';
import { fromMarked } from './masked-text.ts';

type Check = (text: string) => boolean;

/** `like` finishes "must be …"; `masked` lets out what a mask made of the value (139****0000), which nobody may send in. */
type TextScalar = {
  readonly name: string;
  readonly like: string;
  readonly fits: Check;
  readonly numeric?: true;
  readonly masked?: true;
};

const TEXT_SCALARS: readonly TextScalar[] = [
  { name: 'DateTime', like: 'ISO 8601 with Z or an offset, such as 2026-04-05T00:30:00Z', fits: isDateTime },
  { name: 'Date', like: 'a calendar date such as 2026-04-05', fits: isDate },
  { name: 'MonthDay', like: 'a day of the year such as 04-01', fits: isMonthDay },
  {
    name: 'Duration',
    like: 'an ISO 8601 duration without months, such as PT5M',
    fits: (text) => parseDuration(text) !== null,
  },
  { name: 'Long', like: 'a 64-bit integer as text', fits: isLong, numeric: true },
  { name: 'Decimal', like: 'a decimal number as text', fits: isDecimal, numeric: true },
  { name: 'PhoneNumber', like: 'a Chinese telephone number, digits only', fits: isPhoneNumber, masked: true },
  { name: 'IdNumber', like: 'an 18-character identity number', fits: isIdNumber, masked: true },
];

/** Every scalar of the shared vocabulary by name. */
export const SCALARS: Readonly<Record<string, GraphQLScalarType>> = Object.fromEntries(
  [...TEXT_SCALARS.map(toTextScalar), toGeoJsonScalar()].map((scalar) => [scalar.name, scalar]),
);

function toTextScalar({ name, like, fits, numeric, masked }: TextScalar): GraphQLScalarType {
  // Never the value itself in the message: it may be a citizen's.
  const refuse = (): never => {
    throw new GraphQLError(`${name} must be ${like}`);
  };
  const toText = (value: unknown): string => {
    if (typeof value === 'string' && fits(value)) return value;
    return numeric === true && isExactNumber(value) && fits(String(value)) ? String(value) : refuse();
  };
  const serialize = (value: unknown): string => {
    if (masked !== true) return toText(value);
    const text = fromMarked(value) ?? value;
    return typeof text === 'string' && text.includes('*') ? text : toText(text);
  };
  return new GraphQLScalarType<string, string>({
    name,
    serialize,
    parseValue: (value) => (masked === true && isMasked(value) ? value : toText(value)),
    parseLiteral: (node) => {
      const isText =
        node.kind === Kind.STRING ||
        (numeric === true && (node.kind === Kind.INT || node.kind === Kind.FLOAT));
      return isText && fits(node.value) ? node.value : refuse();
    },
  });
}

function isMasked(value: unknown): value is string {
  return fromMarked(value) !== null;
}

// A JSON number is taken only where a double holds it exactly: 0.1 as a Decimal has already lost what was meant.
function isExactNumber(value: unknown): boolean {
  return typeof value === 'bigint' || Number.isSafeInteger(value);
}

type Geometry = { readonly type: string; readonly coordinates: unknown };
const GEOMETRIES = new Set([
  'Point',
  'MultiPoint',
  'LineString',
  'MultiLineString',
  'Polygon',
  'MultiPolygon',
]);

function toGeoJsonScalar(): GraphQLScalarType {
  const toGeometry = (value: unknown): Geometry => {
    if (isGeometry(value)) return value;
    throw new GraphQLError('GeoJSON must be a geometry with `type` and `coordinates`');
  };
  return new GraphQLScalarType<Geometry, Geometry>({
    name: 'GeoJSON',
    serialize: toGeometry,
    parseValue: toGeometry,
    parseLiteral: (node: ValueNode, variables) => toGeometry(valueFromASTUntyped(node, variables)),
  });
}

function isGeometry(value: unknown): value is Geometry {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('coordinates' in value))
    return false;
  return typeof value.type === 'string' && GEOMETRIES.has(value.type) && Array.isArray(value.coordinates);
}
