// The door of the whole graph: an operation whose answer lies in the store becomes one statement, its JSON text the answer. It
// answers only what is without fault; everything else it declines, and stitching answers as if this door were not there.

import type { GraphQLSchema } from 'graphql';
import { toAllRanges } from '../compile/division-ranges.ts';
import { toFault } from '../compile/fault.ts';
import { MARK, toMark } from '../compile/marks.ts';
import { isPersonalMasked } from '../compile/mask.ts';
import type { WholePlan } from '../compile/plan.ts';
import type { WholePlanned } from '../compile/plan-whole.ts';
import type { Hop } from '../compile/planning.ts';
import { compileWhole, type StatementRow } from '../compile/statement.ts';
import { type StatementCache, toStatementCache } from '../compile/statement-cache.ts';
import { toHubCatalog } from '../compile/to-catalog.ts';
import type { TypeState } from '../compile/type-state.ts';
import { runWithin } from '../subschema/deadline.ts';
import { isLoaded } from '../subschema/not-loaded.ts';
import { runInPlace } from '../subschema/places.ts';
import { addSourceReport } from '../subschema/source-report.ts';
import type { StoreOptions } from '../subschema/store-options.ts';
import type { Question, WholeAnswer, WholeDoor } from './contract.ts';
import { toHubText } from './hub-text.ts';
import { type Planner, planOperation, toDeclined } from './plan-operation.ts';
import { readMarked } from './read-answer.ts';
import { toWholeSources } from './whole-sources.ts';

type Opened = Pick<StoreOptions, 'units' | 'divisions' | 'reader'> & {
  readonly deadlineMs: number;
  readonly planner: Planner;
  readonly cache: StatementCache<WholePlan>;
  readonly outlines: Map<string, string>;
  readonly onFailure: (error: unknown) => void;
};

/**
 * Opens the door of `schema`, what clients see of these units. Throws HUB_MANIFEST_INVALID where their names collide.
 * `onFailure` hears why a statement was not answered.
 */
export function toWholeDoor(
  options: StoreOptions,
  schema: GraphQLSchema,
  onFailure: (error: unknown) => void = () => undefined,
): WholeDoor {
  const { units, divisions, reader, isMasked = isPersonalMasked, deadlineMs = 10_000 } = options;
  const catalog = toHubCatalog(units);
  const cursorKey = Buffer.from(options.cursorKey, 'hex');
  const input = { catalog, cursorKey, divisions, ranges: toAllRanges(divisions) };
  const opened: Opened = {
    units,
    divisions,
    reader,
    deadlineMs,
    planner: { schema, input, isMasked, rowCap: options.rowCap },
    cache: toStatementCache((plan, types) => compileWhole(plan, types, catalog)),
    outlines: new Map(),
    onFailure,
  };
  return { run: (question) => runWhole(opened, question) };
}

async function runWhole(opened: Opened, question: Question): Promise<WholeAnswer> {
  const { context } = question;
  try {
    const planned = planOperation(opened.planner, question);
    if ('kind' in planned) return planned;
    const started = performance.now();
    const row = await readPlanned(opened, planned, question);
    return toWholeAnswer(opened, planned, question, row, performance.now() - started);
  } catch (error) {
    // Stitching asks once more and says what is wrong; a client that has left is told nothing.
    if (!context.signal.aborted) {
      opened.onFailure(error);
      return toDeclined('STATEMENT');
    }
    return { kind: 'ENDED', error: toFault('HUB_UNIT_TIMEOUT', 'The request was cancelled.') };
  }
}

async function readPlanned(opened: Opened, planned: WholePlanned, question: Question): Promise<StatementRow> {
  const { plan, types, values } = planned;
  // What the hub knows by heart needs no statement.
  if (plan.roots.every(({ kind }) => kind !== 'store')) return { data: toMarkedText(plan), states: '[]' };
  const { reader, deadlineMs, cache } = opened;
  const { context } = question;
  const { text, slots } = cache.compile(plan, types);
  const [row] = await runInPlace(context, () =>
    runWithin(deadlineMs, context.signal, (signal) =>
      reader.read<StatementRow>({ text, values: slots.map((slot) => values.get(slot)) }, { signal }),
    ),
  );
  if (row === undefined) throw new RangeError('a statement answered without a row');
  return row;
}

function toMarkedText({ roots }: WholePlan): string {
  const texts = roots.map((root) => {
    const value = root.kind === 'hub' ? `${toMark('d', root.fragment)}${MARK}` : '"Query"';
    return `"${root.key}":${value}`;
  });
  return `{${texts.join(',')}}`;
}

function toWholeAnswer(
  opened: Opened,
  planned: WholePlanned,
  { context }: Question,
  { data, states: listed }: StatementRow,
  milliseconds: number,
): WholeAnswer {
  const { divisions, outlines, planner } = opened;
  const { hops, fragments, looked } = planned;
  const states = JSON.parse(listed) as TypeState[];
  const findMissing = (types: Iterable<string>): string | undefined =>
    [...types].find((type) => !isLoaded(states.find((state) => state.type === type)));
  const missing = findMissing([...looked, ...toReads(hops.filter(({ sure }) => sure))]);
  if (missing !== undefined) return toDeclined('NOT_LOADED', missing);
  const hub = toHubText(divisions, context.viewer, outlines);
  const answer = readMarked(data, (index, code) => {
    const fragment = fragments[index];
    if (fragment === undefined) return 'null';
    return fragment.of === 'OPERATION' ? hub.toRoot(fragment.asked) : hub.toField(fragment.asked, code);
  });
  if (answer === null || hub.isBeyond()) return toDeclined('ANSWER');
  const missed = findMissing(toReads(hops.filter(({ index }) => answer.hops.has(index))));
  if (missed !== undefined) return toDeclined('NOT_LOADED', missed);
  const sources = toWholeSources(planner.input.catalog, { hops, states, answer, milliseconds }, context.now);
  for (const line of sources) addSourceReport(context.sources, line);
  return { kind: 'ANSWERED', text: answer.text, rows: sources.reduce((sum, { rows }) => sum + rows, 0) };
}

function toReads(hops: readonly Hop[]): readonly string[] {
  return hops.flatMap(({ reads }) => [...reads.values()].flat());
}
