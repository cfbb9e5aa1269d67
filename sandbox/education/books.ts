// The two workbooks of a county: its register of schools, and of school buses. Titles, headers over two rows, merged towns,
// subtotals, blank rows and a last row that sums all up: what a person reads at a glance.
import { toChance } from '../storm/noise.ts';
import { type Bus, type School, toKindWords } from './register.ts';
import { toCodeCell, toCountyCell, toDayCell, toPhoneCell, toPlaceCell, toPlateCell } from './spelling.ts';
import { type CellValue, type Sheet, toPlace } from './workbook.ts';

export type Book = { readonly county: string; readonly term: string };

const HEADER: readonly (readonly [string, ...string[]])[] = [
  ['序号'],
  ['区县'],
  ['乡镇'],
  ['村（社区）'],
  ['学校代码'],
  ['学校名称'],
  ['办学类型'],
  ['经纬度'],
  ['地址'],
  ['学生数', '小学', '初中', '高中'],
  ['寄宿生数'],
  ['建校时间'],
  ['联系人', '姓名', '电话'],
  ['避难场所', '是否', '容纳人数', '面积（㎡）'],
  ['备注'],
];
const PUPILS_AT = 9;
const SCHOOL_WIDTH = 20;
const BUS_HEADER = [
  '序号',
  '学校名称',
  '学校代码',
  '车牌号',
  '核载人数',
  '行驶线路',
  '驾驶员',
  '联系电话',
  '年检日期',
];

/** The first sheet tells how to fill in the second, which is called 学校. */
export function toSchoolSheets(seed: number, { county, term }: Book, schools: readonly School[]): Sheet[] {
  const rows: CellValue[][] = [
    [`${county}学校台账（${term}）`],
    [`填报单位：${county}教育局`],
    ...toHeaderRows(),
  ];
  const merges = [`A1:${toPlace(SCHOOL_WIDTH - 1, 1)}`, ...toHeaderMerges(3)];
  // Some clerks have taken the merging away to sort: the name stands in the first row and nowhere below.
  const isMerged = toChance(seed, 93, schools[0]?.index ?? 0) < 0.7;
  let number = 0;
  for (const town of toGroups(schools, ({ village }) => village.town)) {
    const first = rows.length + 1;
    for (const [at, school] of town.entries()) {
      number += 1;
      rows.push(toSchoolRow(seed, school, number, at === 0));
    }
    if (isMerged && town.length > 1)
      for (const column of [1, 2]) merges.push(`${toPlace(column, first)}:${toPlace(column, rows.length)}`);
    rows.push(toSumRow('小计', town));
    if (toChance(seed, 94, town[0]?.index ?? 0) < 0.5) rows.push([]);
  }
  rows.push(
    toSumRow('合计', schools),
    [],
    ['填表人：', schools[0]?.head ?? '', null, '联系电话：', 13900005000],
  );
  const guide: Sheet = {
    name: '填表说明',
    rows: [['一、每所学校一行。'], ['二、经纬度从百度地图拾取。']],
    merges: [],
  };
  return [guide, { name: '学校', rows, merges }];
}

/** One sheet; a school's name and code are merged over its buses. */
export function toBusSheets(seed: number, { county, term }: Book, buses: readonly Bus[]): Sheet[] {
  const rows: CellValue[][] = [[`${county}校车台账（${term}）`], [...BUS_HEADER]];
  const merges = [`A1:${toPlace(BUS_HEADER.length - 1, 1)}`];
  let number = 0;
  for (const own of toGroups(buses, ({ school }) => school.code)) {
    const first = rows.length + 1;
    for (const [at, bus] of own.entries()) {
      number += 1;
      rows.push(toBusRow(seed, bus, number, at === 0));
    }
    if (own.length > 1)
      for (const column of [1, 2]) merges.push(`${toPlace(column, first)}:${toPlace(column, rows.length)}`);
  }
  rows.push(['合计', null, null, `${buses.length}辆`, buses.reduce((sum, { seats }) => sum + seats, 0)]);
  return [{ name: '校车', rows, merges }];
}

function toHeaderRows(): CellValue[][] {
  const above = HEADER.flatMap(([name, ...below]) => [name, ...below.slice(1).map(() => null)]);
  const below = HEADER.flatMap(([, ...names]) => (names.length === 0 ? [null] : names));
  return [above, below];
}

function toHeaderMerges(row: number): string[] {
  let column = 0;
  return HEADER.map(([, ...below]) => {
    const first = column;
    column += Math.max(1, below.length);
    const last = below.length === 0 ? toPlace(first, row + 1) : toPlace(column - 1, row);
    return `${toPlace(first, row)}:${last}`;
  });
}

function toSchoolRow(seed: number, school: School, number: number, isFirst: boolean): CellValue[] {
  const way = (what: number) => toChance(seed, 95, school.index, what);
  const { village, shelter } = school;
  const kinds = toKindWords(school.kind);
  // Nobody writes a nought where there are no pupils.
  const pupils = [school.primary, school.junior, school.senior, school.boarders].map((count) =>
    count === 0 ? null : count,
  );
  return [
    number,
    isFirst ? toCountyCell(village.county, way(0)) : null,
    isFirst ? village.town : null,
    village.name,
    toCodeCell(school.code, way(1)),
    school.name,
    kinds[Math.floor(way(2) * kinds.length)] ?? '',
    toPlaceCell(school.place, way(3)),
    `${village.county}${village.town}${village.name}`,
    ...pupils,
    toDayCell(school.founded, school.foundedTo, way(4)),
    school.head,
    toPhoneCell(school.headPhone, way(5)),
    ...(shelter === null ? ['否', null, null] : ['是', shelter.people, shelter.areaM2]),
  ];
}

function toSumRow(word: string, schools: readonly School[]): CellValue[] {
  const sum = (of: 'primary' | 'junior' | 'senior' | 'boarders') =>
    schools.reduce((all, school) => all + school[of], 0);
  const row: CellValue[] = [word, ...Array.from({ length: PUPILS_AT - 1 }, () => null)];
  return [...row, sum('primary'), sum('junior'), sum('senior'), sum('boarders')];
}

function toBusRow(seed: number, bus: Bus, number: number, isFirst: boolean): CellValue[] {
  const way = (what: number) => toChance(seed, 96, bus.index, what);
  return [
    number,
    isFirst ? bus.school.name : null,
    isFirst ? toCodeCell(bus.school.code, way(0)) : null,
    toPlateCell(bus.plate, bus.colour, way(1)),
    bus.seats,
    bus.route,
    bus.driver,
    toPhoneCell(bus.driverPhone, way(2)),
    toDayCell(bus.inspectedOn, 'DAY', way(3)),
  ];
}

/** Neighbours with one name together, in their order. */
function toGroups<Item>(
  items: readonly Item[],
  toName: (item: Item) => string,
): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(toName(item), [...(groups.get(toName(item)) ?? []), item]);
  return [...groups.values()];
}
