// What the loggers measure in a span of time: pure, from seed, outlet and time. messages.ts says it in HJ 212, ledger.ts keeps it.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';
import type { Outlet, OutletKind } from './outlet.ts';

/** HJ 212-2017's code, with the one of 2005 where it has one. `unit`: what the number counts. */
export type Factor = {
  readonly code: string;
  readonly oldCode: string | null;
  readonly unit: string;
  readonly places: number;
  readonly base: number;
  readonly spread: number;
  /** What leaves in an hour is summed up, in kilograms. */
  readonly isDischarged: boolean;
};

export type Cadence = 'realTime' | 'tenMinutes' | 'hourly';

/** As the flag of HJ 212 tells it: N normal, T over range, M by hand, D fault, B lost contact, C calibration, F stopped, S set. */
export type Condition = 'N' | 'T' | 'M' | 'D' | 'B' | 'C' | 'F' | 'S';

export type Measured = {
  readonly outlet: Outlet;
  readonly factor: Factor;
  readonly cadence: Cadence;
  /** Of a mean: the beginning of its period. */
  readonly at: Instant;
  /** As texts of so many places: what is sent and what is true are the same number. */
  readonly value: string;
  readonly least: string | null;
  readonly most: string | null;
  readonly kilograms: string | null;
  readonly condition: Condition;
};

export const HALF_MINUTE = MINUTE / 2;
export const PERIODS: Readonly<Record<Cadence, number>> = {
  realTime: HALF_MINUTE,
  tenMinutes: 10 * MINUTE,
  hourly: HOUR,
};

const factor = (
  code: string,
  unit: string,
  [places, base, spread]: readonly [places: number, base: number, spread: number],
  more: Partial<Pick<Factor, 'oldCode' | 'isDischarged'>> = {},
): Factor => ({ code, oldCode: null, unit, places, base, spread, isDischarged: false, ...more });

const WATER: readonly Factor[] = [
  factor('w01001', '[pH]', [2, 7.2, 0.8], { oldCode: '001' }),
  factor('w01018', 'mg/L', [1, 42, 30], { oldCode: '011', isDischarged: true }),
  factor('w21003', 'mg/L', [3, 3.2, 2.5], { oldCode: '060', isDischarged: true }),
];
const FLOW = factor('w00000', 'L/s', [2, 18, 9], { oldCode: 'B01' });
const DUST = factor('a34001', 'ug/m3', [1, 84, 60]);
const CLIMATE: readonly Factor[] = [
  factor('a01001', 'Cel', [1, 19, 7]),
  factor('a01002', '%', [1, 78, 18]),
  factor('a01006', 'kPa', [2, 99.8, 0.7]),
];
/** Sulphur dioxide: not in the hub's list. */
export const UNLISTED = factor('a21026', 'mg/m3', [1, 30, 20]);
const FACTORS: Readonly<Record<OutletKind, readonly Factor[]>> = {
  '21': WATER,
  '22': [
    factor('a34004', 'ug/m3', [0, 41, 30]),
    factor('a34002', 'ug/m3', [0, 66, 40]),
    ...CLIMATE,
    factor('a01007', 'm/s', [1, 2.4, 2.2]),
    factor('a01008', 'deg', [0, 180, 170]),
  ],
  '23': [factor('LA', 'dB[A]', [1, 58, 9])],
  '31': [DUST, ...CLIMATE],
  '32': [...WATER, FLOW],
};

const CONDITIONS: readonly Condition[] = ['T', 'M', 'D', 'B', 'C', 'F', 'S'];
const TROUBLED_SHARE = 1 / 12;

export function toFactors({ kind, manner }: Outlet): readonly Factor[] {
  return manner === 'unlisted' ? [...FACTORS[kind], UNLISTED] : FACTORS[kind];
}

/** All that an outlet measures at a time; `at`: of a mean, the beginning of its period. */
export function toMeasured(seed: number, outlet: Outlet, cadence: Cadence, at: Instant): Measured[] {
  return toFactors(outlet).map((measured, index) => {
    const chance = (what: number) =>
      toChance(seed, 11, outlet.number, index, at / 1000, PERIODS[cadence] / 1000, what);
    const day = Math.sin(((at % (24 * HOUR)) / (24 * HOUR)) * 2 * Math.PI);
    const value = measured.base + measured.spread * (0.6 * day + 0.4 * (2 * chance(1) - 1));
    const isMean = cadence !== 'realTime';
    const width = measured.spread * 0.2 * chance(2);
    const text = (number: number) => Math.max(0, number).toFixed(measured.places);
    const isSummed = isMean && measured.isDischarged;
    return {
      ...{ outlet, factor: measured, cadence, at, value: text(value) },
      least: isMean ? text(value - width) : null,
      most: isMean ? text(value + width) : null,
      kilograms: isSummed ? ((value * PERIODS[cadence]) / 1e7).toFixed(3) : null,
      condition: chance(3) < TROUBLED_SHARE ? (CONDITIONS[Math.floor(7 * chance(4))] ?? 'N') : 'N',
    };
  });
}
