// Records as the bureau's service writes them: pinyin initials, every value a text, Beijing time, money in 万元, dates in five
// spellings. `lon` holds the latitude and `lat` the longitude; where a clerk has put that right, it is the other way round.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toCountyText, toShortName } from '../map/place.ts';
import { toWrittenPhone } from '../people/person.ts';
import { HOUR } from '../storm/storm.ts';
import type { Alarm, Level } from './alarm.ts';
import { type Grade, HAZARD_KINDS, type Hazard } from './hazard.ts';

export type Row = Readonly<Record<string, string>>;

const DAY = 24 * HOUR;
const GRADE_WORDS: Readonly<Record<Grade, readonly [string, string]>> = {
  SMALL: ['小型', '小'],
  MEDIUM: ['中型', '中'],
  LARGE: ['大型', '大'],
  EXTRA_LARGE: ['特大型', '特大'],
};
const LEVEL_WORDS: Readonly<Record<Level, readonly [string, string]>> = {
  RED: ['1', '红色'],
  ORANGE: ['2', '橙色'],
  YELLOW: ['3', '黄色'],
  BLUE: ['4', '蓝色'],
  TEST: ['9', '测试'],
};

/** Every so many have their axes named rightly. */
const RIGHTED_EVERY = 37;
export const isRighted = ({ number }: Hazard) => number % RIGHTED_EVERY === 0;

/** Group and remark of the place, as the bureau keeps them. */
export function toGroup({ number }: Hazard): string {
  return `${1 + (number % 9)}组`;
}
export function toWrittenVillage({ village, number }: Hazard): string {
  return number % 3 === 0 ? village.name : toShortName(village.name);
}

export function toHazardRow(hazard: Hazard): Row {
  const { code, name, kind, village, position, grade, danger, phone, number } = hazard;
  const [first, second] = isRighted(hazard) ? [position.lon, position.lat] : [position.lat, position.lon];
  return {
    ...{ yhdbh: code, yhdmc: name },
    yhdlx: number % 2 === 0 ? HAZARD_KINDS[kind].zh : HAZARD_KINDS[kind].code,
    fzqs: number % 4 === 0 ? '较稳定' : '不稳定',
    ...{ sz: '永州市', qx: toCountyText(village.county, number % 2), xz: village.town },
    ...{ c: toWrittenVillage(hazard), z: toGroup(hazard), dlwz: '屋后' },
    ...{ lon: first.toFixed(6), lat: second.toFixed(6) },
    zhgm: String(hazard.volumeM3),
    gmdj: GRADE_WORDS[grade][number % 2] ?? '',
    xqdj: danger === null ? '' : (GRADE_WORDS[danger][0] ?? ''),
    // 万元 with two decimals.
    wxccwy: (hazard.propertyYuan / 10_000).toFixed(2),
    ...{ wxhsh: String(hazard.households), wxrsr: ` ${hazard.people}` },
    yhdfxsj: toWrittenDate(hazard),
    ...{ yfys: hazard.trigger, wxdx: hazard.threatens, jczrr: hazard.watcher },
    jczrrdh: phone === null ? '暂无' : toWrittenPhone(phone, number),
  };
}

export function toAlarmRow({ number, hazard, at, level, millimetres }: Alarm): Row {
  return {
    ...{ gjbh: number, yhdbh: hazard, gjsj: toBeijing(at) },
    gjjb: LEVEL_WORDS[level][Number(number.at(-1)) % 2] ?? '',
    ...{ wy: String(millimetres), gjnr: toAlarmText(millimetres) },
  };
}

export function toAlarmText(millimetres: number): string {
  return `裂缝计1小时位移${millimetres}毫米，请现场核查`;
}

/** 2026-04-05 08:30:00 */
export function toBeijing(at: Instant): string {
  return new Date(at + 8 * HOUR).toISOString().slice(0, 19).replace('T', ' ');
}

/** A real time so written; null for anything else. */
export function parseBeijing(text: string): Instant | null {
  const at = Date.parse(`${text.trim().replace(' ', 'T')}+08:00`);
  return !Number.isNaN(at) && toBeijing(at) === text.trim() ? at : null;
}

/** Of some only the month is known. */
function toWrittenDate({ foundDay, isMonthOnly, number }: Hazard): string {
  const [year = '', month = '', day = ''] = new Date(foundDay * DAY).toISOString().slice(0, 10).split('-');
  if (isMonthOnly) return `${year}-${month}`;
  const styles = [
    `${year}-${month}-${day}`,
    `${year}/${Number(month)}/${Number(day)}`,
    `${year}年${Number(month)}月${Number(day)}日`,
    `${year}${month}${day}`,
  ];
  return styles[number % styles.length] ?? '';
}
