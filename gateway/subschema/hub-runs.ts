// The part of the hub's subschema about runs: what was read and compared, newest first, of all units or of one, of one type,
// in one state. One statement a field, whatever the page.
import { GraphQLError } from 'graphql';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { toFeedName } from '../../jobs/plan/plan-feeds.ts';
import { toPace } from '../../jobs/sync/progress.ts';
import { ERRORS, isErrorCode } from '../../schema/errors.ts';
import { toPage } from '../compile/paging.ts';
import { RUNS_OF, type RunPageRow, type RunRow, toRunPageStatement } from '../compile/runs-sql.ts';
import type { OperationContext } from './contract.ts';
import type { HubPart, HubRead } from './hub-part.ts';
import { HUB_RUNS_SDL } from './hub-runs-sdl.ts';
import { toFeeds } from './hub-unit-facts.ts';
import { toUnknownName } from './unknown-name.ts';

type RunsArgs = {
  readonly unit?: string | null;
  readonly type?: string | null;
  readonly state?: string | null;
  readonly first?: number | null;
  readonly after?: string | null;
};

/** `cursorKey`: of the store, hex. */
export function toRunsPart(units: readonly Unit[], read: HubRead, cursorKey: string): HubPart {
  const key = Buffer.from(cursorKey, 'hex');
  const runs = async (args: RunsArgs, context: OperationContext) => {
    const page = toPage({ first: args.first, after: args.after }, RUNS_OF, key);
    if (page instanceof GraphQLError) throw page;
    const { limit } = page;
    const wanted = { ...toWanted(units, args), state: args.state ?? null, after: page.after?.[0] ?? null };
    const rows = await read<RunPageRow>(toRunPageStatement({ ...wanted, limit, cursorKey: key }), context);
    return toConnection(rows, { limit, isFirst: wanted.after === null, now: context.now });
  };
  return { typeDefs: HUB_RUNS_SDL, rootValue: { runs } };
}

/** Of a type the feeds that bring it today. Throws HUB_QUERY_INVALID: a name that nobody knows has no runs, and that would look like rest. */
function toWanted(units: readonly Unit[], { unit = null, type = null }: RunsArgs) {
  const known = units.filter((one) => unit === null || one.unit === unit);
  if (unit !== null && known.length === 0)
    throw toUnknownName(
      'unit',
      unit,
      units.map((one) => one.unit),
    );
  if (type === null) return { unit, feeds: null };
  const types = known.flatMap((one) => one.types.map(({ name }) => name));
  if (!types.includes(type)) throw toUnknownName('type', type, types);
  const feeds = known.flatMap((one) =>
    toFeeds({ unit: one.unit, types: one.types.filter(({ name }) => name === type) }),
  );
  return { unit, feeds };
}

function toConnection(
  rows: readonly RunPageRow[],
  { limit, isFirst, now }: { readonly limit: number; readonly isFirst: boolean; readonly now: number },
) {
  const edges = rows.slice(0, limit).map((row) => ({ cursor: row.cursor, node: toRunNode(row, now) }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: rows.length > limit,
      // A cursor names a run that stands before the page; runs are forgotten from the other end.
      hasPreviousPage: !isFirst,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** The message of an error may name addresses and tables of a department: it stands in the log, and here only its code. */
export function toRunNode(run: RunRow, now: number) {
  const { error, position, state } = run;
  const startedMs = Date.parse(run.startedAt);
  const endedMs = run.endedAt === null ? null : Date.parse(run.endedAt);
  const pace = toPace({ read: run.read, position, startedMs, startedAt: 0 }, endedMs ?? now);
  const { ratePerSecond, estimatedEndMs } = pace;
  const isEstimated = state === 'RUNNING' && estimatedEndMs !== null;
  return {
    ...run,
    unitCode: run.unit,
    task: run.task.toUpperCase(),
    reason: run.reason.toUpperCase(),
    feed: toFeedName(run.source, run.object, run.strategy),
    progress: state === 'SUCCEEDED' ? 1 : position,
    rowsPerSecond: ratePerSecond,
    estimatedEndAt: isEstimated ? new Date(estimatedEndMs).toISOString() : null,
    error:
      error === null ? null : { code: error, meaning: isErrorCode(error) ? ERRORS[error].meaning : null },
  };
}
