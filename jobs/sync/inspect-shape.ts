// Before a run reads: is the source still shaped as it was when it was last found good? Types that read a column that is
// gone or of another kind are left out of the run; when none is left, the run ends here, before a row is read.
import type { ObjectShape } from '../../connectors/kit/contract.ts';
import { HubError } from '../../schema/errors.ts';
import type { TableShape } from '../../store/contract.ts';
import { type PresentTable, planDrift } from '../drift/plan-drift.ts';
import { toStopText } from '../drift/tell-drift.ts';
import { toZone } from './instant.ts';
import { type AskedColumns, toAskedColumns } from './object-columns.ts';
import { type OpenRun, toIso } from './open-run.ts';

/** The run narrowed to the types that go on, what is asked of their columns, and the types that do not. */
export type Inspected = {
  readonly open: OpenRun;
  readonly asked: AskedColumns;
  readonly stopped: readonly string[];
};

/** Rejects with HUB_MAP_SHAPE naming every column and the fields that it feeds, and with HUB_SOURCE_SHAPE when a table is gone. */
export async function inspectShape(open: OpenRun): Promise<Inspected> {
  const { feed, mapping, source } = open;
  const zone = toZone(feed.zone);
  // An answer or a file tells its columns itself, each its own.
  if (feed.asks !== 'rows' || !source.capabilities.declares)
    return { open, asked: toAskedColumns(feed, mapping, () => null, zone), stopped: [] };
  const names = [...new Set([feed.key.object, ...mapping.extends.map(({ object }) => object)])];
  const shapes = await source.describe(names);
  const shapeOf = (name: string) => shapes[names.indexOf(name)] ?? null;
  const stopped = await keepDrift(open, toTables(open, shapeOf));
  const narrow = toNarrow(open, stopped);
  return { open: narrow, asked: toAskedColumns(narrow.feed, narrow.mapping, shapeOf, zone), stopped };
}

async function keepDrift(open: OpenRun, tables: readonly PresentTable[]): Promise<readonly string[]> {
  const { feed, store, run, clock } = open;
  const before = await store.readShape(feed.key);
  const { drifts, stopped, shape } = planDrift(before?.known ?? [], tables, feed.uses);
  const news = await store.keepShape(run, { shape, drifts }, { now: toIso(clock()) });
  if (news.length > 0) open.onDrift?.(news);
  if (stopped.length === 0) return stopped;
  const text = toStopText(feed.key, drifts);
  if (stopped.length === feed.types.length) {
    const { unit, source, object } = feed.key;
    throw new HubError('HUB_MAP_SHAPE', text, { place: { unit, source, object } });
  }
  await store.noteRun(run, `stopped ${stopped.join(', ')}: ${text}`);
  return stopped;
}

function toTables(
  { feed, mapping }: OpenRun,
  shapeOf: (name: string) => ObjectShape | null,
): readonly PresentTable[] {
  const prefixes = new Map<string, { shape: TableShape; prefixes: string[] }>();
  const add = (name: string, prefix: string): void => {
    const shape = shapeOf(name);
    if (shape === null) return;
    const table = prefixes.get(shape.name) ?? { shape: toTableShape(shape), prefixes: [] };
    prefixes.set(shape.name, { ...table, prefixes: [...table.prefixes, prefix] });
  };
  add(feed.key.object, '');
  for (const { object, as } of mapping.extends) add(object, `${as}.`);
  return [...prefixes.values()];
}

function toTableShape({ name, columns }: ObjectShape): TableShape {
  return {
    name,
    columns: columns.map((column) => ({ name: column.name, kind: column.kind, native: column.native })),
  };
}

// A table that only stopped types join is not asked: it may be what they have stopped for.
function toNarrow(open: OpenRun, stopped: readonly string[]): OpenRun {
  if (stopped.length === 0) return open;
  const { feed, mapping } = open;
  const goesOn = (type: string) => !stopped.includes(type);
  const isJoined = (as: string) =>
    feed.extends.some((extend) => extend.as === as && extend.types.some(goesOn));
  return {
    ...open,
    feed: {
      ...feed,
      types: feed.types.filter(goesOn),
      absence: feed.absence.filter(goesOn),
      uses: feed.uses.filter(({ type }) => goesOn(type)),
    },
    mapping: { ...mapping, extends: mapping.extends.filter(({ as }) => isJoined(as)) },
  };
}
