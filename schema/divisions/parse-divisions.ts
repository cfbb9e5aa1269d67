// The files of this folder as data: the list of divisions, their dated predecessors, and the facts with outlines. A line that
// says something else than its file promises is refused with its number.
import type { Boundary, Division, DivisionFacts, DivisionLevel, Position, Predecessor } from './division.ts';

const LEVELS: ReadonlyMap<string, DivisionLevel> = new Map([
  ['CITY', 'CITY'],
  ['COUNTY', 'COUNTY'],
  ['TOWNSHIP', 'TOWN'],
  ['VILLAGE', 'VILLAGE'],
]);

/** The divisions of the file, in its order. The province above the city is no division of the hub. */
export function parseDivisions(csv: string): readonly Division[] {
  return toLines(csv).map((line, index): Division => {
    const [code = '', name = '', written = '', parent = ''] = line.split(',');
    const level = LEVELS.get(written);
    if (level === undefined || !/^\d{6}(\d{3}){0,2}$/.test(code))
      throw new RangeError(`line ${index + 2} must be code,name,level,parent, but got: ${line}`);
    return { code, name, level, parent: level === 'CITY' ? null : parent };
  });
}

/** The replaced county codes, newest first. */
export function parsePredecessors(csv: string): readonly Predecessor[] {
  const predecessors = toLines(csv).map((line, index): Predecessor => {
    const [code = '', name = '', until = '', successor = ''] = line.split(',');
    if (!/^\d{6}$/.test(code) || !/^\d{6}$/.test(successor) || !/^\d{4}-\d{2}-\d{2}$/.test(until))
      throw new RangeError(`line ${index + 2} must be code,name,until,successor, but got: ${line}`);
    return { code, name, until, successor };
  });
  return predecessors.toSorted((left, right) => right.until.localeCompare(left.until));
}

type Feature = {
  readonly properties: {
    readonly code: string;
    readonly population: number | null;
    readonly area: number;
    readonly centre: Position;
  };
  readonly geometry: Boundary | null;
};

/** Facts by code, from the map that `npm run divisions` makes; its shape is that tool's and is compared by its test. */
export function parseFacts(geojson: string): ReadonlyMap<string, DivisionFacts> {
  const { features } = JSON.parse(geojson) as { readonly features: readonly Feature[] };
  return new Map(
    features.map(({ properties: { code, population, area, centre }, geometry }) => [
      code,
      { population, area, centre: { lon: centre[0], lat: centre[1] }, boundary: geometry },
    ]),
  );
}

function toLines(csv: string): readonly string[] {
  return csv.trim().split(/\r?\n/).slice(1);
}
