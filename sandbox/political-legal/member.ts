// The true grid members of each county, as the first issue of its list has them and as the correction of one county does: one
// member has gone, one telephone number is put right. Villages are real, people and numbers are invented.
import { parseVillages, toShortName, type Village } from '../map/place.ts';
import { toName } from '../people/person.ts';
import { toChance } from '../storm/noise.ts';

export type Issue = 0 | 1;
export type Member = {
  readonly number: string;
  readonly name: string;
  readonly idNumber: string;
  readonly phone: string;
  readonly village: Village;
  readonly grid: string;
  readonly households: number;
  readonly isFull: boolean;
};

/** The county that corrects itself. */
export const CORRECTED = '道县';
const [MISTYPED, GONE] = [2, 4];
const VILLAGES = parseVillages();
export const COUNTIES: readonly string[] = [...new Set(VILLAGES.map(({ county }) => county))];
/** 㘭 (U+362D), a hollow between hills, has four bytes in GB18030 and stands in no older set. */
const SIDES = ['㘭上', '㘭头', '河东', '河西'];
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';

export function toMembers(seed: number, county: string, issue: Issue): readonly Member[] {
  const members = VILLAGES.flatMap((village, index) =>
    village.county === county ? [toMember(seed, village, index)] : [],
  );
  if (county !== CORRECTED) return members;
  return members
    .map((member, at) =>
      at === MISTYPED && issue === 0 ? { ...member, phone: member.phone.replace(/(.)(.)$/, '$2$1') } : member,
    )
    .filter((_, at) => at !== GONE || issue === 0);
}

function toMember(seed: number, village: Village, index: number): Member {
  const chance = (what: number) => toChance(seed, 131, index, what);
  const birth = `${1962 + Math.floor(chance(3) * 38)}${String(1 + Math.floor(chance(4) * 12)).padStart(2, '0')}${String(1 + Math.floor(chance(5) * 28)).padStart(2, '0')}`;
  const side = SIDES[index % SIDES.length] ?? '';
  return {
    number: `WG${village.code}${String(index % 10).padStart(2, '0')}`,
    name: toName(chance(1), chance(2)),
    idNumber: toIdNumber(`${village.code.slice(0, 6)}${birth}${String(100 + (index % 900))}`),
    phone: `1390003${String(1000 + index * 7).padStart(4, '0')}`,
    village,
    grid: `${toShortName(village.name)}${side}网格`,
    households: 60 + Math.floor(chance(6) * 400),
    isFull: chance(7) < 0.4,
  };
}

/** Seventeen digits with their check (GB 11643: ISO 7064, MOD 11-2). */
function toIdNumber(digits: string): string {
  const sum = [...digits].reduce((all, digit, at) => all + Number(digit) * (WEIGHTS[at] ?? 0), 0);
  return digits + (CHECKS[sum % 11] ?? '');
}
