// The weather stations and the counties they stand in, read from the tables. Everything in this folder starts here.
import { STATION_TABLE } from './station-table.ts';

export type Station = {
  /** 区站号. `number` is its digits, for the seeded chance. */
  readonly code: string;
  readonly number: number;
  readonly name: string;
  /** County code as the bureau states it; it may be an old one or a wrong one. */
  readonly stated: string;
  /** County code of today, where the station really stands. */
  readonly county: string;
  readonly lon: number;
  readonly lat: number;
  /** Metres above sea level. */
  readonly altitude: number;
  /** Station_levl: 011, 012, 013 national, 014 regional. */
  readonly level: string;
};

export type County = { readonly code: string; readonly name: string; readonly areaKm2: number };

export const CITY: County = { code: '431100', name: '永州市', areaKm2: 22_395 };

/** GB/T 2260 as of today. */
export const COUNTIES: readonly County[] = [
  { code: '431102', name: '零陵区', areaKm2: 1981 },
  { code: '431103', name: '冷水滩区', areaKm2: 1217 },
  { code: '431122', name: '东安县', areaKm2: 2220 },
  { code: '431123', name: '双牌县', areaKm2: 1729 },
  { code: '431124', name: '道县', areaKm2: 2461 },
  { code: '431125', name: '江永县', areaKm2: 1635 },
  { code: '431126', name: '宁远县', areaKm2: 2501 },
  { code: '431127', name: '蓝山县', areaKm2: 1814 },
  { code: '431128', name: '新田县', areaKm2: 1006 },
  { code: '431129', name: '江华瑶族自治县', areaKm2: 3279 },
  { code: '431181', name: '祁阳市', areaKm2: 2552 },
];

/** One station a line under the line of column names; throws on a line that does not fit them. */
export function parseStations(table: string = STATION_TABLE): Station[] {
  const [header = '', ...lines] = table.trim().split('\n');
  const columns = header.trim().split(/\s+/);
  return lines.map((line) => {
    const values = line.trim().split(/\s+/);
    if (values.length !== columns.length)
      throw new Error(`A station must have ${columns.length} values, but got: ${line}`);
    const cell = (column: string) => values[columns.indexOf(column)] ?? '';
    return {
      code: cell('code'),
      number: Number(cell('code').replace(/\D/g, '')),
      name: cell('name'),
      stated: cell('stated'),
      county: cell('county'),
      lon: Number(cell('lon')),
      lat: Number(cell('lat')),
      altitude: Number(cell('alt')),
      level: cell('level'),
    };
  });
}
