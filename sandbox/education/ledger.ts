// What is true of the county's schools and buses, as far as the bureau has dropped it: UTC, WGS84, SI. Values are those before
// any clerk wrote them down.
import { type Bus, COUNTIES, type Issue, type School, toBuses, toSchools } from './register.ts';
import { planFiles } from './schedule.ts';
import type { DroppedFile, State } from './state.ts';

export type SchoolEntry = Omit<School, 'index' | 'village' | 'place'> & {
  readonly county: string;
  readonly town: string;
  readonly village: string;
  /** Twelve digits. */
  readonly villageCode: string;
  readonly lon: number;
  readonly lat: number;
};
export type BusEntry = Omit<Bus, 'index' | 'school'> & { readonly schoolCode: string };

export type Ledger = {
  /** Those of each county's newest register. */
  readonly schools: readonly SchoolEntry[];
  readonly buses: readonly BusEntry[];
  /** Codes of schools that an earlier register had. */
  readonly closed: readonly string[];
  readonly filesDropped: readonly (Omit<DroppedFile, 'droppedAt'> & { readonly droppedAt: string })[];
};

export function toLedger(state: State): Ledger {
  const dropped = new Set(state.files.map(({ name }) => name));
  const planned = planFiles(state, state.from - 1, state.now).filter(({ name }) => dropped.has(name));
  const newestOf = (county: string, what: 'schools' | 'buses'): Issue | null =>
    planned.findLast((file) => file.county === county && file.what === what)?.issue ?? null;
  const schoolsOf = (county: string, issue: Issue | null) =>
    issue === null ? [] : toSchools(state.seed, county, issue);
  const schools = COUNTIES.flatMap((county) => schoolsOf(county, newestOf(county, 'schools')));
  const codes = new Set(schools.map(({ code }) => code));
  const earlier = planned.flatMap(({ county, what, issue }) =>
    what === 'schools' ? schoolsOf(county, issue) : [],
  );
  return {
    schools: schools.map(toSchoolEntry),
    buses: COUNTIES.flatMap((county) => {
      const own = schoolsOf(county, newestOf(county, 'buses'));
      return toBuses(state.seed, own).map(({ index: _, school, ...bus }) => ({
        ...bus,
        schoolCode: school.code,
      }));
    }),
    closed: [...new Set(earlier.map(({ code }) => code))].filter((code) => !codes.has(code)),
    filesDropped: state.files.map((file) => ({ ...file, droppedAt: new Date(file.droppedAt).toISOString() })),
  };
}

function toSchoolEntry({ index: _, village, place, ...school }: School): SchoolEntry {
  const { county, town, name, code } = village;
  return { ...school, county, town, village: name, villageCode: code, ...place };
}
