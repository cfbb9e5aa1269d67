// The messages that ships and the shore say, field by field from the tables of ITU-R M.1371-5 Annex 8. What is not known is said by
// the value that the standard has for it: 181°, 91°, 102.3 kn, 360°, 511, second 60, zero for a size, @ for a name.
import type { Instant } from '../clock/sandbox-clock.ts';
import { type Field, toTextFields } from './sentence.ts';
import type { Motion, Ship } from './ship.ts';

export type Said = {
  readonly ship: Ship;
  /** Null: it does not know where it is. */
  readonly motion: Motion | null;
  readonly at: Instant;
};

const A_DEGREE = 600_000;
const [NO_LON, NO_LAT, NO_SPEED, NO_COURSE, NO_HEADING, NO_SECOND] = [181, 91, 1023, 3600, 511, 60];
const [UNDER_WAY, MOORED, NOT_DEFINED] = [0, 5, 15];
/** Rate of turn: not available. */
const NO_TURN = -128;
const GPS = 1;

/** Message 1 (by its schedule) or 3 (asked for). */
export function toClassA(type: 1 | 3, { ship, motion, at }: Said): Field[] {
  const status = motion === null ? NOT_DEFINED : motion.tenths === 0 ? MOORED : UNDER_WAY;
  return [
    ...toHead(type, ship.mmsi),
    ...([
      [status, 4],
      [NO_TURN, 8],
    ] as const),
    ...toNavigation(ship, motion, at),
    // Manoeuvre, spare, RAIM, radio.
    ...([
      [0, 2],
      [0, 3],
      [0, 1],
      [0, 19],
    ] as const),
  ];
}

export function toClassB({ ship, motion, at }: Said): Field[] {
  return [
    ...toHead(18, ship.mmsi),
    [0, 8],
    ...toNavigation(ship, motion, at),
    // Regional; carrier sense, no display, DSC, whole band, message 22; assigned, RAIM, radio.
    ...([
      [0, 2],
      [1, 1],
      [0, 1],
      [1, 1],
      [1, 1],
      [1, 1],
      [0, 1],
      [0, 1],
      [393_222, 20],
    ] as const),
  ];
}

/** What a ship of class A says of itself and its voyage. */
export function toVoyage({ mmsi, name, callSign, shipType, draughtM, ...size }: Ship): Field[] {
  return [
    ...toHead(5, mmsi),
    // Version, no IMO number: these are inland ships.
    ...([
      [0, 2],
      [0, 30],
    ] as const),
    ...toTextFields(callSign ?? '', 7),
    ...toTextFields(name, 20),
    [shipType, 8],
    ...toSize(size),
    // Position by GPS; no time of arrival (0, 0, 24, 60).
    ...([
      [GPS, 4],
      [0, 4],
      [0, 5],
      [24, 5],
      [60, 6],
    ] as const),
    [Math.round(10 * (draughtM ?? 0)), 8],
    ...toTextFields('', 20),
    ...([
      [0, 1],
      [0, 1],
    ] as const),
  ];
}

/** Message 24, part A. */
export function toNamePart({ mmsi, name }: Ship): Field[] {
  return [...toHead(24, mmsi), [0, 2], ...toTextFields(name, 20), [0, 8]];
}

/** Message 24, part B. */
export function toSizePart({ mmsi, callSign, shipType, ...size }: Ship): Field[] {
  const vendor = [...toTextFields('YZC', 3), [1, 4], [1001, 20]] as const;
  const sign = toTextFields(callSign ?? '', 7);
  return [...toHead(24, mmsi), [1, 2], [shipType, 8], ...vendor, ...sign, ...toSize(size), [0, 6]];
}

/** Message 4: the shore says what time it is. */
export function toBase(
  mmsi: string,
  place: { readonly lon: number; readonly lat: number },
  at: Instant,
): Field[] {
  const time = new Date(at);
  return [
    ...toHead(4, mmsi),
    ...([
      [time.getUTCFullYear(), 14],
      [time.getUTCMonth() + 1, 4],
      [time.getUTCDate(), 5],
    ] as const),
    ...([
      [time.getUTCHours(), 5],
      [time.getUTCMinutes(), 6],
      [time.getUTCSeconds(), 6],
      [1, 1],
    ] as const),
    ...toPlace(place),
    ...([
      [GPS, 4],
      [0, 10],
      [0, 1],
      [0, 19],
    ] as const),
  ];
}

/** Message 21: a beacon says where it stands. */
export function toBeacon(mmsi: string, place: { readonly lon: number; readonly lat: number }): Field[] {
  return [
    ...toHead(21, mmsi),
    [13, 5],
    ...toTextFields('LAOBUTOU 1', 20),
    [0, 1],
    ...toPlace(place),
    ...toSize({ lengthM: null, beamM: null }),
    // How it is fixed, its second, on its place, regional, RAIM, virtual, assigned, spare.
    ...([
      [7, 4],
      [NO_SECOND, 6],
      [0, 1],
      [0, 8],
      [0, 1],
      [0, 1],
      [0, 1],
      [0, 1],
    ] as const),
  ];
}

/** Message 15: the shore asks a ship for its message 5. */
export function toQuestion(mmsi: string, ship: Ship): Field[] {
  return [...toHead(15, mmsi), [0, 2], [Number(ship.mmsi), 30], [5, 6], [0, 12]];
}

function toHead(type: number, mmsi: string): Field[] {
  return [
    [type, 6],
    [0, 2],
    [Number(mmsi), 30],
  ];
}

/** Speed, accuracy, place, course, heading, second. */
function toNavigation(ship: Ship, motion: Motion | null, at: Instant): Field[] {
  if (motion === null) {
    const nowhere = toPlace({ lon: NO_LON, lat: NO_LAT });
    return [[NO_SPEED, 10], [0, 1], ...nowhere, [NO_COURSE, 12], [NO_HEADING, 9], [NO_SECOND, 6]];
  }
  const { tenths, course } = motion;
  const heading = ship.hasCompass && course !== null ? Math.round(course / 10) % 360 : NO_HEADING;
  return [
    ...([
      [tenths, 10],
      [1, 1],
    ] as const),
    ...toPlace(motion),
    ...([
      [course ?? NO_COURSE, 12],
      [heading, 9],
      [Math.floor(at / 1000) % 60, 6],
    ] as const),
  ];
}

function toPlace({ lon, lat }: { readonly lon: number; readonly lat: number }): Field[] {
  return [
    [Math.round(lon * A_DEGREE), 28],
    [Math.round(lat * A_DEGREE), 27],
  ];
}

/** Metres from the antenna to bow, stern, port, starboard. */
function toSize({ lengthM, beamM }: Pick<Ship, 'lengthM' | 'beamM'>): Field[] {
  const [length, beam] = [lengthM ?? 0, beamM ?? 0];
  const [stern, port] = [Math.floor(length / 4), Math.floor(beam / 2)];
  return [
    [length - stern, 9],
    [stern, 9],
    [port, 6],
    [beam - port, 6],
  ];
}
