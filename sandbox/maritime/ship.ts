// The ships that speak AIS: some on their way along the rivers, and the ferries that have it, across them. What each says of
// itself, and where it is at any instant; both follow from the seed.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { type Ferry, toFerries } from './crossing.ts';
import { parseRivers, type River, toAside, toSpot } from './river.ts';

/** Null: it does not say so. */
export type Ship = {
  readonly index: number;
  readonly mmsi: string;
  /** A speaks message 1, 3 and 5; B speaks 18, 24A and 24B. */
  readonly class: 'A' | 'B';
  readonly name: string;
  readonly callSign: string | null;
  /** Code of ITU-R M.1371 table 53; 0: not told. */
  readonly shipType: number;
  readonly lengthM: number | null;
  readonly beamM: number | null;
  /** Class A only. */
  readonly draughtM: number | null;
  readonly hasCompass: boolean;
  readonly way: Way;
};

/** To and fro between two kilometres of a river, or across it at one. */
type Way = {
  readonly river: River;
  readonly from: number;
  readonly to: number;
  readonly across: boolean;
  /** Tenths of a knot. */
  readonly tenths: number;
};

export type Motion = {
  readonly lon: number;
  readonly lat: number;
  /** Tenths of a knot, tenths of a degree; course null where it lies still. */
  readonly tenths: number;
  readonly course: number | null;
};

const RIVERS = parseRivers();
const KM_H_A_TENTH = 0.1852;
const [REST_S, FERRY_REST_S] = [1500, 360];
const ACROSS_KM = 0.3;

/** Sort by sort: prefix of the name, code, how many, class, metres long, broad and deep. 55 is law enforcement, 99 anything. */
const SORTS = [
  ['YONGZHOU HUO', 70, 7, 'A', 55, 11, 2.4],
  ['XIANG GONG', 33, 3, 'A', 42, 9, 1.6],
  ['LINGLING YOU', 80, 2, 'A', 48, 9, 2.1],
  ['XIAOXIANG KE', 60, 3, 'A', 32, 7, 1.2],
  ['HAIXUN', 55, 2, 'A', 18, 4, 0.9],
  ['YONG YU', 30, 3, 'B', 9, 2, null],
] as const;

export function toFleet(seed: number): Ship[] {
  const travellers = SORTS.flatMap((sort) => Array.from({ length: sort[2] }, () => sort));
  const ferries = toFerries(seed, 0).filter(({ mmsi }) => mmsi !== null);
  return [
    ...travellers.map((sort, index) => toTraveller(seed, sort, index)),
    ...ferries.map((ferry, at) => toFerryShip(seed, ferry, travellers.length + at)),
  ];
}

function toTraveller(seed: number, sort: (typeof SORTS)[number], index: number): Ship {
  const [prefix, shipType, , shipClass, length, beam, draught] = sort;
  const chance = (what: number) => toChance(seed, 122, index, what);
  const river = RIVERS[chance(0) < 0.6 ? 0 : 1] ?? RIVERS[0];
  if (river === undefined) throw new Error('The river table must have a river');
  const from = chance(1) * (river.km - 12);
  const isBare = index % 9 === 4;
  return {
    index,
    // One fishing boat's number begins with a zero.
    mmsi: index === 18 ? '041277018' : `41377${String(1000 + 7 * index)}`,
    class: shipClass,
    // The first one's name has all twenty characters that there is room for.
    name: index === 0 ? 'XIANGYONGZHOUHUO0166' : `${prefix} ${String(101 + 13 * index).padStart(4, '0')}`,
    callSign: isBare ? null : `BY${String(3001 + 7 * index)}`,
    shipType: index === 6 ? 0 : shipType,
    lengthM: isBare ? null : length + (index % 5),
    beamM: isBare ? null : beam,
    draughtM: isBare || draught === null ? null : draught,
    hasCompass: shipClass === 'A' && index % 4 !== 3,
    way: {
      ...{ river, from, to: from + 4 + 8 * chance(2), across: false },
      tenths: shipClass === 'A' ? 50 + Math.floor(60 * chance(3)) : 30 + Math.floor(20 * chance(3)),
    },
  };
}

function toFerryShip(seed: number, { mmsi, crossing, index: number }: Ferry, index: number): Ship {
  const river = RIVERS.find(({ name }) => name === crossing.river);
  if (river === undefined || mmsi === null)
    throw new Error('A ferry on the air must have its river and number');
  return {
    ...{ index, mmsi, class: 'B', name: `YONG DU ${101 + number}`, callSign: null, shipType: 69 },
    ...{ lengthM: 14 + (number % 4), beamM: 4, draughtM: null, hasCompass: false },
    way: {
      river,
      from: crossing.km,
      to: crossing.km,
      across: true,
      tenths: 22 + (toChance(seed, 123, index) < 0.5 ? 0 : 3),
    },
  };
}

/** Rests at each end of its way. */
export function toMotion(seed: number, { index, way }: Ship, at: Instant): Motion {
  const { river, from, to, across, tenths } = way;
  const km = across ? ACROSS_KM : to - from;
  const rest = across ? FERRY_REST_S : REST_S;
  const underWay = (km / (tenths * KM_H_A_TENTH)) * 3600;
  const round = 2 * (underWay + rest);
  const place = (at / 1000 + round * toChance(seed, 124, index)) % round;
  const isBack = place >= round / 2;
  const inLeg = place % (round / 2);
  const share = Math.min(1, inLeg / underWay);
  const done = isBack ? 1 - share : share;
  const spot = toSpot(river, across ? from : from + done * km);
  const ahead = across ? spot.course + 90 : spot.course;
  const { lon, lat } = across ? toAside(spot, ahead, (done - 0.5) * ACROSS_KM) : spot;
  if (inLeg >= underWay) return { lon, lat, tenths: 0, course: null };
  return { lon, lat, tenths, course: Math.round(10 * (isBack ? ahead + 180 : ahead)) % 3600 };
}

/** For an hour now and then its receiver for positions is out of order. */
export function hasPosition(seed: number, { index }: Ship, at: Instant): boolean {
  return toChance(seed, 125, index, Math.floor(at / 3_600_000)) >= 0.06;
}
