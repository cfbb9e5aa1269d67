// The education bureau's ledger and the hub's tables side by side, as compare-city.ts does it: truths written from the ledger's
// entries, what is stored by plain SQL, each as one key and one text. Positions are compared by their distance.
import type { EducationSystem } from '../../sandbox/education/system.ts';
import { type Compared, toDifferences } from './compare.ts';
import type { Spine } from './open-spine.ts';

type Ledger = ReturnType<EducationSystem['ledger']>;

const line = (...columns: readonly string[]) =>
  `array_to_string(array[${columns.map((column) => `(${column})::text`).join(', ')}], ' ', '-')`;
const toLine = (...values: readonly (string | number | null)[]) =>
  values.map((value) => value ?? '-').join(' ');
const FAULTS = `select string_agg(fault->>'code', ',') from jsonb_array_elements(_faults) fault`;

const STORED = {
  school: `select code as key, ${line(
    ...[
      'name',
      'kind',
      '_division',
      '_division_basis',
      'address',
      '"primary"',
      'junior',
      'senior',
      'boarders',
    ],
    ...['founded', 'head', 'head_phone', '_scope', FAULTS],
  )} as value from education.school where _gone_at is null and _key = code`,
  shelter: `select school_code as key, ${line('name', 'people', 'area', 'school_key', '_scope', FAULTS)} as value
    from education.shelter where _gone_at is null and _key = school_code`,
  bus: `select plate as key, ${line(
    ...[
      'colour',
      'seats',
      'route',
      'school_code',
      'school_key',
      'driver',
      'driver_phone',
      'inspected_on',
      '_scope',
    ],
    FAULTS,
  )} as value from education.school_bus where _gone_at is null and _key = concat_ws('~', plate, colour)`,
} as const;

export type EducationWhat = keyof typeof STORED;
export const EDUCATION: readonly EducationWhat[] = ['school', 'shelter', 'bus'];

const TRUE: { readonly [what in EducationWhat]: (ledger: Ledger) => Compared[] } = {
  school: ({ schools }) =>
    schools.map((school) => ({
      key: school.code,
      value: toLine(
        ...[school.name, school.kind, school.villageCode, 'NAME'],
        `${school.county}${school.town}${school.village}`,
        ...[school.primary, school.junior, school.senior, school.boarders],
        ...[school.founded, school.head, school.headPhone, school.county],
        school.foundedTo === 'DAY' ? null : 'HUB_MAP_TIME',
      ),
    })),
  shelter: ({ schools }) =>
    schools.flatMap(({ code, name, county, shelter }) =>
      shelter === null
        ? []
        : [
            {
              key: code,
              value: toLine(`${name}避难场所`, shelter.people, shelter.areaM2, code, county, null),
            },
          ],
    ),
  bus: ({ buses, schools }) =>
    buses.map(({ plate, colour, seats, route, schoolCode, driver, driverPhone, inspectedOn }) => {
      const county = schools.find(({ code }) => code === schoolCode)?.county ?? null;
      const school = [schoolCode, schoolCode];
      return {
        key: plate,
        value: toLine(colour, seats, route, ...school, driver, driverPhone, inspectedOn, county, null),
      };
    }),
};

export async function compareEducation(
  what: EducationWhat,
  ledger: Ledger,
  query: Spine['query'],
): Promise<{ readonly compared: number; readonly differences: readonly string[] }> {
  const truth = TRUE[what](ledger);
  return { compared: truth.length, differences: toDifferences(truth, await query(STORED[what])) };
}

/** The farthest that a stored school lies from where it is, in metres, and how many have a place. */
export async function measureSchools(
  ledger: Ledger,
  query: Spine['query'],
): Promise<{ readonly places: number; readonly metres: number }> {
  const stored = await query<{ code: string; lon: number; lat: number }>(
    'select code, location_lon::float8 as lon, location_lat::float8 as lat from education.school where _gone_at is null and location_lon is not null',
  );
  const truth = new Map(ledger.schools.map((school) => [school.code, school]));
  const distances = stored.map(({ code, lon, lat }) => {
    const own = truth.get(code);
    return own === undefined
      ? Number.POSITIVE_INFINITY
      : Math.hypot((lon - own.lon) * 100_000, (lat - own.lat) * 110_800);
  });
  return { places: stored.length, metres: Math.max(...distances) };
}
