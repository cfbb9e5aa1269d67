// What stands in a file, taken out of its bytes as they come: text is decoded and read piece by piece, a book only once all of
// it is there. walk.ts knows no difference.
import type {
  BookCodec,
  BookReader,
  SheetChoice,
  TableCodec,
  TableOptions,
  TableReader,
  TableStep,
} from '../../kit/codec.ts';
import { type Decoder, type EncodingWord, toDecoder } from '../../kit/encoding.ts';

/** How the files of an object are read. */
export type TableForm =
  | { readonly codec: TableCodec; readonly encoding: EncodingWord }
  | { readonly codec: BookCodec; readonly sheet: SheetChoice };

export type TableFeed = {
  /** The next bytes of the file; they may be overwritten afterwards. */
  step(bytes: Buffer): readonly TableStep[];
  /** Once all bytes were given, until it is null: nothing is left, and nothing is held any more. */
  end(): Promise<TableStep | null>;
  columns(): readonly string[] | null;
};

/** `size`: the file's bytes, as many as will be given. */
export function toTableFeed(form: TableForm, table: TableOptions, size: number): TableFeed {
  return 'sheet' in form ? toBookFeed(form, table, size) : toTextFeed(form, table);
}

function toTextFeed(
  { codec, encoding }: Extract<TableForm, { encoding: EncodingWord }>,
  table: TableOptions,
): TableFeed {
  const decoder: Decoder = toDecoder(encoding);
  let reader: TableReader | null = null;
  const ends = [(own: TableReader) => own.step(decoder.end()), (own: TableReader) => own.end()];
  const toReader = () => {
    reader ??= codec.open(table);
    return reader;
  };
  return {
    step: (bytes) => [toReader().step(decoder.step(bytes))],
    end: async () => ends.shift()?.(toReader()) ?? null,
    columns: () => reader?.columns() ?? null,
  };
}

function toBookFeed(
  { codec, sheet }: Extract<TableForm, { sheet: SheetChoice }>,
  table: TableOptions,
  size: number,
): TableFeed {
  let bytes: Buffer | null = null;
  let length = 0;
  let reader: BookReader | null = null;
  return {
    step(more) {
      bytes ??= Buffer.allocUnsafe(size);
      length += more.copy(bytes, length);
      return [];
    },
    async end() {
      reader ??= codec.open(bytes?.subarray(0, length) ?? new Uint8Array(), { ...table, sheet });
      bytes = null;
      return reader.step();
    },
    columns: () => reader?.columns() ?? null,
  };
}
