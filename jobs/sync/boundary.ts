// How a scan is bounded from below by its column: what is asked of the source, and what its values say of how far the scan
// has come. Pure; made before a scan, when the column's kind is known.
import type { Condition, ObjectShape, RawValue } from '../../connectors/kit/contract.ts';
import { isSortedFormat, parseTimeFormat } from '../../connectors/kit/manifest/shape/time-format.ts';
import { HubError } from '../../schema/errors.ts';
import type { FeedMark } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { toFormatParser, toInstantText, type Zone } from './instant.ts';
import { toHighAt } from './trail.ts';

export type Boundary = {
  readonly column: string;
  /** The column may be null, and rows without a value stand behind no bound. */
  readonly nullable: boolean;
  /** Its values are numbers without a time: `parse` gives those, and the mark's trail says when they were seen. */
  readonly counts: boolean;
  /** null: there is nothing to bound by, ask for everything. */
  toCondition(from: bigint, trail: FeedMark['trail']): Condition | null;
  /** Nanoseconds, or the number itself where it counts; null for what is neither. */
  parse(raw: RawValue | undefined): bigint | null;
};

const NANOS_OF: { readonly [format: string]: bigint } = {
  epochSeconds: 1_000_000_000n,
  epochMillis: 1_000_000n,
};

/** null where no column bounds the scan. Throws HUB_MAP_SHAPE when the column's kind cannot. */
export function toBoundary(
  feed: Feed,
  findColumn: (name: string) => ObjectShape['columns'][number] | null,
  zone: Zone,
): Boundary | null {
  const { timeColumn: column, timeFormats: formats } = feed;
  if (column === null) return null;
  // The source bounds itself by the span that it is asked for.
  if (feed.asks !== 'rows') {
    const parse = formats.length === 0 ? zone.parse : toFormatParser(formats, feed.zone);
    return { column, nullable: false, counts: false, toCondition: () => null, parse };
  }
  const shape = findColumn(column);
  const kind = shape?.kind ?? 'timestamp';
  const nullable = shape?.nullable ?? false;
  if (kind === 'integer' || kind === 'decimal') {
    const numbers = toNumbers(feed, column, zone);
    if (numbers !== null) return { column, nullable, ...numbers };
  } else {
    const texts = kind === 'text' ? toTexts(feed, zone) : toTimes(kind, feed, zone);
    // An empty text is null to the hub, and no database can be asked for both at once.
    if (texts !== null)
      return { column, nullable: nullable && kind !== 'text', counts: false, ...texts(column) };
  }
  throw toKindFault(feed, column, kind);
}

type Texts = (column: string) => Pick<Boundary, 'toCondition' | 'parse'>;

function toTimes(kind: string, { timeFormats }: Feed, zone: Zone): Texts | null {
  const write = TIMES[kind]?.(zone);
  if (write === undefined || timeFormats.length > 0) return null;
  return (column) => ({
    toCondition: (from) => ({ column, op: 'gte', value: write(from) }),
    parse: zone.parse,
  });
}

const TIMES: { readonly [kind: string]: (zone: Zone) => (from: bigint) => string } = {
  timestamp: (zone) => zone.toLowestWall,
  timestamptz: () => toInstantText,
  date: (zone) => (from) => zone.toLowestWall(from).slice(0, 10),
};

// Of several formats the lowest text bounds them all: what it lets in beyond the bound is read once more.
function toTexts({ timeFormats, zone: name }: Feed, zone: Zone): Texts | null {
  if (timeFormats.length === 0 || !timeFormats.every(isSortedFormat)) return null;
  const parse = toFormatParser(timeFormats, name);
  return (column) => ({
    parse,
    toCondition: (from) => {
      const wall = zone.toLowestWall(from);
      const [value = ''] = timeFormats.map((format) => toTokens(format, wall)).sort();
      return { column, op: 'gte', value };
    },
  });
}

/** Where each unit stands in `yyyy-MM-dd HH:mm:ss.SSS`. */
const PLACES: { readonly [token: string]: number } = {
  yyyy: 0,
  yy: 2,
  MM: 5,
  dd: 8,
  HH: 11,
  mm: 14,
  ss: 17,
  SSS: 20,
};

/** What the format has no place for is cut, so that `>=` never skips a row. */
function toTokens(format: string, wall: string): string {
  return (parseTimeFormat(format) ?? [])
    .map((part) => {
      if ('literal' in part) return part.literal;
      const place = PLACES[part.token] ?? 0;
      return wall.slice(place, place + part.token.length);
    })
    .join('');
}

/** Epochs are times; a bare number is one of a sequence, which only a cursor has. */
function toNumbers(feed: Feed, column: string, clock: Zone): Omit<Boundary, 'column' | 'nullable'> | null {
  const { key, timeFormats: formats, zone } = feed;
  const bound = (value: bigint): Condition => ({ column, op: 'gte', value: String(value) });
  const [format, ...more] = formats;
  if (format === undefined) {
    if (key.strategy !== 'cursor') return null;
    return {
      counts: true,
      toCondition: (from, trail) => {
        const high = toHighAt(trail ?? [], from);
        return high === null ? null : bound(high);
      },
      parse: parseWhole,
    };
  }
  const nanos = NANOS_OF[format];
  if (more.length > 0) return null;
  // Such as 20260405083000 in a column of numbers.
  if (nanos === undefined) {
    const texts = /^[A-Za-z]+$/.test(format) ? toTexts(feed, clock) : null;
    return texts === null ? null : { counts: false, ...texts(column) };
  }
  const toCondition = (from: bigint) => bound(from / nanos - (from % nanos < 0n ? 1n : 0n));
  return { counts: false, toCondition, parse: toFormatParser(formats, zone) };
}

/** Digits behind the point are cut: what is bounded by it then begins a little earlier. */
function parseWhole(raw: RawValue | undefined): bigint | null {
  const [, digits] = /^\s*(-?\d+)(?:\.\d+)?\s*$/.exec(String(raw ?? '')) ?? [];
  return digits === undefined ? null : BigInt(digits);
}

function toKindFault({ key, timeFormats: formats }: Feed, column: string, kind: string): HubError {
  const { unit, source, object, strategy } = key;
  const plain =
    strategy === 'window'
      ? 'a window needs a native date or timestamp column, or text with formats that sort by time'
      : 'a cursor needs a native date or timestamp, or whole numbers';
  const wanted =
    formats.length === 0
      ? plain
      : `a ${strategy} in ${formats.join(', ')} needs numbers or text in that form`;
  return new HubError('HUB_MAP_SHAPE', `${unit}/${source}: ${object}.${column} is ${kind}; ${wanted}`, {
    place: { unit, source, object, column },
  });
}
