// Which workbook the bureau drops when, and what is in it: a pure function of the seed and of when the history begins and
// ends. Every county's first issue when the history begins; the correction on the morning after its end.
import type { Instant } from '../clock/sandbox-clock.ts';
import type { World } from '../drop/state.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR } from '../storm/storm.ts';
import { toBusSheets, toSchoolSheets } from './books.ts';
import { CORRECTED, COUNTIES, type Issue, toBuses, toSchools } from './register.ts';
import { type Sheet, toWorkbook } from './workbook.ts';

export type PlannedFile = {
  readonly name: string;
  readonly due: Instant;
  readonly what: 'schools' | 'buses';
  readonly county: string;
  readonly issue: Issue;
  /** Written under another name first, then renamed; most are not. */
  readonly renamed: boolean;
  toSheets(): readonly Sheet[];
  toBytes(): Buffer;
};

export const TERMS = ['2025年秋季', '2026年春季'] as const;
const RENAMED_SHARE = 0.2;
const DAY = 24 * HOUR;

/** The files due in (from, to], in the order in which they fall due. */
export function planFiles(world: World, from: Instant, to: Instant): PlannedFile[] {
  // 08:30 in Beijing, when the hub has the first issue.
  const morning = (Math.floor((world.start + 8 * HOUR) / DAY) + 1) * DAY + HOUR / 2;
  const issues = [
    ...COUNTIES.map((county) => ({ county, issue: 0 as const, due: world.from })),
    { county: CORRECTED, issue: 1 as const, due: morning },
  ];
  return issues
    .filter(({ due }) => due > from && due <= to)
    .flatMap(({ county, issue, due }) =>
      (['schools', 'buses'] as const).map((what) => toPlanned(world.seed, { county, issue, due, what })),
    );
}

/** As the manifest's pattern wants it: `学校台账-道县-2026年春季.xlsx`. */
export function toFileName(what: PlannedFile['what'], county: string, term: string): string {
  return `${what === 'schools' ? '学校' : '校车'}台账-${county}-${term}.xlsx`;
}

export function toSheetsOf(
  seed: number,
  { county, issue, what }: Pick<PlannedFile, 'county' | 'issue' | 'what'>,
): readonly Sheet[] {
  const schools = toSchools(seed, county, issue);
  const book = { county, term: TERMS[issue] };
  return what === 'schools'
    ? toSchoolSheets(seed, book, schools)
    : toBusSheets(seed, book, toBuses(seed, schools));
}

function toPlanned(seed: number, file: Pick<PlannedFile, 'county' | 'issue' | 'what' | 'due'>): PlannedFile {
  const { county, issue, what } = file;
  const toSheets = () => toSheetsOf(seed, file);
  return {
    ...file,
    name: toFileName(what, county, TERMS[issue]),
    renamed: toChance(seed, 97, COUNTIES.indexOf(county), issue, what === 'schools' ? 0 : 1) < RENAMED_SHARE,
    toSheets,
    toBytes: () => toWorkbook(toSheets()),
  };
}
