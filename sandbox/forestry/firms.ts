// Sightings of VIIRS and MODIS as rows of NASA FIRMS, in the shapes that are about: the near-real-time file, the area
// interface's answer (country_id first), the archive of two days ago (an old VIIRS file has no `instrument`).
import { toChance } from '../storm/noise.ts';
import type { Table } from './csv.ts';
import type { Satellite, SatelliteName } from './pass.ts';
import { type InfraredSighting, toConfidence } from './sighting.ts';

export type FirmsForm = 'nrt' | 'area' | 'archive';

/** How one file writes what can be written in several ways. */
export type FirmsStyle = {
  readonly satellites: Readonly<Record<SatelliteName, string>>;
  /** `0041` and `0542`, or `41` and `542`. */
  readonly padded: boolean;
  /** VIIRS: `n` or `nominal`. */
  readonly words: boolean;
};

export const VIIRS_COLUMNS =
  'latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_ti5,frp,daynight';
const MODIS_COLUMNS =
  'latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_t31,frp,daynight';

const NOAA_20 = ['N20', '20', 'NOAA-20'];
const VERSIONS = {
  VIIRS: { nrt: '2.0NRT', area: '2.0NRT', archive: '2' },
  MODIS: { nrt: '6.1NRT', area: '6.1NRT', archive: '61.03' },
};

/** The style of one file; `part` is its own part in the seeded chance. The archive always writes `1`, `41` and `nominal`. */
export function toFirmsStyle(seed: number, form: FirmsForm, part: number): FirmsStyle {
  const chance = (what: number) => toChance(seed, 50, part, what);
  if (form === 'archive') {
    const satellites = { 'Suomi NPP': 'N', 'NOAA-20': '1', 'NOAA-21': 'N21', Terra: 'Terra', Aqua: 'Aqua' };
    return { satellites, padded: false, words: true };
  }
  const noaa20 = NOAA_20[Math.floor(chance(1) * NOAA_20.length)] ?? 'N20';
  const long = chance(2) < 0.5;
  return {
    satellites: {
      'Suomi NPP': 'N',
      'NOAA-20': noaa20,
      'NOAA-21': 'N21',
      Terra: long ? 'Terra' : 'T',
      Aqua: long ? 'Aqua' : 'A',
    },
    padded: chance(3) < 0.7,
    words: chance(4) < 0.3,
  };
}

/** All sightings of one sensor in one form; a row each, in their order. */
export function toFirmsTable(
  sensor: Satellite['sensor'],
  sightings: readonly InfraredSighting[],
  form: FirmsForm,
  style: FirmsStyle,
): Table {
  const columns = (sensor === 'VIIRS' ? VIIRS_COLUMNS : MODIS_COLUMNS).split(',');
  const left =
    form === 'archive' && sensor === 'VIIRS' ? columns.filter((name) => name !== 'instrument') : columns;
  const written = form === 'area' ? ['country_id', ...left] : left;
  return {
    header: written.join(','),
    lines: sightings.map((sighting) => {
      const cells = toCells(sighting, form, style);
      return { text: written.map((name) => cells[name] ?? '').join(','), of: sighting };
    }),
  };
}

function toCells(
  sighting: InfraredSighting,
  form: FirmsForm,
  style: FirmsStyle,
): Readonly<Record<string, string>> {
  const { sensor, satellite, at, percent } = sighting;
  const time = new Date(at).toISOString();
  const clock = time.slice(11, 13) + time.slice(14, 16);
  const level = toConfidence(percent);
  // The archive drops the zeros at the end of a number: 26.1000 is 26.1 there.
  const number = (value: number, places: number) =>
    form === 'archive' ? String(value) : value.toFixed(places);
  const brightness = number(sighting.brightness, 2);
  const background = number(sighting.background, 2);
  const places = sensor === 'VIIRS' ? 5 : 4;
  return {
    country_id: 'CHN',
    latitude: number(sighting.lat, places),
    longitude: number(sighting.lon, places),
    bright_ti4: brightness,
    brightness,
    scan: number(sighting.scan, 2),
    track: number(sighting.track, 2),
    acq_date: time.slice(0, 10),
    acq_time: style.padded ? clock : String(Number(clock)),
    satellite: style.satellites[satellite],
    instrument: sensor,
    confidence: sensor === 'MODIS' ? String(percent) : style.words ? level : level.slice(0, 1),
    version: VERSIONS[sensor][form],
    bright_ti5: background,
    bright_t31: background,
    frp: number(sighting.power, 2),
    daynight: sighting.day ? 'D' : 'N',
  };
}
