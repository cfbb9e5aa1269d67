// Which list of grid members is dropped when, and its bytes: CSV in GB18030, one file a county.
import iconv from 'iconv-lite';
import type { Instant } from '../clock/sandbox-clock.ts';
import type { World } from '../drop/state.ts';
import { toWrittenPhone } from '../people/person.ts';
import { HOUR } from '../storm/storm.ts';
import { CORRECTED, COUNTIES, type Issue, type Member, toMembers } from './member.ts';

export type PlannedList = {
  readonly name: string;
  readonly due: Instant;
  readonly county: string;
  readonly issue: Issue;
};

const DAY = 24 * HOUR;
const HEADER = '网格员编号,姓名,身份证号,手机号码,县区,乡镇,村社区,行政区划代码,网格名称,户数,是否专职';

/** The files due in (from, to], in the order in which they fall due. */
export function planLists(world: World, from: Instant, to: Instant): readonly PlannedList[] {
  // 08:30 in Beijing, when the hub has the first issue.
  const morning = (Math.floor((world.start + 8 * HOUR) / DAY) + 1) * DAY + HOUR / 2;
  return [
    ...COUNTIES.map((county) => ({ county, issue: 0 as const, due: world.from })),
    { county: CORRECTED, issue: 1 as const, due: morning },
  ]
    .filter(({ due }) => due > from && due <= to)
    .map((list) => ({ ...list, name: `网格员-${list.county}-2026年第${list.issue + 1}季度.csv` }));
}

export function toListBytes(seed: number, { county, issue }: Pick<PlannedList, 'county' | 'issue'>): Buffer {
  const lines = toMembers(seed, county, issue).map((member, at) => toLine(member, at));
  return iconv.encode(`${[HEADER, ...lines].join('\r\n')}\r\n`, 'gb18030');
}

function toLine({ number, name, idNumber, phone, village, grid, households, isFull }: Member, at: number) {
  const words = isFull ? ['是', '专职'] : ['否', '兼职'];
  return [
    ...[number, name, idNumber, toWrittenPhone(phone, at)],
    ...[village.county, village.town, village.name, village.code],
    ...[`"${grid}"`, households, words[at % 2]],
  ].join(',');
}
