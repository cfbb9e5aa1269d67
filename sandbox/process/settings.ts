// The environment of a sandbox process, parsed once; every fault is listed.
import { resolve } from 'node:path';
import type { ClockOptions } from '../clock/sandbox-clock.ts';

export type Settings = {
  readonly folder: string;
  readonly port: number;
  readonly seed: number;
  readonly days: number;
  readonly clock: ClockOptions;
  /** Vehicles in the transport bureau's register, where more are wanted than it has: those beyond are silent. */
  readonly vehicles?: number;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** SANDBOX_FOLDER is required; the rest has defaults. Throws one error that names every wrong variable. */
export function parseSettings(environment: Environment): Settings {
  const faults: string[] = [];
  const number = (name: string, fallback: number, least: number, most: number, whole = true): number => {
    const text = environment[name] ?? '';
    if (text === '') return fallback;
    const value = Number(text);
    const fits = value >= least && value <= most && (!whole || Number.isInteger(value));
    if (!fits) faults.push(`${name} must be ${whole ? 'a whole' : 'a'} number from ${least} to ${most}`);
    return value;
  };
  const folder = environment.SANDBOX_FOLDER ?? '';
  if (folder === '') faults.push('SANDBOX_FOLDER must name the folder for the data');
  const start = parseStart(environment.SANDBOX_CLOCK_START ?? '', faults);
  const settings = {
    folder: resolve(folder),
    port: number('SANDBOX_PORT', 54_330, 1, 65_434),
    seed: number('SANDBOX_SEED', 1, 0, 2 ** 32 - 1),
    days: number('SANDBOX_DAYS', 3, 0, 31),
    clock: { speed: number('SANDBOX_CLOCK_SPEED', 1, 0.001, 100_000, false), ...start },
  };
  const vehicles = number('SANDBOX_VEHICLES', 0, 0, 10_000);
  if (faults.length > 0) throw new Error(`The sandbox's environment is wrong: ${faults.join('; ')}.`);
  return vehicles === 0 ? settings : { ...settings, vehicles };
}

/** With an offset, so that nobody guesses a zone. */
function parseStart(text: string, faults: string[]): { start?: number } {
  if (text === '') return {};
  const start = /(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(start))
    faults.push('SANDBOX_CLOCK_START must be a time with its offset, like 2026-04-05T08:00:00+08:00');
  return { start };
}
