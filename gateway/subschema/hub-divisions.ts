// The divisions in the hub's own part of the graph: their SDL, and a division as graphql-js reads it. Facts and outlines lie in
// memory with the codes; division-budget.ts counts what an answer takes of them.
import type { DivisionFacts, Predecessor } from '../../schema/divisions/division.ts';
import type { Division, Divisions } from '../../schema/divisions/divisions.ts';

const LEVELS = ['CITY', 'COUNTY', 'TOWN', 'VILLAGE'] as const satisfies readonly Division['level'][];

export const DIVISION_SDL = /* GraphQL */ `
"Level of an administrative division (GB/T 2260)."
enum DivisionLevel { ${LEVELS.join(' ')} }

"An administrative division: where agencies meet."
type Division {
  code: ID!
  name: String
  level: DivisionLevel
  parent: Division
  children: [Division]
  "People, census of 2020. Known of the city and most counties."
  population: Int
  "Square kilometres inside the boundary, on the ellipsoid; of the city, its counties together."
  area: Float
  "The seat of its government. Known of the city and its counties."
  centre: Point
  "MultiPolygon of simplified map data (some 100 m), no legal boundary. Only counties have one; the two management areas have none."
  boundary: GeoJSON
  "The codes that it had before, newest first."
  predecessors: [DivisionPredecessor!]
}

"A code of GB/T 2260 that was replaced; rows and questions that state it mean its successor."
type DivisionPredecessor {
  code: ID!
  name: String!
  "The day of the approval: the first on which the successor's code holds."
  until: Date!
}
`;

export type DivisionNode = Omit<Division, 'parent'> &
  DivisionFacts & {
    readonly parent: () => DivisionNode | null;
    readonly children: () => readonly (DivisionNode | null)[];
    readonly predecessors: readonly Predecessor[];
  };

/** Null stays null: a code that nobody knows. */
export function toDivisionNode(divisions: Divisions, division: Division | null): DivisionNode | null {
  if (division === null) return null;
  const { code, name, level, parent } = division;
  return {
    code,
    name,
    level,
    ...divisions.facts(code),
    predecessors: divisions.predecessors(code),
    parent: () => (parent === null ? null : toDivisionNode(divisions, divisions.find(parent))),
    children: () => divisions.children(code).map((child) => toDivisionNode(divisions, child)),
  };
}
