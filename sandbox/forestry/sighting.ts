// What the satellites see of the fires: one sighting a pixel and pass, true, before any file is written. firms.ts and
// domestic.ts write sightings down, ledger.ts lists them.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toMoved } from '../map/place.ts';
import { toChance } from '../storm/noise.ts';
import { MINUTE } from '../storm/storm.ts';
import { type Fire, isUnderRain, toFires } from './fire.ts';
import { type Pass, type Satellite, type SatelliteName, toDomesticPasses, toPasses } from './pass.ts';

type Seen = {
  readonly at: Instant;
  /** WGS84, exactly as precise as the files give it. */
  readonly lon: number;
  readonly lat: number;
  /** The county's code; null: outside the city. */
  readonly county: string | null;
};

/** One pixel of VIIRS or MODIS. */
export type InfraredSighting = Seen & {
  readonly sensor: Satellite['sensor'];
  readonly satellite: SatelliteName;
  /** Kelvin, in the channels near 4 µm and 11 µm. */
  readonly brightness: number;
  readonly background: number;
  /** Kilometres. */
  readonly scan: number;
  readonly track: number;
  /** MW. */
  readonly power: number;
  /** What MODIS says. VIIRS says only which third it is: see `toConfidence`. */
  readonly percent: number;
  readonly day: boolean;
};

/** One fire as the domestic list has it. */
export type DomesticSighting = Seen & {
  readonly sensor: 'domestic';
  readonly satellite: 'domestic';
  readonly number: string;
  readonly pixels: number;
  readonly continued: boolean;
  /** Tenths of a hectare. */
  readonly flame: number;
  readonly smoke: string;
  readonly landUse: string;
};

export type Sighting = InfraredSighting | DomesticSighting;

/** Detection fails once in so many times without any cloud. */
const MISSED_SHARE = 1 / 10;
const SMOKE = ['有烟', '无烟', '薄云'];
const LAND_USE = ['有林地', '灌木林地', '荒草地', '农用地'];
/** Pixel width, km, and most pixels of one fire. */
const PIXELS = { VIIRS: { km: 0.375, most: 4, places: 5 }, MODIS: { km: 0.9, most: 2, places: 4 } };

/** What one pixel is, however often and in whatever form it is written: satellite, minute, place to 4 decimals. */
export function toSightingKey({ satellite, at, lon, lat }: Sighting): string {
  return `${satellite} ${new Date(at).toISOString()} ${lat.toFixed(4)} ${lon.toFixed(4)}`;
}

/** FIRMS: low below 30 %, high from 80 %. */
export function toConfidence(percent: number): 'low' | 'nominal' | 'high' {
  return percent < 30 ? 'low' : percent < 80 ? 'nominal' : 'high';
}

/** Every pixel that one sensor sees in [from, to), in the order of the passes; neighbouring provinces' too. */
export function toInfraredSightings(
  seed: number,
  sensor: Satellite['sensor'],
  from: Instant,
  to: Instant,
): InfraredSighting[] {
  const fires = toFires(seed, from, to);
  return toPasses(seed, sensor, from, to).flatMap((pass) =>
    toSeenFires(seed, fires, pass.at).flatMap((fire) => toPixels(seed, fire, pass)),
  );
}

/** What the domestic satellite sees of this city at one of its passes. */
export function toDomesticSightings(seed: number, day: number, at: Instant): DomesticSighting[] {
  const before = [...toDomesticPasses(seed, day - 1), ...toDomesticPasses(seed, day)].filter(
    (pass) => pass < at,
  );
  const last = before.at(-1) ?? at;
  return toSeenFires(seed, toFires(seed, at, at), at)
    .filter(({ ground }) => ground.county !== null)
    .map((fire, index) => {
      const chance = (what: number) => toChance(seed, 41, fire.number, at / MINUTE, what);
      const date = new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
      const size = toSize(fire, at);
      return {
        at,
        lon: Number(fire.lon.toFixed(4)),
        lat: Number(fire.lat.toFixed(4)),
        county: fire.ground.county,
        sensor: 'domestic',
        satellite: 'domestic',
        number: `${fire.ground.county}${date}${at % (24 * 60 * MINUTE) < 5 * 60 * MINUTE ? 1 : 2}${String(index + 1).padStart(2, '0')}`,
        pixels: 1 + Math.floor(3 * size),
        continued: fire.begins <= last,
        flame: 1 + Math.floor(60 * size * (0.5 + chance(1))),
        smoke: SMOKE[Math.floor(chance(2) * SMOKE.length)] ?? '',
        landUse: LAND_USE[Math.floor(toChance(seed, 42, fire.number) * LAND_USE.length)] ?? '',
      };
    });
}

function toSeenFires(seed: number, fires: readonly Fire[], at: Instant): Fire[] {
  return fires.filter(
    (fire) =>
      fire.begins <= at &&
      at < fire.ends &&
      toChance(seed, 40, fire.number, at / MINUTE) >= MISSED_SHARE &&
      !isUnderRain(seed, fire, at),
  );
}

/** From 0 to its strength and back, over its life. */
function toSize({ begins, ends, strength }: Fire, at: Instant): number {
  return strength * Math.sin((Math.PI * (at - begins)) / (ends - begins));
}

function toPixels(seed: number, fire: Fire, { satellite, at }: Pass): InfraredSighting[] {
  const { km, most, places } = PIXELS[satellite.sensor];
  const still = fire.ground.reachKm === 0;
  const count = still ? 1 : 1 + Math.floor(most * toSize(fire, at));
  const chance = (what: number) => toChance(seed, 43, fire.number, at / MINUTE, what);
  const shift = still ? 0 : 0.3;
  return Array.from({ length: count }, (_, index) => {
    const of = (what: number) => chance(10 + 10 * index + what);
    const place = toMoved(
      fire,
      (index % 2) * km + shift * (chance(1) - 0.5),
      Math.floor(index / 2) * km + shift * (chance(2) - 0.5),
    );
    const heat = toSize(fire, at) * (0.3 + 0.7 * of(1));
    const localHour = (new Date(at).getUTCHours() + 7.4) % 24;
    return {
      at,
      lon: Number(place.lon.toFixed(places)),
      lat: Number(place.lat.toFixed(places)),
      county: fire.ground.county,
      sensor: satellite.sensor,
      satellite: satellite.name,
      brightness: Math.round(100 * (301 + 62 * heat + 4 * of(2))) / 100,
      background: Math.round(100 * (284 + 22 * heat + 4 * of(3))) / 100,
      scan: Math.round(100 * (km + 0.3 * chance(3))) / 100,
      track: Math.round(100 * (km + 0.1 * chance(4))) / 100,
      power: Math.round(10 * (0.5 + 80 * heat ** 2 + of(4))) / 10,
      percent: Math.min(100, Math.floor(20 + 90 * heat + 30 * of(5))),
      day: localHour >= 6 && localHour < 18,
    };
  });
}
