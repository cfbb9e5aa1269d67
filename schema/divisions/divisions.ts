// The city's administrative divisions (GB/T 2260 and its statistical extension): where every row's place meets. The
// mapping finds codes and names here, the gateway turns a division into a range of codes. Pure; opened by open-divisions.ts.
import type { CountyAt } from './county-at.ts';
import type { Division, DivisionFacts, DivisionLevel, Predecessor } from './division.ts';
import { compileNames } from './names.ts';

export type { CountyAt } from './county-at.ts';
export type { Division } from './division.ts';

/** Half-open range of codes in byte order (`COLLATE "C"`): `from <= code && code < to`. */
export type CodeRange = { readonly from: string; readonly to: string };

export type Divisions = {
  /** The city first, then by code. */
  readonly all: readonly Division[];
  /**
   * The division that a stated code means: any longer code (12-digit padding, an industry suffix) by its deepest known
   * prefix, `4311` and `431100` alike for the city, a dated predecessor (431121 祁阳县) by its successor; null when not of this city.
   */
  find(code: string): Division | null;
  /**
   * The division that names say, county first, then deeper (`['道县', '梅花镇']`, or one address). As deep as the
   * names are clear; null when even the county is unknown or a lone name is borne by several.
   */
  byName(names: readonly string[]): Division | null;
  readonly countyAt: CountyAt;
  /** What is known of a division; all null for towns, villages and unknown codes. */
  facts(code: string): DivisionFacts;
  /** The codes that a division had before, newest first; empty for most. */
  predecessors(code: string): readonly Predecessor[];
  /** One level down, by code; empty for villages and unknown codes. */
  children(code: string): readonly Division[];
  /** The codes of a division and all its descendants; a range that holds nothing when the code is unknown. */
  range(code: string): CodeRange;
};

export type DivisionKnowledge = {
  readonly facts: ReadonlyMap<string, DivisionFacts>;
  /** Newest first. What lay below a replaced county got new codes, so only the county is certain. */
  readonly predecessors: readonly Predecessor[];
  readonly countyAt: CountyAt;
};

const NO_FACTS: DivisionFacts = { population: null, area: null, centre: null, boundary: null };
const CITY_DIGITS = 4;
const UNKNOWN = 'unknown';
const DIGITS: { readonly [Level in DivisionLevel]: number } = {
  CITY: CITY_DIGITS,
  COUNTY: 6,
  TOWN: 9,
  VILLAGE: 12,
};

/** Builds the answers over a list of divisions. Without outlines no point has a county. */
export function toDivisions(
  list: readonly Division[],
  { facts = new Map(), predecessors = [], countyAt = () => null }: Partial<DivisionKnowledge> = {},
): Divisions {
  const byPrefix = new Map(list.map((division) => [toPrefix(division), division]));
  const byParent = toChildren(list);
  const successors = new Map(predecessors.map(({ code, successor }) => [code, successor]));
  const find = (code: string): Division | null => findByPrefix(byPrefix, successors, code);
  const children = (code: string): readonly Division[] => byParent.get(find(code)?.code ?? UNKNOWN) ?? [];
  return {
    all: list,
    find,
    byName: compileNames(list),
    countyAt,
    facts: (code) => facts.get(find(code)?.code ?? UNKNOWN) ?? NO_FACTS,
    predecessors: (code) => {
      const successor = find(code)?.code;
      return predecessors.filter((one) => one.successor === successor);
    },
    children,
    range: (code) => {
      const division = find(code);
      return division === null ? { from: code, to: code } : toRange(toPrefix(division));
    },
  };
}

function toChildren(list: readonly Division[]): ReadonlyMap<string, readonly Division[]> {
  const children = new Map<string, Division[]>();
  for (const division of list) {
    const parent = division.parent ?? '';
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [division]);
    else siblings.push(division);
  }
  return children;
}

/** The digits that the division shares with all its descendants: the city's code has two zeros that they lack. */
function toPrefix({ code, level }: Division): string {
  return code.slice(0, DIGITS[level]);
}

function findByPrefix(
  byPrefix: ReadonlyMap<string, Division>,
  successors: ReadonlyMap<string, string>,
  code: string,
): Division | null {
  if (!/^\d+$/.test(code)) return null;
  const successor = successors.get(code.slice(0, DIGITS.COUNTY));
  const digits = successor ?? code;
  for (const length of [DIGITS.VILLAGE, DIGITS.TOWN, DIGITS.COUNTY, DIGITS.CITY]) {
    const division = digits.length < length ? undefined : byPrefix.get(digits.slice(0, length));
    if (division !== undefined) return division;
  }
  return null;
}

// Codes of one length sort as numbers do, so the first code behind all descendants is the prefix plus one.
function toRange(prefix: string): CodeRange {
  return { from: prefix, to: String(BigInt(prefix) + 1n).padStart(prefix.length, '0') };
}
