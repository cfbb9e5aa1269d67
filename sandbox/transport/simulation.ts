// The transport bureau's database as a simulation: its register of vehicles, and the positions that its record takes in a span of
// time. What terminals send to the hub by themselves is in none of it: terminals.ts.
import { runCopy } from '../database/copy.ts';
import type { Simulation } from '../database/simulation.ts';
import { MINUTE } from '../storm/storm.ts';
import { RECORD_EVERY, toFix, toMarks } from './drive.ts';
import { LEDGER_DDL, toRecordEntry, toVehicleEntry } from './ledger.ts';
import { LEGACY_DDL, LEGACY_TABLES, toRecordRow, toVehicleRow } from './legacy.ts';
import { toVehicles } from './vehicle.ts';

const VERSION = 1;
export const FLEET = 60;

/** `known`: vehicles of the register; those beyond the fleet leave no record, others may let them speak. */
export function toTransport(seed: number, fleet = FLEET, known = fleet): Simulation {
  const register = toVehicles(seed, known);
  const vehicles = register.slice(0, fleet);
  return {
    name: 'transport',
    version: VERSION,
    seed,
    step: MINUTE,
    tables: LEGACY_TABLES,
    ddl: LEGACY_DDL + LEDGER_DDL,
    async runInventory(client) {
      await runCopy(client, 'public.vehicle_info', register.map(toVehicleRow));
      await runCopy(client, 'ledger.vehicle', register.map(toVehicleEntry));
    },
    async runSpan(client, from, to) {
      const fixes = vehicles.flatMap((vehicle) =>
        toMarks(vehicle, RECORD_EVERY, from, to).map((at) => ({ vehicle, fix: toFix(seed, vehicle, at) })),
      );
      const rows = fixes.map(({ vehicle, fix }) => toRecordRow(vehicle, fix));
      await runCopy(client, 'public.gps_record', rows);
      const entries = fixes.map(({ vehicle, fix }) => toRecordEntry(vehicle, fix));
      await runCopy(client, 'ledger.position', entries);
    },
  };
}
