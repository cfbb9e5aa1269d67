// What is told of runs: the newest of each feed, or one page of all runs, newest first. One statement, whatever its length.
import type { FeedKey, ReadStatement } from '../../store/contract.ts';
import { toCursorSql } from './cursor.ts';
import { toTimeText } from './value-sql.ts';

export type RunRow = FeedKey & {
  readonly id: string;
  readonly task: string;
  readonly state: string;
  readonly reason: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** How far it is, 0…1; null while nothing tells. */
  readonly position: number | null;
  readonly missing: number | null;
  readonly note: string | null;
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

const COLUMNS = [
  'r.id::text as id, r.task, r.state, r.reason, r.position, r.missing::float8 as missing, r.note, r.error_code as error',
  `${toTimeText('r.started_at')} as "startedAt", ${toTimeText('r.ended_at')} as "endedAt"`,
  ...COUNTS.map((name) => `r.${COUNTED[name] ?? name}::float8 as "${name}"`),
].join(', ');

/** The newest run of each of these feeds that read what is new; one that never ran has no row. */
export function toRunsStatement(feeds: readonly FeedKey[]): ReadStatement {
  const newest = `select * from hub.run r where r.unit = f.unit and r.source = f.source and r.object = f.object and r.strategy = f.strategy and r.task = 'sync' order by r.id desc limit 1`;
  return {
    text: `select f.*, ${COLUMNS} from ${FEEDS} cross join lateral (${newest}) r`,
    values: toFeedValues(feeds),
  };
}

const FEEDS = 'unnest($1::text[], $2::text[], $3::text[], $4::text[]) as f(unit, source, object, strategy)';

function toFeedValues(feeds: readonly FeedKey[]): readonly (readonly string[])[] {
  return [
    feeds.map(({ unit }) => unit),
    feeds.map(({ source }) => source),
    feeds.map(({ object }) => object),
    feeds.map(({ strategy }) => strategy),
  ];
}

/** The list that the cursors of `toRunPageStatement` belong to. */
export const RUNS_OF = ['hub', 'SyncRun', 'runs'] as const;

export type RunPage = {
  readonly unit: string | null;
  /** Of these feeds only. */
  readonly feeds: readonly FeedKey[] | null;
  readonly state: string | null;
  /** Older than this run. */
  readonly after: string | null;
  readonly limit: number;
  readonly cursorKey: Buffer;
};

/** Newest first, and one more than the page, which tells that it goes on. */
export function toRunPageStatement(page: RunPage): ReadStatement {
  const { unit, feeds, state, after, limit, cursorKey } = page;
  const values: unknown[] = feeds === null ? [] : [...toFeedValues(feeds)];
  const bind = (value: unknown, cast: string): string => `$${values.push(value)}::${cast}`;
  const where = [
    ...(feeds === null ? [] : [`(r.unit, r.source, r.object, r.strategy) in (select f.* from ${FEEDS})`]),
    ...(unit === null ? [] : [`r.unit = ${bind(unit, 'text')}`]),
    ...(state === null ? [] : [`r.state = ${bind(state, 'text')}`]),
    ...(after === null ? [] : [`r.id < ${bind(after, 'bigint')}`]),
  ];
  const head = JSON.stringify(RUNS_OF).slice(0, -1);
  const cursor = toCursorSql(`'${head},"' || r.id::text || '"]'`, bind(cursorKey, 'bytea'));
  const text = `select r.unit, r.source, r.object, r.strategy, ${COLUMNS}, ${cursor} as cursor from hub.run r where ${['true', ...where].join(' and ')} order by r.id desc limit ${bind(limit + 1, 'int')}`;
  return { text, values };
}

export type RunPageRow = RunRow & { readonly cursor: string };
