// What is told of the units themselves: four statements over the hub's own tables, whatever the number of units and types.
import type { ReadStatement } from '../../store/contract.ts';
import { type TypeState, toStateColumns } from './type-state.ts';
import { toTimeText } from './value-sql.ts';

/** How each type of each unit is. `rows` is kept by the writer with every page: nothing is counted here. */
export const STATES: ReadStatement = {
  text: `select s.unit, s.type, ${toStateColumns('s')}, s.version::text as version, s.rows_living::float8 as rows, s.gap::float8 as gap, s.surplus::float8 as surplus, s.gap_basis as "gapBasis", ${toTimeText('s.reconciled_at')} as "reconciledAt" from hub.type_state s`,
  values: [],
};

export type StateRow = TypeState & {
  readonly unit: string;
  readonly version: string;
  readonly rows: number;
  readonly gap: number | null;
  readonly surplus: number | null;
  readonly gapBasis: string | null;
  readonly reconciledAt: string | null;
};

/** Records that are kept for a person or for a link's target; `type` is null where no form took the record. */
export const KEPT: ReadStatement = {
  text: `select unit, type, count(*) filter (where state <> 'WAITING')::float8 as "setAside", count(*) filter (where state = 'WAITING')::float8 as waiting from hub.set_aside group by unit, type`,
  values: [],
};

export type KeptRow = {
  readonly unit: string;
  readonly type: string | null;
  readonly setAside: number;
  readonly waiting: number;
};

/** How the units' tables differ from what is known of them. */
export const DRIFTS: ReadStatement = {
  text: `select unit, source, relation as object, "column", change, kind, ${toTimeText('seen_at')} as "seenAt", types, fields from hub.drift order by unit, source, relation, "column", strategy`,
  values: [],
};

export type DriftRow = {
  readonly unit: string;
  readonly source: string;
  readonly object: string;
  readonly column: string;
  readonly change: string;
  readonly kind: string | null;
  readonly seenAt: string;
  readonly types: readonly string[];
  readonly fields: readonly string[];
};
