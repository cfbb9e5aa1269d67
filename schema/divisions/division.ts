// One administrative division and what is known of it; the city's list of them is built in divisions.ts.

export type DivisionLevel = 'CITY' | 'COUNTY' | 'TOWN' | 'VILLAGE';

/** `code`: 6 digits for CITY and COUNTY, 9 for TOWN, 12 for VILLAGE; `parent` is null for the city. */
export type Division = {
  readonly code: string;
  readonly name: string;
  readonly level: DivisionLevel;
  readonly parent: string | null;
};

/** A county code that was replaced. `until`: the day of the approval, the first on which `successor` is the code. */
export type Predecessor = {
  readonly code: string;
  readonly name: string;
  readonly until: string;
  readonly successor: string;
};

/** WGS84, degrees: longitude, latitude. */
export type Position = readonly [lon: number, lat: number];

/** GeoJSON (RFC 7946), WGS84: of each polygon the outer ring counterclockwise, then its holes. */
export type Boundary = {
  readonly type: 'MultiPolygon';
  readonly coordinates: readonly (readonly (readonly Position[])[])[];
};

/** What is known of a division beside its name; null where nothing is. */
export type DivisionFacts = {
  /** Census of 2020. */
  readonly population: number | null;
  /** Square kilometres inside `boundary`, on the ellipsoid; of the city, its counties together. */
  readonly area: number | null;
  /** The seat of its government, WGS84. */
  readonly centre: { readonly lon: number; readonly lat: number } | null;
  readonly boundary: Boundary | null;
};
