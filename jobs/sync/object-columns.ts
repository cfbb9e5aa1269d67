// Before a scan: does the object still have the columns that the manifest reads, and how does its time column want to
// be asked? A column that is gone stops the object here, before a row is read.
import type { ObjectShape, Source } from '../../connectors/kit/contract.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import { HubError } from '../../schema/errors.ts';
import type { Feed } from '../plan/feed.ts';
import { type Boundary, toBoundary } from './boundary.ts';
import type { Zone } from './instant.ts';

/** What is asked of the object and of its `extend` tables, missing optional columns left out. */
export type AskedColumns = {
  readonly columns: readonly string[];
  /** By alias. */
  readonly extends: ReadonlyMap<string, readonly string[]>;
  /** The source's estimate of the object's rows; null where it has none. */
  readonly rows: number | null;
  /** What bounds a window or a cursor from below. */
  readonly boundary: Boundary | null;
};

/** Rejects with HUB_MAP_SHAPE naming every missing column, and with HUB_SOURCE_SHAPE when the object is gone. */
export async function readAskedColumns(
  source: Source,
  feed: Feed,
  mapping: ObjectMapping,
  zone: Zone,
): Promise<AskedColumns> {
  const names = [mapping.object, ...mapping.extends.map((extend) => extend.object)];
  // An answer or a file tells its columns itself, each its own.
  const described = feed.asks === 'rows' && source.capabilities.describe;
  const shapes = described ? await source.describe([...new Set(names)]) : [];
  const shapeOf = (name: string) => shapes[[...new Set(names)].indexOf(name)] ?? null;
  const own = shapeOf(mapping.object);
  return {
    columns: toPresent(own, mapping.columns, '', mapping, feed),
    extends: new Map(
      mapping.extends.map((extend) => [
        extend.as,
        toPresent(shapeOf(extend.object), extend.columns, `${extend.as}.`, mapping, feed),
      ]),
    ),
    rows: own?.rows ?? null,
    boundary: toBoundary(feed, (name) => (own === null ? null : findColumn(own, name)), zone),
  };
}

function toPresent(
  shape: ObjectShape | null,
  columns: readonly string[],
  prefix: string,
  mapping: ObjectMapping,
  feed: Feed,
): readonly string[] {
  // Captures (`@file`, `@county`) come with the record; nobody asks a source for them.
  const asked = columns.filter((column) => !column.startsWith('@'));
  if (shape === null) return asked;
  const missing = asked.filter((column) => findColumn(shape, column) === null);
  const needed = missing.filter((column) => !mapping.optional.includes(`${prefix}${column}`));
  if (needed.length > 0)
    throw new HubError(
      'HUB_MAP_SHAPE',
      `${feed.key.unit}/${feed.key.source}: ${shape.name} has no column ${needed.join(', ')}; correct the manifest, or mark the fields optional`,
      { place: { unit: feed.key.unit, source: feed.key.source, object: shape.name } },
    );
  return asked.filter((column) => !missing.includes(column));
}

// Exactly, else by case: a database folds names in its own way, and the source resolves them in the same order.
function findColumn(shape: ObjectShape, name: string) {
  const exact = shape.columns.find((column) => column.name === name);
  return exact ?? shape.columns.find((column) => column.name.toLowerCase() === name.toLowerCase()) ?? null;
}
