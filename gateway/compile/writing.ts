// A statement while it is being written, as all its parts see it.
import type { Catalog } from './catalog.ts';
import type { Draft } from './draft.ts';
import type { RowJson } from './list-sql.ts';

export type Writing = {
  readonly catalog: Catalog;
  readonly draft: Draft;
  /** Whether rows are marked (marks.ts). */
  readonly marked: boolean;
  /** The same statement, from here on reading as of the instant in this slot; null: as things are. */
  at(asOf: string | null): Writing;
  readonly toRow: RowJson;
};
