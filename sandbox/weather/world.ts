// The hidden state of the simulated weather bureau: everything else follows from it and the time. Also the two tables that
// the MUSIC service answers from.
import { HOUR, STEP } from '../storm/storm.ts';
import type { Station } from './station.ts';

/** What makes the bureau's data awkward; each can be switched off by a test. */
export type Traps = {
  /** The minute table answers in another case than it was asked in. */
  readonly fieldNameCase: boolean;
  /** Share of the MUSIC answers whose JSON is broken at `,fieldNames=`; 0 none, 1 all. */
  readonly brokenJsonShare: number;
  /** About half of the cancelling messages say "Cancle". */
  readonly cancle: boolean;
  /** Values that are missing, suspect, bad, estimated, unchecked or corrected later. */
  readonly quality: boolean;
  /** Stations that say nothing for hours. */
  readonly silence: boolean;
};

export const ALL_TRAPS: Traps = {
  fieldNameCase: true,
  brokenJsonShare: 1 / 3,
  cancle: true,
  quality: true,
  silence: true,
};

export type World = { readonly seed: number; readonly stations: readonly Station[]; readonly traps: Traps };

/**
 * What is measured, and in which unit: temperature °C, humidity %, pressure hPa at the station, rain mm in five minutes, rain1h
 * and rain24h mm in the time before, windSpeed m/s and windDirection degrees (two minutes' mean), visibility m.
 */
export const QUANTITIES = [
  'temperature',
  'humidity',
  'pressure',
  'rain',
  'rain1h',
  'rain24h',
  'windSpeed',
  'windDirection',
  'visibility',
] as const;
export type Quantity = (typeof QUANTITIES)[number];

export type Table = {
  readonly cadence: 'HOUR' | 'MINUTE';
  /** MUSIC's dataCode. */
  readonly dataCode: string;
  readonly every: number;
  readonly quantities: readonly Quantity[];
};

export const HOUR_TABLE: Table = {
  cadence: 'HOUR',
  dataCode: 'SURF_CHN_MUL_HOR',
  every: HOUR,
  quantities: QUANTITIES.filter((quantity) => quantity !== 'rain'),
};

/** Called minute table; the stations send every five minutes. */
export const MINUTE_TABLE: Table = {
  cadence: 'MINUTE',
  dataCode: 'SURF_CHN_MUL_MIN',
  every: STEP,
  quantities: QUANTITIES.filter((quantity) => quantity !== 'rain24h' && quantity !== 'visibility'),
};
