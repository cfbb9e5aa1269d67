// The codec seam: how an answer or a file becomes values. No codec touches the disk or the wire. Documents and tables are
// text, whose bytes were decoded before (encoding.ts); a book is bytes. Kinds get codecs by the manifest's word as an
// argument and know no format themselves.
import type { RawValue, SourceRecord, Unreadable } from './contract.ts';

/** A format that is one tree: a whole answer in, its value out; which part of it is a record is the object's `records`. */
export type DocumentCodec = {
  readonly name: string;
  /**
   * Throws HUB_SOURCE_FORMAT with line and column. `repair`: the manifest's named repairs, tried before parsing; `repaired`
   * names those that were needed.
   */
  decode(
    text: string,
    options: { readonly repair: readonly string[] },
  ): { readonly value: RawValue; readonly repaired: readonly string[] };
};

/** `rows` are 1-based header rows, joined by `join`; `columns` names them where the table has no header. */
export type TableOptions = {
  readonly header: {
    readonly rows: readonly number[];
    readonly join: string;
    readonly columns: readonly string[] | null;
  };
  readonly fillDown: readonly string[];
  readonly stop: { readonly column: string; readonly when: readonly string[] } | null;
};

/** A format of lines: text in pieces of any length, records in order. `@row` (1-based line of the table) is in each record. */
export type TableCodec = {
  readonly name: string;
  /** Made anew for every file: it carries state between pieces. */
  open(options: TableOptions): TableReader;
};
export type TableReader = {
  /** Throws HUB_SOURCE_FORMAT when nothing behind this place can be read (a quote that never closes). */
  step(text: string): TableStep;
  end(): TableStep;
  /** The columns of the header; null until it was read. */
  columns(): readonly string[] | null;
};
export type TableStep = {
  readonly records: readonly SourceRecord[];
  readonly unreadable: readonly Unreadable[];
};

/** Which table of a book: by its name, or by its place among those that people see (1-based). */
export type SheetChoice = { readonly name: string } | { readonly index: number };

/**
 * A format of bytes whose beginning cannot be read before its end (a workbook): the whole file in, one of its tables out. It
 * says its encoding itself. `@row` is the row that people see.
 */
export type BookCodec = {
  readonly name: string;
  /** Reads nothing yet. `bytes` stays as it is; the reader lets go of it when nothing is left. */
  open(bytes: Uint8Array, options: TableOptions & { readonly sheet: SheetChoice }): BookReader;
};
export type BookReader = {
  /**
   * The next rows, at times none; null when nothing is left. Rejects with HUB_SOURCE_FORMAT where it is no such book, with
   * HUB_SOURCE_LIMIT where it would unpack to more than the codec's bounds, with HUB_MAP_SHAPE where sheet or header are not there.
   */
  step(): Promise<TableStep | null>;
  /** The columns of the header; null until it was read. */
  columns(): readonly string[] | null;
};

export type Codecs = {
  readonly documents: ReadonlyMap<string, DocumentCodec>;
  readonly tables: ReadonlyMap<string, TableCodec>;
  readonly books: ReadonlyMap<string, BookCodec>;
};
