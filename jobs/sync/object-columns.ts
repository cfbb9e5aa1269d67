// Of an object as it is described: which of the columns that the manifest reads are asked for, and how its time column
// wants to be asked. Pure; inspect-shape.ts has judged by then what may be missing.
import type { ColumnKind, ObjectShape } from '../../connectors/kit/contract.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import { findColumn } from '../drift/plan-drift.ts';
import type { Feed } from '../plan/feed.ts';
import { type Boundary, toBoundary } from './boundary.ts';
import type { Zone } from './instant.ts';

/** What is asked of the object and of its `extend` tables, missing optional columns left out. */
export type AskedColumns = {
  readonly columns: readonly string[];
  /** Of the elements of its lists; absent where none is taken apart. */
  readonly items?: Readonly<Record<string, readonly string[]>>;
  /** By alias. */
  readonly extends: ReadonlyMap<string, readonly string[]>;
  /** The source's estimate of the object's rows; null where it has none. */
  readonly rows: number | null;
  /** What bounds a window or a cursor from below. */
  readonly boundary: Boundary | null;
  /** Of the feed's time column; null where the feed has none, or the source does not say. */
  readonly timeKind: ColumnKind | null;
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
    ...(mapping.items === undefined ? {} : { items: mapping.items }),
    extends: new Map(
      mapping.extends.map((extend) => [extend.as, toPresent(shapeOf(extend.object), extend.columns)]),
    ),
    rows: own?.rows ?? null,
    boundary: toBoundary(feed, (name) => (own === null ? null : findColumn(own, name)), zone),
    timeKind:
      feed.timeColumn === null || own === null ? null : (findColumn(own, feed.timeColumn)?.kind ?? null),
  };
}

function toPresent(shape: ObjectShape | null, columns: readonly string[]): readonly string[] {
  // Captures (`@file`, `@county`) come with the record; nobody asks a source for them.
  const asked = columns.filter((column) => !column.startsWith('@'));
  return shape === null ? asked : asked.filter((column) => findColumn(shape, column) !== null);
}
