// The urban management bureau as a simulation: its table, and the cases that come or change in a span of time.
import { runReplace } from '../database/copy.ts';
import type { Simulation } from '../database/simulation.ts';
import { LONGEST_CASE, MARK, toCases, toChanges } from './case.ts';
import { LEDGER_DDL, toCaseEntry } from './ledger.ts';
import { LEGACY_DDL, LEGACY_TABLE, toCaseRow } from './legacy.ts';

const VERSION = 1;

export function toUrbanManagement(seed: number): Simulation {
  return {
    name: 'urban-management',
    version: VERSION,
    seed,
    step: MARK,
    tables: [LEGACY_TABLE],
    ddl: LEGACY_DDL + LEDGER_DDL,
    runInventory: async () => undefined,
    async runSpan(client, from, to) {
      const cases = toCases(seed, from - LONGEST_CASE, to).filter((one) =>
        toChanges(one).some((at) => at > from && at <= to),
      );
      const rows = cases.map((one) => toCaseRow(one, to));
      await runReplace(client, LEGACY_TABLE, ['case_no'], rows);
      const entries = cases.filter(({ isTest }) => !isTest).map((one) => toCaseEntry(one, to));
      await runReplace(client, 'ledger.city_case', ['number'], entries);
    },
  };
}
