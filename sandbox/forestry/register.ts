// The two registers of the bureau, forest rangers and watch towers: the true entries of the first and the second issue, and
// their CSV. Two rangers are missing from the second issue (retired), one has a corrected phone.

import {
  parseGrounds,
  parseVillages,
  toCountyText,
  toMoved,
  toShortName,
  type Village,
} from '../map/place.ts';
import { toName } from '../people/person.ts';
import { toChance } from '../storm/noise.ts';
import type { Line, Table } from './csv.ts';

export type Ranger = {
  readonly number: string;
  readonly name: string;
  /** Eleven digits. */
  readonly phone: string;
  readonly village: Village;
  readonly hectares: number;
};

export type Tower = {
  readonly code: string;
  readonly name: string;
  readonly county: string;
  readonly town: string;
  /** WGS84 in seconds of arc, so that degrees, minutes and seconds give them exactly. */
  readonly lonSeconds: number;
  readonly latSeconds: number;
  /** Metres. */
  readonly height: number;
};

export const RANGER_COLUMNS = '护林员编号,姓名,联系电话,县区,乡镇,村,管护面积';
export const TOWER_COLUMNS = '编号,名称,县区,乡镇,经度,纬度,海拔';
/** Places in the list. */
const RETIRED = [17, 142];
const MISTYPED = 63;
const MU_A_HECTARE = 15;
const VILLAGES = parseVillages();
const { towers: SITES } = parseGrounds();

/** The rangers as issue 0 or 1 of the register lists them. */
export function toRangers(seed: number, issue: 0 | 1): Ranger[] {
  return VILLAGES.map((village, index) => toRanger(seed, village, index, issue)).filter(
    (_, index) => issue === 0 || !RETIRED.includes(index),
  );
}

/** The same in every issue. */
export function toTowers(seed: number): Tower[] {
  return SITES.map(({ county, countyName, town, height, reachKm, ...ground }, index) => {
    const chance = (what: number) => toChance(seed, 61, index, what) - 0.5;
    const place = toMoved(ground, reachKm * chance(1), reachKm * chance(2));
    return {
      code: `LWT${county}${String(index + 1).padStart(2, '0')}`,
      name: `${town.replace(/(瑶族乡|国家森林公园管理局|镇|乡)$/, '')}瞭望塔`,
      county: countyName,
      town,
      lonSeconds: Math.round(place.lon * 3600),
      latSeconds: Math.round(place.lat * 3600),
      height,
    };
  });
}

export function toRangerTable(rangers: readonly Ranger[]): Table {
  const lines = rangers.map((ranger): Line => {
    const { number, name, phone, village, hectares } = ranger;
    const part = Number(phone.slice(-4));
    const cells = [
      number,
      name,
      toPhoneText(phone, part % 7),
      toCountyText(village.county, part % 2),
      village.town,
      part % 3 === 0 ? village.name : toShortName(village.name),
      hectares * MU_A_HECTARE,
    ];
    return { text: cells.join(','), of: null };
  });
  return { header: RANGER_COLUMNS, lines };
}

export function toTowerTable(towers: readonly Tower[]): Table {
  const lines = towers.map(({ code, name, county, town, lonSeconds, latSeconds, height }): Line => {
    const cells = [code, name, county, town, toDegrees(lonSeconds), toDegrees(latSeconds), height];
    return { text: cells.join(','), of: null };
  });
  return { header: TOWER_COLUMNS, lines };
}

function toRanger(seed: number, village: Village, index: number, issue: 0 | 1): Ranger {
  const chance = (what: number) => toChance(seed, 60, index, what);
  const phone = `1390000${1000 + 13 * index}`;
  return {
    number: `HLY${village.code.slice(0, 6)}${String(index + 1).padStart(3, '0')}`,
    name: toName(chance(1), chance(2)),
    // The first issue has two digits of it in the wrong order.
    phone: index === MISTYPED && issue === 0 ? phone.replace(/(.)(.)$/, '$2$1') : phone,
    village,
    hectares: 120 + Math.floor(680 * chance(3)),
  };
}

function toPhoneText(phone: string, style: number): string {
  if (style === 1) return `${phone.slice(0, 3)}-${phone.slice(3, 7)}-${phone.slice(7)}`;
  return style === 2 ? `+86 ${phone}` : phone;
}

/** 111°36′28″ */
function toDegrees(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}°${two(Math.floor(seconds / 60) % 60)}′${two(seconds % 60)}″`;
}
