// How clerks write what is true: dates in six ways and as Excel's own days, codes and phones as numbers that lose their
// zeros, a position with whatever comma the keyboard gives.
import { type Position as Place, toBd09 } from '../map/shift.ts';
import type { School } from './register.ts';
import type { CellValue } from './workbook.ts';

/** `way`: which of the spellings, by chance. */
export function toDayCell(date: string, to: School['foundedTo'], way: number): CellValue {
  const [year = '', month = '', day = ''] = date.split('-');
  const [m, d] = [Number(month), Number(day)];
  const ways: readonly CellValue[] =
    to === 'YEAR'
      ? [year, Number(year)]
      : to === 'MONTH'
        ? [`${year}年${m}月`, `${year}.${m}`]
        : [
            date,
            `${year}.${m}.${d}`,
            `${year}/${m}/${d}`,
            `${year}年${m}月${d}日`,
            { day: toSerial(date) },
            toSerial(date),
          ];
  return ways[Math.floor(way * ways.length)] ?? date;
}

/** Days since the end of 1899, as Excel counts them from March 1900 on. */
export function toSerial(date: string): number {
  return (Date.parse(date) - Date.UTC(1899, 11, 30)) / 86_400_000;
}

/** Half of the clerks let the program take it for a number: the zero in front is gone. */
export function toCodeCell(code: string, way: number): CellValue {
  return way < 0.5 ? Number(code) : code;
}

export function toPhoneCell(phone: string, way: number): CellValue {
  if (way < 0.5) return Number(phone);
  return way < 0.75 && phone.startsWith('0746') ? `${phone.slice(0, 4)}-${phone.slice(4)}` : phone;
}

/** BD-09, six decimals. */
export function toPlaceCell(place: Place, way: number): string {
  const { lon, lat } = toBd09(place);
  return [lon, lat].map((degrees) => degrees.toFixed(6)).join(way < 0.6 ? '，' : way < 0.8 ? ',' : ' , ');
}

/** 湘M12345（黄）; a bus that is yellow is not always said to be. */
export function toPlateCell(plate: string, colour: 'YELLOW' | 'GREEN', way: number): string {
  const written = way < 0.2 ? plate.replace('湘M', '湘Ｍ') : way < 0.4 ? plate.replace('湘M', '湘M·') : plate;
  if (colour === 'GREEN') return `${written}（绿）`;
  return way > 0.8 ? written : `${written}（黄${way < 0.5 ? '' : '色'}）`;
}

/** As people still say: 祁阳 was a 县 until 2021, and the autonomous county's long name is rarely written out. */
export function toCountyCell(county: string, way: number): string {
  if (way < 0.5) return county;
  return county === '祁阳市' ? '祁阳县' : county.replace('瑶族自治县', '县');
}
