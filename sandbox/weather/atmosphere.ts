// The true air at a station: a year's and a day's course, slow changes, and what a passing storm does to it. Pure functions of
// seed, place and time; rain.ts has the rain, rows.ts puts both together.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, type Shower, STEP } from '../storm/storm.ts';
import type { Station } from './station.ts';

// Bound once: a test runner's sandboxed globals are slow to look up.
const { cos, floor, max, min, PI, round, sin } = Math;

export type Air = {
  /** °C, tenths. */
  readonly temperature: number;
  /** Whole per cent. */
  readonly humidity: number;
  /** hPa at the station's altitude, tenths. */
  readonly pressure: number;
  /** m/s, tenths. */
  readonly windSpeed: number;
  /** Degrees from 1 to 360; null: calm, so no direction. */
  readonly windDirection: number | null;
  /** Metres. */
  readonly visibility: number;
};

const YEAR = 365.25 * 24 * HOUR;
/** 24 July, the warmest time. */
const WARMEST = 0.56;
/** Below this (m/s) a vane has no direction. */
const CALM_BELOW = 0.3;

export function toAir(seed: number, station: Station, showers: readonly Shower[], at: Instant): Air {
  const jitter = (what: number) => toChance(seed, 100, what, station.number, at / STEP) - 0.5;
  const season = cos(2 * PI * (at / YEAR - WARMEST));
  // Warmest at 15:00 in Beijing.
  const day = cos((2 * PI * (at / HOUR + 8 - 15)) / 24);
  const wet = toWetness(showers, at);
  const warmth = toDrift(seed, 1, at, 36);
  const temperature =
    18.5 +
    10.5 * season +
    4 * day * (1 - 0.6 * wet) +
    3.5 * warmth -
    4 * wet -
    0.0058 * (station.altitude - 150) +
    0.6 * jitter(1);
  const humidity = min(100, max(18, 76 - 12 * day + 18 * wet - 6 * warmth + 4 * jitter(2)));
  const seaLevel = 1013 - 8.5 * season + 5 * toDrift(seed, 2, at, 48) - 1.2 * wet + 0.2 * jitter(3);
  const wind = max(0, 1.5 + 0.9 * day + 1.5 * toDrift(seed, 3, at, 5) + 6 * wet + 1.2 * jitter(4));
  const windSpeed = tenths(wind);
  const degrees = floor(390 + 80 * toDrift(seed, 4, at, 9) + 60 * jitter(5)) % 360;
  const haze = humidity > 92 ? 9000 : 0;
  return {
    temperature: tenths(temperature),
    humidity: round(humidity),
    pressure: tenths(seaLevel * (1 - 2.25577e-5 * station.altitude) ** 5.25588),
    windSpeed,
    windDirection: windSpeed < CALM_BELOW ? null : degrees || 360,
    visibility: round(max(300, 24_000 - 16_000 * wet - haze + 7000 * jitter(6))),
  };
}

/** 0 in dry air, up to 1 in the middle of a heavy shower. */
function toWetness(showers: readonly Shower[], at: Instant): number {
  return showers.reduce((most, { begins, hours, depth }) => {
    const part = (at - begins) / (hours * HOUR);
    return part > 0 && part < 1 ? max(most, sin(PI * part) * min(1, depth / 40)) : most;
  }, 0);
}

/** From −1 to 1, the same all over the city, with a new aim every so many hours and a smooth way there. */
function toDrift(seed: number, what: number, at: Instant, hours: number): number {
  const place = at / (hours * HOUR);
  const aim = (index: number) => 2 * toChance(seed, 101, what, index) - 1;
  const part = (1 - cos(PI * (place - floor(place)))) / 2;
  return aim(floor(place)) * (1 - part) + aim(floor(place) + 1) * part;
}

function tenths(value: number): number {
  // Never −0, which would print like 0 but not be equal to it.
  return round(value * 10) / 10 + 0;
}
