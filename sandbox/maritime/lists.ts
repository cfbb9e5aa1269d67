// The two lists as the bureau's clerks write them down: GB18030, positions of a shifted map, and what clerks make of codes and
// phones.
import iconv from 'iconv-lite';
import { toCountyText, toShortName } from '../map/place.ts';
import { toGcj02 } from '../map/shift.ts';
import { toWrittenPhone } from '../people/person.ts';
import type { Crossing, Ferry } from './crossing.ts';

const CROSSING_COLUMNS =
  '渡口编号,渡口名称,所在河流,县区,乡镇,村,经度,纬度,封渡水位,负责人,联系电话,参考水位站编码';
const FERRY_COLUMNS = '船舶登记号,船名,核定载客,渡口编号,MMSI';
const NO_MMSI = ['无', '-', ''];

export function toCrossingText(crossings: readonly Crossing[]): string {
  return toText(CROSSING_COLUMNS, crossings.map(toCrossingLine));
}

export function toFerryText(ferries: readonly Ferry[]): string {
  return toText(FERRY_COLUMNS, ferries.map(toFerryLine));
}

/** Throws on a character that GB18030 does not have: iconv-lite itself would write a question mark. */
export function toGb18030(text: string): Buffer {
  const bytes = iconv.encode(text, 'gb18030');
  if (iconv.decode(bytes, 'gb18030') !== text) throw new Error('GB18030 must have every character of a list');
  return bytes;
}

function toText(header: string, lines: readonly string[]): string {
  return [header, ...lines, ''].join('\r\n');
}

function toCrossingLine(crossing: Crossing): string {
  const { index, code, name, river, village, position, closeLevel, chief, phone, gauge } = crossing;
  const { lon, lat } = toGcj02(position);
  const place =
    village === null
      ? ['', '', '']
      : [
          toCountyText(village.county, index % 2),
          village.town,
          index % 3 === 0 ? toShortName(village.name) : village.name,
        ];
  return [
    ...[code, name, river, ...place, lon.toFixed(6), lat.toFixed(6), closeLevel.toFixed(1), chief],
    // Of no comma and no quote: what stands here never needs any.
    ...[toWrittenPhone(phone, index), gauge ?? ''],
  ].join(',');
}

function toFerryLine({ index, registration, name, seats, crossing, mmsi }: Ferry): string {
  // A number is a number to a sheet: the zero in front is lost.
  const number = mmsi === null ? (NO_MMSI[index % NO_MMSI.length] ?? '') : String(Number(mmsi));
  const written = index % 4 === 2 ? registration.toLowerCase() : registration;
  return [written, name, seats, crossing.code, number].join(',');
}
