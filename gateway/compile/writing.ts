// A statement while it is being written, as all its parts see it.
import type { Catalog, CatalogType } from './catalog.ts';
import type { Draft } from './draft.ts';
import type { JsonSql } from './json-sql.ts';
import type { RowJson } from './list-sql.ts';
import type { RowNode } from './plan.ts';

export type Writing = {
  readonly catalog: Catalog;
  readonly draft: Draft;
  /** Whether rows are marked (marks.ts). */
  readonly marked: boolean;
  /** The same statement, from here on reading as of the instant in this slot; null: as things are. */
  at(asOf: string | null): Writing;
  readonly toRow: RowJson;
  /** JSON of one thing that is asked of a row that stands under `alias`. */
  toNode(type: CatalogType, node: RowNode, alias: string): JsonSql;
};
