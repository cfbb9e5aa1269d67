// The executor of a store-backed unit: what the stitching delegates becomes one statement a root field, run in parallel,
// and its JSON text the answer. No resolvers, no graphql-js execution (design §4).
import { buildSchema, GraphQLError, type GraphQLSchema } from 'graphql';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { HubError } from '../../schema/errors.ts';
import type { Catalog } from '../compile/catalog.ts';
import { toAllRanges } from '../compile/division-ranges.ts';
import { toFault } from '../compile/fault.ts';
import { isPersonalMasked } from '../compile/mask.ts';
import type { Planned, RootPlan } from '../compile/plan.ts';
import { type PlanInput, planRoot } from '../compile/plan-root.ts';
import { type RowBudget, toRowBudget } from '../compile/row-budget.ts';
import { type Selected, toSelection } from '../compile/selection.ts';
import { type Compiled, compileRoot, type StatementRow } from '../compile/statement.ts';
import { type StatementCache, toStatementCache } from '../compile/statement-cache.ts';
import { toExpired } from '../compile/times/history-kept.ts';
import { toCatalog } from '../compile/to-catalog.ts';
import type { TypeState } from '../compile/type-state.ts';
import { countRows, type FaultAt, toAnswer, toFaultyBatch } from './answer.ts';
import type { OperationContext, Subschema, SubschemaExecutor } from './contract.ts';
import { runWithin } from './deadline.ts';
import { isLoaded, toNotLoaded } from './not-loaded.ts';
import { runInPlace } from './places.ts';
import { addSourceReport, toLookReports, toSourceReport } from './source-report.ts';
import type { StoreOptions } from './store-options.ts';
import { toCatalogSdl } from './unit-sdl.ts';

/** `units` of the store: a division may be read through a link into another one, and conditions lead into them. */
export type UnitOptions = StoreOptions & { readonly unit: Unit };

type Unitwise = Required<Pick<UnitOptions, 'unit' | 'reader' | 'deadlineMs' | 'isMasked'>> & {
  readonly schema: GraphQLSchema;
  readonly cache: StatementCache<RootPlan>;
  readonly input: Omit<PlanInput, 'isMasked' | 'now' | 'budget'>;
};

/** A unit's part of the graph. Throws HUB_MANIFEST_INVALID when names collide. */
export function toUnitSubschema(options: UnitOptions): Subschema {
  const { unit, units } = options;
  const catalog = toCatalog(unit, units);
  const typeDefs = toCatalogSdl(unit, catalog);
  return { name: unit.unit, typeDefs, executor: toExecutor(options, catalog, buildSchema(typeDefs)) };
}

/**
 * Answers a unit's part of an operation from the store. Never rejects for what a client asked or a store did: faults stand
 * in the data as GraphQLErrors without path. HUB_UNIT_NOT_LOADED and HUB_UNIT_UNAVAILABLE stand at what reads a type
 * that has no row yet, HUB_QUERY_LIMIT, HUB_QUERY_CURSOR and HUB_QUERY_HISTORY_EXPIRED at the place whose arguments they name.
 */
function toExecutor(options: UnitOptions, catalog: Catalog, schema: GraphQLSchema): SubschemaExecutor {
  const { unit, reader, isMasked = isPersonalMasked, deadlineMs = 10_000 } = options;
  const unitwise: Unitwise = {
    unit,
    reader,
    isMasked,
    deadlineMs,
    schema,
    cache: toStatementCache((plan, types) => compileRoot(plan, types, catalog)),
    input: {
      catalog,
      cursorKey: Buffer.from(options.cursorKey, 'hex'),
      divisions: options.divisions,
      ranges: toAllRanges(options.divisions),
    },
  };
  return async ({ document, variables, operationName, context }) => {
    if (context == null) return { errors: [toFault('HUB_INTERNAL', 'The operation has no context.')] };
    const selection = toSelection(unitwise.schema, document, variables, operationName);
    if (selection.roots === null) return { errors: selection.faults };
    const budget = toRowBudget(options.rowCap);
    const answers = await Promise.all(
      selection.roots.map(
        async (root) => [root.key, await runRoot(unitwise, root, context, budget)] as const,
      ),
    );
    return { data: Object.fromEntries(answers) };
  };
}

async function runRoot(
  unitwise: Unitwise,
  root: Selected,
  context: OperationContext,
  budget: RowBudget,
): Promise<unknown> {
  if (root.name === '__typename') return 'Query';
  const planned = planRoot(root, {
    ...unitwise.input,
    isMasked: (field, type) => unitwise.isMasked(field, type, context.viewer),
    now: new Date(context.now).toISOString(),
    budget,
  });
  if (planned instanceof GraphQLError) return planned;
  const compiled = unitwise.cache.compile(planned.plan, planned.types);
  const expired = toExpired(planned, compiled.past);
  const refused = expired.get(root);
  if (refused !== undefined) return refused;
  const faults = new Map([...planned.faults, ...expired]);
  const started = performance.now();
  const { value, rows, states } = await runInPlace(context, () =>
    runStatement(unitwise, root, { ...planned, faults }, compiled, context.signal),
  );
  const milliseconds = performance.now() - started;
  const touched = { types: [...planned.types], states, rows, milliseconds };
  addSourceReport(context.sources, toSourceReport(unitwise.unit, touched, context.now));
  const { owners } = unitwise.input.catalog;
  for (const report of toLookReports(unitwise.unit, owners, touched, context.now))
    addSourceReport(context.sources, report);
  return value;
}

type RootValue = { readonly value: unknown; readonly rows: number };
type StatementAnswer = RootValue & { readonly states: readonly TypeState[] | null };

async function runStatement(
  unitwise: Unitwise,
  root: Selected,
  planned: Planned,
  { text, slots }: Compiled,
  signal: AbortSignal,
): Promise<StatementAnswer> {
  const values = slots.map((slot) => planned.values.get(slot));
  try {
    const [row] = await runWithin(unitwise.deadlineMs, signal, (either) =>
      unitwise.reader.read<StatementRow>({ text, values }, { signal: either }),
    );
    if (row === undefined) throw new HubError('HUB_STORE_QUERY', 'a statement answered without a row');
    const states = JSON.parse(row.states) as TypeState[];
    return { ...toRootValue(unitwise, root, planned, JSON.parse(row.data), states), states };
  } catch (error) {
    return { ...toFaultyRoot(root, planned, toUnitFault(unitwise.unit, error)), states: null };
  }
}

function toRootValue(
  unitwise: Unitwise,
  root: Selected,
  planned: Planned,
  data: unknown,
  states: readonly TypeState[],
): RootValue {
  const faultOf = (type: string): GraphQLError | null => {
    const state = states.find((one) => one.type === type);
    if (isLoaded(state)) return null;
    const unit = unitwise.input.catalog.owners.get(type)?.unit ?? unitwise.unit.unit;
    const { code, message } = toNotLoaded(unit, type, state);
    return toFault(code, message, unit);
  };
  const { plan } = planned;
  const missing = plan.kind === 'lookup' ? faultOf(plan.type) : null;
  if (missing !== null) return toFaultyRoot(root, planned, missing);
  const faultAt: FaultAt = (selected) => {
    const types = planned.reads.get(selected) ?? [];
    return planned.faults.get(selected) ?? types.map(faultOf).find((fault) => fault !== null) ?? null;
  };
  const value = toAnswer(data, root, faultAt);
  return { value, rows: countRows(value, root, (type) => unitwise.input.catalog.types.has(type)) };
}

function toFaultyRoot(root: Selected, { plan }: Planned, fault: GraphQLError): RootValue {
  if (plan.kind !== 'lookup' && plan.kind !== 'stubs' && plan.kind !== 'divisions')
    return { value: fault, rows: 0 };
  const [keyField, keys] =
    plan.kind === 'divisions' ? (['code', root.args.codes] as const) : (['id', root.args.ids] as const);
  return { value: toFaultyBatch(root, keyField, keys as readonly unknown[], fault), rows: 0 };
}

function toUnitFault(unit: Unit, error: unknown): GraphQLError {
  if (error instanceof HubError) return toFault(error.code, `${unit.unit}: ${error.message}`, unit.unit);
  return toFault('HUB_INTERNAL', `${unit.unit}: the hub could not answer.`, unit.unit);
}
