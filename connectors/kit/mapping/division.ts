// Where a row belongs (manifest §9): the ways of its type in order, the first with an answer wins and leaves its basis.
import type { CountyAt, Division, Divisions } from '../../../schema/divisions/divisions.ts';
import type { DivisionWay, UnitType } from '../manifest/model.ts';
import { compileColumn, type Frame } from './columns.ts';
import type { MappingTools } from './converters/converter.ts';
import type { Values } from './keys.ts';
import type { Fault, MappedLink, MappedRow, MappedValue } from './outcome.ts';
import { toCleanText } from './raw-text.ts';
import { Remark } from './remark.ts';
import { toMistaken } from './to-wgs84.ts';

type Found = MappedRow['division'];
type Links = ReadonlyMap<string, MappedLink>;
type Point = { readonly lon: number; readonly lat: number };
/** `stated`: a code or name stood there, whether or not it is known; `column` is where. */
type Answer = { readonly found: Found | null; readonly stated: boolean };
type Way = {
  readonly column: string | null;
  answer(frame: Frame, values: Values, links: Links): Answer;
};

const SILENT: Answer = { found: null, stated: false };
const COUNTY_DIGITS = 6;

/** The division of a row, and a note where the stated one is unknown or lies in another county than the point. */
export function compileDivision(
  type: UnitType,
  { divisions, crs }: Pick<MappingTools, 'divisions' | 'crs'>,
): (frame: Frame, values: Values, links: Links) => { readonly division: Found; readonly note: Fault | null } {
  const ways = type.division.map((way) => compileWay(way, divisions));
  const place = toPlaceField(type);
  return (frame, values, links) => {
    let unknown: string | null = null;
    for (const way of ways) {
      const { found, stated } = way.answer(frame, values, links);
      if (found === null) {
        if (stated) unknown ??= way.column;
        continue;
      }
      const point = stated ? toPoint(values[place ?? '']) : null;
      const code = point === null ? null : toContradiction(found.code, point, { divisions, crs });
      return { division: found, note: code === null ? null : toNote(code, way.column) };
    }
    const note = unknown === null ? null : toNote('HUB_MAP_DIVISION', unknown);
    return { division: { code: null, basis: 'NONE' }, note };
  };
}

function compileWay(way: DivisionWay, divisions: Divisions): Way {
  switch (way.by) {
    case 'code':
      return compileStated([way.column], 'CODE', ([code = '']) =>
        divisions.find(way.digits === null ? code : code.slice(0, way.digits)),
      );
    case 'name':
      return compileStated(way.columns, 'NAME', (names) => divisions.byName(names));
    case 'point':
    case 'shape':
      return {
        column: null,
        answer: (_frame, values) => {
          const code = toCounty(values[way.field], divisions);
          return code === null ? SILENT : { found: { code, basis: 'POINT' }, stated: false };
        },
      };
    case 'link':
      return {
        column: null,
        answer: (_frame, _values, links) => {
          const link = links.get(way.link);
          const given = link !== undefined && (link.key !== null || link.lookup !== null);
          return given ? { found: { code: null, basis: 'PARENT' }, stated: false } : SILENT;
        },
      };
  }
}

// Damaged text names no place: it is as good as none.
function compileStated(
  columns: readonly string[],
  basis: 'CODE' | 'NAME',
  find: (texts: readonly string[]) => Division | null,
): Way {
  const readers = columns.map(compileColumn);
  return {
    column: columns.join(' '),
    answer: (frame) => {
      const texts = readers.map((read) => {
        const text = toCleanText(read(frame));
        return text === null || text instanceof Remark ? '' : text;
      });
      if (texts.every((text) => text === '')) return SILENT;
      const division = find(texts);
      return { found: division === null ? null : { code: division.code, basis }, stated: true };
    },
  };
}

// The place that can contradict a stated division: a point or shape way's field, else the type's location.
function toPlaceField(type: UnitType): string | null {
  for (const way of type.division) if (way.by === 'point' || way.by === 'shape') return way.field;
  return type.fields.some((field) => field.name === 'location') ? 'location' : null;
}

function toCounty(
  value: MappedValue | undefined,
  { countyAt }: { readonly countyAt: CountyAt },
): string | null {
  const point = toPoint(value);
  return point === null ? null : countyAt(point);
}

/** A point itself, or the middle of a shape's corners. */
function toPoint(value: MappedValue | undefined): Point | null {
  if (typeof value !== 'object' || value === null) return null;
  if ('lon' in value) return value;
  if (!('coordinates' in value)) return null;
  const corners = toPositions(value.coordinates);
  const [first] = corners;
  if (first === undefined) return null;
  const mean = (axis: 0 | 1): number =>
    corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length;
  return { lon: mean(0), lat: mean(1) };
}

function toPositions(coordinates: unknown): readonly (readonly [number, number])[] {
  if (!Array.isArray(coordinates)) return [];
  const [lon, lat]: unknown[] = coordinates;
  if (typeof lon === 'number' && typeof lat === 'number') return [[lon, lat]];
  return coordinates.flatMap(toPositions);
}

// A point that is right once it is taken for one of the other system tells more than a contradiction: the manifest's crs.
function toContradiction(
  code: string | null,
  point: Point,
  { divisions, crs }: Pick<MappingTools, 'divisions' | 'crs'>,
): 'HUB_MAP_CRS' | 'HUB_MAP_DIVISION_CONFLICT' | null {
  if (!isConflict(code, divisions.countyAt(point), divisions)) return null;
  const mistaken = toMistaken(crs, point);
  const county = mistaken === null ? null : divisions.countyAt(mistaken);
  return county !== null && !isConflict(code, county, divisions)
    ? 'HUB_MAP_CRS'
    : 'HUB_MAP_DIVISION_CONFLICT';
}

// Only a county with an outline can be left by a point: the city has none, nor have the two management areas, which lie
// inside other counties' outlines.
function isConflict(code: string | null, county: string | null, divisions: Divisions): boolean {
  if (code === null || county === null) return false;
  const stated = code.slice(0, COUNTY_DIGITS);
  return stated !== county && divisions.facts(stated).boundary !== null;
}

const NOTES = {
  HUB_MAP_DIVISION: 'the stated division is not known in this city',
  HUB_MAP_DIVISION_CONFLICT:
    'the stated division and the position lie in different counties: the stated one is kept',
  HUB_MAP_CRS:
    'the position lies in the stated division only if its coordinates are of another system (GCJ-02 taken for WGS84, or the reverse): check crs of the source',
} as const;

function toNote(code: keyof typeof NOTES, column: string | null): Fault {
  return { code, field: null, column, raw: null, message: NOTES[code] };
}
