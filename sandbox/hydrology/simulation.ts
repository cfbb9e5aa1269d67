// The hydrology centre as a simulation: its tables, its inventory, and what happens in a span of time.
import type { Simulation } from '../database/simulation.ts';
import { STEP } from '../storm/storm.ts';
import { runInventory, runSpan } from './fill.ts';
import { LEDGER_DDL } from './ledger.ts';
import { LEGACY_DDL, LEGACY_TABLES } from './legacy.ts';
import { toWorld } from './readings.ts';
import { parseStations, type Station } from './station.ts';

const VERSION = 2;

/** All of the table's stations when none are given. */
export function toHydrology(seed: number, stations: readonly Station[] = parseStations()): Simulation {
  const world = toWorld(seed, stations);
  return {
    name: 'hydrology',
    version: VERSION,
    seed,
    step: STEP,
    tables: LEGACY_TABLES.map((table) => `public.${table}`),
    ddl: LEGACY_DDL + LEDGER_DDL,
    runInventory: (client) => runInventory(client, world),
    runSpan: (client, from, to) => runSpan(client, world, from, to),
  };
}
