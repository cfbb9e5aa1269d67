// The scalars of the graph as validating pass-through: a string goes in and the same string comes out. A library's
// scalars would rewrite offsets, and JSON numbers would lose digits.
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { parseDuration } from '../duration.ts';

type Check = (text: string) => boolean;

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:([0-5]\d|60)(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const MONTH_DAY = /^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

const isDate: Check = (text) => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
};

const isInstant: Check = (text) => {
  const parts = INSTANT.exec(text);
  return parts !== null && isDate(parts[1] ?? '');
};

const isMonthDay: Check = (text) => MONTH_DAY.test(text) && isDate(`2024-${text}`);
const isLong: Check = (text) =>
  /^-?\d{1,19}$/.test(text) && BigInt(text) >= -(2n ** 63n) && BigInt(text) < 2n ** 63n;

/** One scalar whose values are texts of a declared form. */
function toTextScalar(name: string, description: string, check: Check): GraphQLScalarType<string, string> {
  const parse = (value: unknown): string => {
    if (typeof value === 'string' && check(value)) return value;
    const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : typeof value;
    throw new GraphQLError(`${name} must be ${description}, but got: ${shown}`);
  };
  return new GraphQLScalarType({
    name,
    serialize: parse,
    parseValue: parse,
    parseLiteral: (node: ValueNode) =>
      parse(
        node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT
          ? node.value
          : node.kind,
      ),
  });
}

/** GeoJSON geometries travel as objects; only their outline is checked here. */
const GEO_JSON = new GraphQLScalarType<unknown, unknown>({
  name: 'GeoJSON',
  serialize: parseGeometry,
  parseValue: parseGeometry,
});

function parseGeometry(value: unknown): unknown {
  if (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    'coordinates' in value &&
    Array.isArray(value.coordinates)
  )
    return value;
  throw new GraphQLError('GeoJSON must be a geometry with type and coordinates');
}

/** Every scalar of schema/sdl.ts, by name. */
export const SCALARS: Readonly<Record<string, GraphQLScalarType>> = {
  DateTime: toTextScalar(
    'DateTime',
    'an ISO 8601 instant with Z or an offset (2026-04-05T00:30:00Z)',
    isInstant,
  ),
  Date: toTextScalar('Date', 'an ISO 8601 date (2026-04-05)', isDate),
  MonthDay: toTextScalar('MonthDay', 'a day of the year (04-01)', isMonthDay),
  Duration: toTextScalar(
    'Duration',
    'an ISO 8601 duration without months (PT5M)',
    (text) => parseDuration(text) !== null,
  ),
  Long: toTextScalar('Long', 'a 64-bit integer as text', isLong),
  Decimal: toTextScalar('Decimal', 'a decimal number as text', (text) =>
    /^-?\d{1,1000}(\.\d{1,1000})?$/.test(text),
  ),
  PhoneNumber: toTextScalar('PhoneNumber', 'a telephone number', (text) =>
    /^[+\d*][\d* -]{2,24}$/.test(text),
  ),
  IdNumber: toTextScalar('IdNumber', 'an 18-character identity number', (text) =>
    /^[\d*]{17}[\dX*]$/.test(text),
  ),
  GeoJSON: GEO_JSON,
};
