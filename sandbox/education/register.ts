// The true schools and school buses of each county, as the first issue of its register has them and as the correction does:
// there one school is closed, and its head's number of another is put right. Places are real, all else is invented.

import { parseGrounds, parseVillages, toMoved, type Village } from '../map/place.ts';
import type { Position as Place } from '../map/shift.ts';
import { GIVEN_NAMES, SURNAMES } from '../people/people-table.ts';
import { toChance } from '../storm/noise.ts';

/** 0: of the autumn term, from every county · 1: of the spring term, from the county that corrects itself. */
export type Issue = 0 | 1;

export type School = {
  /** Its place in the city's list: what chance depends on. */
  readonly index: number;
  /** Ten digits, the first of them 0. */
  readonly code: string;
  readonly name: string;
  readonly kind: SchoolKind;
  readonly village: Village;
  /** WGS84, six decimals. */
  readonly place: Place;
  readonly primary: number;
  readonly junior: number;
  readonly senior: number;
  readonly boarders: number;
  /** A day, or the first of a month or year where nobody knows more. */
  readonly founded: string;
  readonly foundedTo: 'DAY' | 'MONTH' | 'YEAR';
  readonly head: string;
  readonly headPhone: string;
  readonly shelter: { readonly people: number; readonly areaM2: number } | null;
};
export type SchoolKind = (typeof KINDS)[number]['kind'];

export type Bus = {
  readonly index: number;
  readonly plate: string;
  readonly colour: 'YELLOW' | 'GREEN';
  readonly school: School;
  readonly seats: number;
  readonly route: string;
  readonly driver: string;
  readonly driverPhone: string;
  readonly inspectedOn: string;
};

/** `name`: behind the town's. */
const KINDS = [
  { kind: 'PRIMARY', name: '中心小学', words: ['小学'], pupils: ['primary'] },
  { kind: 'JUNIOR', name: '初级中学', words: ['初中', '初级中学'], pupils: ['junior'] },
  { kind: 'KINDERGARTEN', name: '中心幼儿园', words: ['幼儿园'], pupils: [] },
  { kind: 'NINE_YEAR', name: '学校', words: ['九年一贯制', '九年一贯制学校'], pupils: ['primary', 'junior'] },
  { kind: 'COMPLETE', name: '中学', words: ['完全中学'], pupils: ['junior', 'senior'] },
] as const;
/** Of the county that corrects itself. */
export const CORRECTED = '道县';
const MISTYPED = 1;
const VILLAGES = parseVillages();
const TOWNS = toTowns();

export const COUNTIES: readonly string[] = [...new Set(TOWNS.map(({ county }) => county))];

/** How the register writes a kind. */
export function toKindWords(kind: SchoolKind): readonly string[] {
  return KINDS.find((one) => one.kind === kind)?.words ?? [];
}

/** In the order of the county's register: town by town. */
export function toSchools(seed: number, county: string, issue: Issue): School[] {
  const schools = TOWNS.flatMap((town, at) =>
    town.county === county ? [0, 1, 2].map((place) => toSchool(seed, town, at * 3 + place, place)) : [],
  );
  const numbered = schools.map((school, at) => ({ ...school, code: toCode(school.village, at) }));
  if (county !== CORRECTED) return numbered;
  const closed = issue === 1 ? findClosed(seed, numbered) : null;
  return numbered
    .map((school, at) =>
      at === MISTYPED && issue === 0 ? { ...school, headPhone: toMistyped(school) } : school,
    )
    .filter((school) => school !== closed);
}

export function toBuses(seed: number, schools: readonly School[]): Bus[] {
  return schools.flatMap((school) =>
    Array.from({ length: toBusCount(seed, school) }, (_, at) => toBus(seed, school, at)),
  );
}

type Town = {
  readonly county: string;
  readonly name: string;
  readonly ground: Place & { readonly reachKm: number };
  readonly villages: readonly Village[];
};

/** Those towns whose place is known and whose villages are. */
function toTowns(): readonly Town[] {
  return parseGrounds().grounds.flatMap(({ county, town, lon, lat, reachKm }) => {
    const villages = VILLAGES.filter((one) => one.town === town && one.code.startsWith(county ?? ' '));
    const [first] = villages;
    return first === undefined
      ? []
      : [{ county: first.county, name: town, ground: { lon, lat, reachKm }, villages }];
  });
}

function toCode({ code }: Village, at: number): string {
  return `0${code.slice(0, 6)}${String(at + 1).padStart(3, '0')}`;
}

function toSchool(
  seed: number,
  town: Town,
  index: number,
  at: number,
): Omit<School, 'code'> & { code: string } {
  const chance = (what: number) => toChance(seed, 90, index, what);
  const number = (what: number, from: number, to: number) => from + Math.floor((to - from) * chance(what));
  const kind = KINDS[at === 0 ? 0 : at === 1 ? 1 : 2 + Math.floor(3 * chance(1))] ?? KINDS[0];
  const village = town.villages[index % town.villages.length] ?? town.villages[0];
  if (village === undefined) throw new Error(`${town.name} must have a village`);
  const { lon, lat } = toMoved(
    town.ground,
    town.ground.reachKm * (chance(2) - 0.5),
    town.ground.reachKm * (chance(3) - 0.5),
  );
  const pupilsOf = (level: string, what: number) =>
    (kind.pupils as readonly string[]).includes(level) ? number(what, 60, 1400) : 0;
  const [primary, junior, senior] = [pupilsOf('primary', 4), pupilsOf('junior', 5), pupilsOf('senior', 6)];
  const stem = town.name.replace(/(瑶族乡|镇|乡)$/, '');
  return {
    index,
    code: '',
    name: `${stem}${kind.name}`,
    kind: kind.kind,
    village,
    place: { lon: toSix(lon), lat: toSix(lat) },
    primary,
    junior,
    senior,
    boarders: kind.kind === 'KINDERGARTEN' ? 0 : Math.floor((primary + junior + senior) * 0.4 * chance(7)),
    ...toFounding(chance),
    head: toName(chance(8), chance(9)),
    // Every fifth has a landline only.
    headPhone: index % 5 === 4 ? `07468${String(230_000 + 37 * index)}` : `1390000${5000 + 7 * index}`,
    shelter: chance(10) < 0.5 ? { people: number(11, 3, 30) * 100, areaM2: number(12, 20, 200) * 50 } : null,
  };
}

function toFounding(chance: (what: number) => number): Pick<School, 'founded' | 'foundedTo'> {
  const year = 1951 + Math.floor(70 * chance(20));
  const share = chance(21);
  if (share < 0.15) return { founded: `${year}-01-01`, foundedTo: 'YEAR' };
  const month = String(1 + Math.floor(12 * chance(22))).padStart(2, '0');
  if (share < 0.4) return { founded: `${year}-${month}-01`, foundedTo: 'MONTH' };
  const day = String(1 + Math.floor(28 * chance(23))).padStart(2, '0');
  return { founded: `${year}-${month}-${day}`, foundedTo: 'DAY' };
}

function toBusCount(seed: number, { index, kind }: School): number {
  if (kind === 'JUNIOR' || kind === 'COMPLETE') return 0;
  return Math.floor(3 * toChance(seed, 91, index));
}

function toBus(seed: number, school: School, at: number): Bus {
  const index = school.index * 3 + at;
  const chance = (what: number) => toChance(seed, 92, index, what);
  const isGreen = chance(1) < 0.2;
  return {
    index,
    plate: isGreen ? `湘MD${10_000 + 31 * index}` : `湘M${20_000 + 37 * index}`,
    colour: isGreen ? 'GREEN' : 'YELLOW',
    school,
    seats: 18 + 2 * Math.floor(20 * chance(2)),
    route: `${school.village.town}—${school.village.name.replace(/村委会$/, '')}`,
    driver: toName(chance(3), chance(4)),
    driverPhone: `1390000${7000 + 11 * index}`,
    inspectedOn: `2026-0${1 + Math.floor(3 * chance(5))}-${String(1 + Math.floor(28 * chance(6))).padStart(2, '0')}`,
  };
}

/** The first without a bus, so that nobody's bus loses its school. */
function findClosed(seed: number, schools: readonly School[]): School | null {
  return schools.find((school, at) => at !== MISTYPED && toBusCount(seed, school) === 0) ?? null;
}

/** Two digits of it in the wrong order. */
function toMistyped({ headPhone }: School): string {
  return headPhone.replace(/(.)(.)$/, '$2$1');
}

function toName(first: number, second: number): string {
  return (
    (SURNAMES[Math.floor(first * SURNAMES.length)] ?? '') +
    (GIVEN_NAMES[Math.floor(second * GIVEN_NAMES.length)] ?? '')
  );
}

function toSix(degrees: number): number {
  return Number(degrees.toFixed(6));
}
