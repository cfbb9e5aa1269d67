// The crossings and their ferries: the true entries of the first and the second issue of the lists. One ferry is struck off and
// one phone put right in the second. lists.ts writes them down, ship.ts puts those with AIS on the water.
import { parseVillages, type Village } from '../map/place.ts';
import type { Position } from '../map/shift.ts';
import { toName } from '../people/person.ts';
import { toChance } from '../storm/noise.ts';
import { findWaypoint, parseRivers, toRows } from './river.ts';
import { CROSSING_TABLE } from './river-table.ts';

export type Issue = 0 | 1;

export type Crossing = {
  readonly index: number;
  readonly code: string;
  readonly name: string;
  readonly river: string;
  /** Kilometres down the river. */
  readonly km: number;
  /** WGS84. */
  readonly position: Position;
  /** Today's code. */
  readonly county: string;
  /** Null: the list says only where it lies. */
  readonly village: Village | null;
  /** Metres at the gauge. */
  readonly closeLevel: number;
  readonly chief: string;
  /** Eleven digits. */
  readonly phone: string;
  readonly gauge: string | null;
};

export type Ferry = {
  readonly index: number;
  /** In capitals. */
  readonly registration: string;
  readonly name: string;
  readonly seats: number;
  readonly crossing: Crossing;
  /** Nine digits; null: it has no AIS. */
  readonly mmsi: string | null;
};

/** Places in the lists. */
const MISTYPED = 3;
const STRUCK_OFF = 8;
const RIVERS = parseRivers();
const VILLAGES = parseVillages();

export function toCrossings(seed: number, issue: Issue): Crossing[] {
  return toRows(CROSSING_TABLE).map((cells, index) => {
    const [river = '', county = '', place = '', name = '', town = '', official = '', gauge = '', close] =
      cells;
    const { lon, lat, km } = findWaypoint(RIVERS, river, place);
    const phone = `1390003${1000 + 13 * index}`;
    const chance = (what: number) => toChance(seed, 120, index, what);
    return {
      ...{ index, name, river, km, county, position: { lon, lat } },
      code: `YZDK${String(index + 1).padStart(3, '0')}`,
      village: official === '-' ? null : findVillage(town, official),
      closeLevel: Number(close),
      chief: toName(chance(0), chance(1)),
      // The first issue has two digits of it in the wrong order.
      phone: index === MISTYPED && issue === 0 ? phone.replace(/(.)(.)$/, '$2$1') : phone,
      gauge: gauge === '-' ? null : gauge,
    };
  });
}

export function toFerries(seed: number, issue: Issue): Ferry[] {
  const boats = toRows(CROSSING_TABLE).map((cells) => Number(cells[8]));
  const crossings = toCrossings(seed, issue).flatMap((crossing) =>
    Array.from({ length: boats[crossing.index] ?? 0 }, () => crossing),
  );
  return crossings
    .map((crossing, index) => ({
      index,
      registration: `XDY${String(2019_0301 + 17 * index)}${'ABCDEF'[index % 6]}`,
      name: `永渡${String(101 + index)}`,
      seats: 12 + 6 * Math.floor(6 * toChance(seed, 121, index)),
      crossing,
      mmsi: toFerryMmsi(index),
    }))
    .filter(({ index }) => issue === 0 || index !== STRUCK_OFF);
}

/** Every second one has AIS. One was set to a number with a zero in front, which no ship should have. */
function toFerryMmsi(index: number): string | null {
  if (index % 2 === 1) return index === 5 ? '041377005' : `4137712${String(index).padStart(2, '0')}`;
  return null;
}

function findVillage(town: string, name: string): Village {
  const found = VILLAGES.find((village) => village.town === town && village.name === name);
  if (found === undefined) throw new Error(`The place table must have ${name} in ${town}`);
  return found;
}
