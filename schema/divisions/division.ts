// One administrative division; the city's list of them is built in divisions.ts.

export type DivisionLevel = 'CITY' | 'COUNTY' | 'TOWN' | 'VILLAGE';

/** `code`: 6 digits for CITY and COUNTY, 9 for TOWN, 12 for VILLAGE; `parent` is null for the city. */
export type Division = {
  readonly code: string;
  readonly name: string;
  readonly level: DivisionLevel;
  readonly parent: string | null;
};
