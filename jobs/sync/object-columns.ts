// Of an object as it is described: which of the columns that the manifest reads are asked for, and how its time column
// wants to be asked. Pure; inspect-shape.ts has judged by then what may be missing.
import type { Condition, ObjectShape } from '../../connectors/kit/contract.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import { HubError } from '../../schema/errors.ts';
import { findColumn } from '../drift/plan-drift.ts';
import type { Feed } from '../plan/feed.ts';
import { toInstantText, type Zone } from './instant.ts';

/** What is asked of the object and of its `extend` tables, missing optional columns left out. */
export type AskedColumns = {
  readonly columns: readonly string[];
  /** By alias. */
  readonly extends: ReadonlyMap<string, readonly string[]>;
  /** The source's estimate of the object's rows; null where it has none. */
  readonly rows: number | null;
  /** The condition that bounds a window from below. */
  readonly toBound: (from: bigint) => Condition | null;
};

/** `shapeOf` answers null where nothing is declared: then everything is asked for. */
export function toAskedColumns(
  feed: Feed,
  mapping: ObjectMapping,
  shapeOf: (name: string) => ObjectShape | null,
  zone: Zone,
): AskedColumns {
  const own = shapeOf(mapping.object);
  return {
    columns: toPresent(own, mapping.columns),
    extends: new Map(
      mapping.extends.map((extend) => [extend.as, toPresent(shapeOf(extend.object), extend.columns)]),
    ),
    rows: own?.rows ?? null,
    toBound: toBoundary(feed, own, zone),
  };
}

function toPresent(shape: ObjectShape | null, columns: readonly string[]): readonly string[] {
  // Captures (`@file`, `@county`) come with the record; nobody asks a source for them.
  const asked = columns.filter((column) => !column.startsWith('@'));
  return shape === null ? asked : asked.filter((column) => findColumn(shape, column) !== null);
}

function toBoundary(feed: Feed, shape: ObjectShape | null, zone: Zone): (from: bigint) => Condition | null {
  const { timeColumn: column } = feed;
  if (column === null) return () => null;
  const kind = shape === null ? 'timestamp' : findColumn(shape, column)?.kind;
  const bound = (value: string): Condition => ({ column, op: 'gte', value });
  if (kind === 'timestamp') return (from) => bound(zone.toWallClock(from));
  if (kind === 'timestamptz') return (from) => bound(toInstantText(from));
  if (kind === 'date') return (from) => bound(zone.toWallClock(from).slice(0, 10));
  throw new HubError(
    'HUB_MAP_SHAPE',
    `${feed.key.unit}/${feed.key.source}: ${feed.key.object}.${column} is ${kind ?? 'missing'}; a window needs a native date or timestamp column`,
    { place: { unit: feed.key.unit, source: feed.key.source, object: feed.key.object, column } },
  );
}
