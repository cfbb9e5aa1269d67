// The vehicles that the bureau knows: coaches, hazardous goods and school buses (两客一危), and lorries. Towns are real, school buses are
// those of education's register; plates, numbers and firms are invented.
import { parseScenes, type Scene, toPick } from '../city/scene.ts';
import { type Bus, COUNTIES, toBuses, toSchools } from '../education/register.ts';
import { type Position, toMetres } from '../map/shift.ts';
import { toChance } from '../storm/noise.ts';

export type Vehicle = {
  readonly index: number;
  /** Without dots or blanks: 湘M12345. */
  readonly plate: string;
  /** JT/T 697.7: 1 blue, 2 yellow, 5 green. */
  readonly colour: number;
  /** 1 两客一危, 2 goods. */
  readonly kind: '1' | '2';
  readonly isHazmat: boolean;
  /** The terminal's number, twelve digits. */
  readonly simNo: string;
  readonly company: string;
  readonly cargo: string;
  /** Six digits, today's. */
  readonly county: string;
  /** Its way, to be driven there and back; WGS84. */
  readonly stops: readonly Position[];
  /** Of the header that its terminal sends. */
  readonly is2019: boolean;
  /** False: nobody has put it into the register yet. */
  readonly isRegistered: boolean;
};

export const YELLOW = 2;
const GREEN = 5;
const SCENES = parseScenes();
const CARGOES = ['液化石油气', '柴油', '烟花爆竹', '液氯'];
/** Every fifth is a school bus. */
const BUS_EVERY = 5;
const SHORTEST_WAY = 8000;

export function toVehicles(seed: number, count: number): Vehicle[] {
  const buses = toCityBuses(seed);
  return Array.from({ length: count }, (_, index) => {
    const bus = index % BUS_EVERY === 0 ? buses[index / BUS_EVERY] : undefined;
    return bus === undefined ? toCarrier(seed, index) : toSchoolBus(bus, index);
  });
}

/** A lorry whose terminal speaks already, while the clerk has not typed it. */
export function toNewcomer(seed: number, index: number): Vehicle {
  return { ...toCarrier(seed, index), isRegistered: false };
}

/** Of all counties, in an order by chance. */
function toCityBuses(seed: number): Bus[] {
  const order = (bus: Bus) => toChance(seed, 113, bus.index);
  return COUNTIES.flatMap((county) => toBuses(seed, toSchools(seed, county, 0))).sort(
    (a, b) => order(a) - order(b),
  );
}

function toSimNo(index: number): string {
  return `0139074${String(index).padStart(5, '0')}`;
}

function toCarrier(seed: number, index: number): Vehicle {
  const chance = (what: number) => toChance(seed, 110, index, what);
  const [isHazmat, isCoach] = [index % 7 === 1, index % 7 === 4];
  const home = toPick(SCENES, chance(1));
  const sort = isHazmat ? '危货运输' : isCoach ? '客运' : '物流';
  return {
    index,
    plate: `湘M${30_000 + 41 * index}`,
    colour: YELLOW,
    kind: isHazmat || isCoach ? '1' : '2',
    isHazmat,
    simNo: toSimNo(index),
    company: `${home.county.replace('瑶族自治县', '')}${sort}有限公司`,
    cargo: isHazmat ? toPick(CARGOES, chance(2)) : '',
    county: home.code.slice(0, 6),
    stops: toWay(home, chance),
    is2019: index % 2 === 1,
    isRegistered: true,
  };
}

/** From town to town; the two ends lie apart. */
function toWay(home: Scene, chance: (what: number) => number): readonly Position[] {
  const stops: Position[] = [{ lon: home.lon, lat: home.lat }];
  for (let what = 10; stops.length < 3; what += 1) {
    const { lon, lat } = toPick(SCENES, chance(what));
    if (toMetres(stops.at(-1) ?? home, { lon, lat }) > SHORTEST_WAY) stops.push({ lon, lat });
  }
  return stops;
}

function toSchoolBus({ plate, colour, school }: Bus, index: number): Vehicle {
  const { lon, lat } = school.place;
  return {
    index,
    plate,
    colour: colour === 'GREEN' ? GREEN : YELLOW,
    kind: '1',
    isHazmat: false,
    simNo: toSimNo(index),
    company: school.name,
    cargo: '',
    county: school.village.code.slice(0, 6),
    // A village road of some kilometres, there and back all day.
    stops: [
      { lon, lat },
      { lon: lon + 0.04, lat: lat + 0.03 },
      { lon: lon + 0.07, lat: lat - 0.01 },
    ],
    is2019: index % 2 === 1,
    isRegistered: true,
  };
}
