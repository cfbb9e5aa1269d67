// What is told of the units themselves: three statements over the hub's own tables, whatever the number of units and types.
import type { FeedKey, ReadStatement } from '../../store/contract.ts';
import { type TypeState, toStateColumns } from './type-state.ts';
import { toTimeText } from './value-sql.ts';

/** How each type of each unit is. `rows` is kept by the writer with every page: nothing is counted here. */
export const STATES: ReadStatement = {
  text: `select s.unit, s.type, ${toStateColumns('s')}, s.version::text as version, s.rows_living::float8 as rows from hub.type_state s`,
  values: [],
};

export type StateRow = TypeState & {
  readonly unit: string;
  readonly version: string;
  readonly rows: number;
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

export type RunRow = FeedKey & {
  readonly id: string;
  readonly state: string;
  readonly reason: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly error: string | null;
} & { readonly [count in (typeof COUNTS)[number]]: number };

/** What a run counts, by its name in the graph. */
const COUNTS = [
  'read',
  'written',
  'unchanged',
  'deleted',
  'setAside',
  'waiting',
  'notOurs',
  'faulty',
] as const;

const COUNTED: { readonly [count in (typeof COUNTS)[number]]?: string } = {
  setAside: 'set_aside',
  notOurs: 'not_ours',
};

/** The newest run of each of these feeds; one that never ran has no row. */
export function toRunsStatement(feeds: readonly FeedKey[]): ReadStatement {
  const counts = COUNTS.map((name) => `r.${COUNTED[name] ?? name}::float8 as "${name}"`).join(', ');
  const times = `${toTimeText('r.started_at')} as "startedAt", ${toTimeText('r.ended_at')} as "endedAt"`;
  const newest = `select * from hub.run r where r.unit = f.unit and r.source = f.source and r.object = f.object and r.strategy = f.strategy order by r.id desc limit 1`;
  return {
    text: `select f.*, r.id::text as id, r.state, r.reason, ${times}, ${counts}, r.error_code as error from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as f(unit, source, object, strategy) cross join lateral (${newest}) r`,
    values: [
      feeds.map(({ unit }) => unit),
      feeds.map(({ source }) => source),
      feeds.map(({ object }) => object),
      feeds.map(({ strategy }) => strategy),
    ],
  };
}
