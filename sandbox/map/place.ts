// The places of place-table.ts as values: villages for registers, grounds on which things stand and happen. Forestry's fires,
// the police's roads, hazard points and building sites all start here.
import { GROUND_TABLE, NEIGHBOUR_TABLE, RIDGE, TOWN_TABLE } from './place-table.ts';

export type Village = {
  /** Twelve digits. */
  readonly code: string;
  /** The official name, 龙家坊村委会. */
  readonly name: string;
  readonly town: string;
  readonly county: string;
};

/** Where something can stand or happen. */
export type Ground = {
  /** The county's code; null: outside the city. */
  readonly county: string | null;
  readonly town: string;
  readonly lon: number;
  readonly lat: number;
  readonly reachKm: number;
};

export type TowerSite = Ground & { readonly countyName: string; readonly height: number };

const KM_A_DEGREE = { lon: 100.4, lat: 110.8 };

export function parseVillages(): Village[] {
  return toLines(TOWN_TABLE).flatMap(([code = '', county = '', town = '', ...villages]) =>
    villages.map((village) => ({ code: code + village.slice(0, 3), name: village.slice(3), town, county })),
  );
}

/** The city's grounds, and those of them with a tower, in the table's order. */
export function parseGrounds(): {
  readonly grounds: readonly Ground[];
  readonly towers: readonly TowerSite[];
} {
  const counties = new Map(
    toLines(TOWN_TABLE).map(([code = '', county = '']) => [code.slice(0, 6), county] as const),
  );
  const rows = toLines(GROUND_TABLE)
    .slice(1)
    .map(([code = '', town = '', lon, lat, reach, tower]) => ({
      county: code.slice(0, 6),
      countyName: counties.get(code.slice(0, 6)) ?? '',
      town,
      lon: Number(lon),
      lat: Number(lat),
      reachKm: Number(reach),
      height: Number(tower),
    }));
  return { grounds: rows, towers: rows.filter(({ height }) => !Number.isNaN(height)) };
}

export function parseNeighbours(): Ground[] {
  return toLines(NEIGHBOUR_TABLE)
    .slice(1)
    .map(([town = '', lon, lat, reach]) => ({
      county: null,
      town,
      lon: Number(lon),
      lat: Number(lat),
      reachKm: Number(reach),
    }));
}

export const RIDGE_GROUND: Ground = { ...RIDGE, town: '', reachKm: 0 };

/** A position so many kilometres east and north of another. */
export function toMoved(
  { lon, lat }: { readonly lon: number; readonly lat: number },
  eastKm: number,
  northKm: number,
): { readonly lon: number; readonly lat: number } {
  return { lon: lon + eastKm / KM_A_DEGREE.lon, lat: lat + northKm / KM_A_DEGREE.lat };
}

/** As people still say: 祁阳 was a 县 until 2021, and the autonomous county's long name is rarely written out. */
export function toCountyText(county: string, style: number): string {
  if (style === 0) return county;
  return county === '祁阳市' ? '祁阳县' : county.replace('瑶族自治县', '县');
}

/** 龙家坊村委会 is 龙家坊村, 新合村村委会 is 新合村. */
export function toShortName(village: string): string {
  const stem = village.replace(/村委会$/, '');
  return stem === village || stem.endsWith('村') ? stem : `${stem}村`;
}

function toLines(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
}
