// What one department's simulation gives to the database that it lives in: simulated-database.ts makes the tables, fills the
// history and goes on with time; only the simulation knows what stands in them.
import type { ClientBase } from 'pg';
import type { Instant } from '../clock/sandbox-clock.ts';

export type Simulation = {
  /** The department, as lines of the log call it. */
  readonly name: string;
  /** Raised whenever a table or the simulation changes: an older database is then made anew. */
  readonly version: number;
  readonly seed: number;
  /** Rows exist up to a mark; so many milliseconds lie from one mark to the next. */
  readonly step: number;
  /** The legacy tables as SQL names them, with their schema: what the hub may read. */
  readonly tables: readonly string[];
  /** Makes the legacy tables and those of the schema `ledger`, which is there. */
  readonly ddl: string;
  /** What stands there before time begins. */
  runInventory(client: ClientBase): Promise<void>;
  /** All that happened in (from, to], both being marks. Must leave the same rows in whatever steps a time is reached. */
  runSpan(client: ClientBase, from: Instant, to: Instant): Promise<void>;
};
