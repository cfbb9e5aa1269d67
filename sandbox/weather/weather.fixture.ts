// A small world for this folder's tests: a fixed time, all stations, the traps that a test names.
import { parseStations } from './station.ts';
import type { Traps, World } from './world.ts';

export const START = Date.parse('2026-04-05T00:00:00Z');

export const CREDENTIALS = { musicUser: 'HUB', musicPassword: 'p&w', capKey: 'cap-key' };

const NO_TRAPS: Traps = {
  fieldNameCase: false,
  brokenJsonShare: 0,
  cancle: false,
  quality: false,
  silence: false,
};

export function toWorld(traps: Partial<Traps> = {}, seed = 1): World {
  return { seed, stations: parseStations(), traps: { ...NO_TRAPS, ...traps } };
}

export function stationNamed(name: string): World['stations'][number] {
  const found = parseStations().find((station) => station.name === name);
  if (found === undefined) throw new Error(`no station ${name}`);
  return found;
}
