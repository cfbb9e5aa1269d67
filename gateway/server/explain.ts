// Which way an operation takes, statement by statement, and what PostgreSQL expects of each: for operators and for whoever
// writes an operation. It is run, as a client's would be.
import { type ExecutionResult, GraphQLError, parse, validate } from 'graphql';
import { HubError } from '../../schema/errors.ts';
import type { ReadStatement, ReadStore } from '../../store/contract.ts';
import type { GatewayLog } from '../observe/log.ts';
import { toViewer } from '../policy/use-viewer.ts';
import { toStitchedSchema } from '../stitch/stitched-schema.ts';
import type { PlanReport } from '../whole/contract.ts';
import type { ServerContext } from './context.ts';
import { runThroughDoors, toDoors } from './doors.ts';
import type { GatewayOptions } from './options.ts';

/** A table that a statement reads: how, what was pushed down to it, and how many rows are expected. */
export type TableScan = {
  /** `hydrology.hydro_station` */
  readonly table: string;
  /** PostgreSQL's word for it (Index Scan, Seq Scan), with the index. */
  readonly by: string;
  /** What the index finds, else what each row is asked; null: all rows. */
  readonly condition: string | null;
  readonly rows: number;
};

export type ExplainedStatement = {
  readonly text: string;
  readonly binds: number;
  readonly scans: readonly TableScan[];
  /** PostgreSQL's own unit: one page read in order. */
  readonly cost: number;
  readonly milliseconds: number;
};

export type Explained = {
  readonly plan: PlanReport;
  readonly statements: readonly ExplainedStatement[];
  readonly sources: ServerContext['sources'];
  readonly errors: readonly { readonly message: string; readonly code: string; readonly path: string }[];
};

export type ExplainedQuestion = {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName?: string | undefined;
};

/** A store whose statements are explained before they are read; the graph is to be made over it. */
export function toExplainingStore(store: ReadStore): {
  readonly reader: ReadStore;
  readonly statements: ExplainedStatement[];
} {
  const statements: ExplainedStatement[] = [];
  const reader: ReadStore = {
    async read<Row extends Record<string, unknown>>(
      statement: ReadStatement,
      options?: Parameters<ReadStore['read']>[1],
    ) {
      const explain = { text: `explain (format json, verbose) ${statement.text}`, values: statement.values };
      const [answer] = await store.read<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(explain, options);
      const plan = answer?.['QUERY PLAN'][0]?.Plan;
      const begun = performance.now();
      try {
        return await store.read<Row>(statement, options);
      } finally {
        statements.push({
          text: statement.text,
          binds: statement.values.length,
          scans: plan === undefined ? [] : toScans(plan),
          cost: plan?.['Total Cost'] ?? 0,
          milliseconds: performance.now() - begun,
        });
      }
    },
  };
  return { reader, statements };
}

type PlanNode = {
  readonly 'Node Type': string;
  readonly 'Total Cost': number;
  readonly 'Plan Rows': number;
  readonly 'Relation Name'?: string;
  readonly Schema?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly Filter?: string;
  readonly Plans?: readonly PlanNode[];
};

function toScans(node: PlanNode): readonly TableScan[] {
  const below = (node.Plans ?? []).flatMap(toScans);
  const table = node['Relation Name'];
  if (table === undefined) return below;
  const index = node['Index Name'];
  const scan = {
    table: node.Schema === undefined ? table : `${node.Schema}.${table}`,
    by: index === undefined ? node['Node Type'] : `${node['Node Type']} ${index}`,
    condition: node['Index Cond'] ?? node['Recheck Cond'] ?? node.Filter ?? null,
    rows: node['Plan Rows'],
  };
  return [scan, ...below];
}

/**
 * Runs the operation as the viewer of this machine. `graph` must stand over `explaining`. Throws HUB_QUERY_INVALID for what is
 * no operation of the graph.
 */
export async function explainOperation(
  graph: Pick<GatewayOptions, 'subschemas' | 'whole' | 'doors'>,
  explaining: ReturnType<typeof toExplainingStore>,
  { text, variables, operationName }: ExplainedQuestion,
  { clock, log }: { readonly clock: () => number; readonly log: GatewayLog },
): Promise<Explained> {
  const stitched = toStitchedSchema(graph.subschemas);
  const doors = toDoors(stitched, graph.doors === 'STITCHED' ? undefined : graph.whole, log);
  const document = toDocument(text);
  const faults = validate(stitched.schema, document);
  if (faults.length > 0) throw toInvalid(faults);
  const context: ServerContext = {
    viewer: toViewer({}, []),
    requestId: 'explain',
    now: clock(),
    signal: new AbortController().signal,
    sources: [],
    spent: { statements: 0 },
    isPlanAsked: true,
    way: null,
  };
  const result = await runThroughDoors(doors, { document, variables, operationName, context });
  const { rows, ...way } = context.way ?? { door: 'STITCHED' as const };
  const plan = { ...way, statements: context.spent.statements, ...(rows === undefined ? {} : { rows }) };
  return { plan, statements: explaining.statements, sources: context.sources, errors: toErrors(result) };
}

function toDocument(text: string) {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof GraphQLError) throw toInvalid([error]);
    throw error;
  }
}

function toInvalid(faults: readonly GraphQLError[]): HubError {
  const lines = faults.map(({ message, locations }) => {
    const [at] = locations ?? [];
    return at === undefined ? message : `${at.line}:${at.column} ${message}`;
  });
  return new HubError('HUB_QUERY_INVALID', lines.join('\n'));
}

function toErrors({ errors = [] }: ExecutionResult): Explained['errors'] {
  return errors.map(({ message, path, extensions }) => ({
    message,
    code: String(extensions.code ?? 'HUB_INTERNAL'),
    path: path?.join('.') ?? '',
  }));
}
