// The codec `xlsx`: one sheet of a workbook as a table. The zip is judged first (package.ts), the small parts are read whole
// within bounds, the sheet twice from end to end: for what is merged, then for its rows, a piece at a time.
import type { BookCodec, BookReader, SheetChoice, TableOptions, TableStep } from '../../kit/codec.ts';
import { BOUNDS, type Bounds } from './bounds.ts';
import { readMerges } from './merges.ts';
import { openPackage } from './package.ts';
import type { Range } from './ranges.ts';
import { readSharedStrings } from './shared-strings.ts';
import { readRows } from './sheet-rows.ts';
import { readStyles } from './styles.ts';
import { type Table, toTable } from './table.ts';
import { findSheet, readWorkbook } from './workbook.ts';

export const xlsxCodec: BookCodec = toXlsxCodec(BOUNDS);

export function toXlsxCodec(bounds: Bounds): BookCodec {
  return {
    name: 'xlsx',
    open: (bytes, options) => openReader(bytes, options, bounds),
  };
}

type Options = TableOptions & { readonly sheet: SheetChoice };

function openReader(bytes: Uint8Array, options: Options, bounds: Bounds): BookReader {
  const reading: { table: Table | null } = { table: null };
  // The generator alone holds the bytes, and only until it ends.
  const steps = readSteps(bytes, options, bounds, (table) => {
    reading.table = table;
  });
  return {
    columns: () => reading.table?.columns() ?? null,
    async step() {
      const { done, value } = await steps.next();
      return done === true ? null : value;
    },
  };
}

async function* readSteps(
  bytes: Uint8Array,
  options: Options,
  bounds: Bounds,
  onTable: (table: Table) => void,
): AsyncGenerator<TableStep, null> {
  const zip = await openPackage(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), bounds);
  const toPart = (name: string) => ({ name, pieces: zip.read(name), runUnits: bounds.runUnits });
  const book = await readWorkbook(zip, bounds);
  const sheet = findSheet(book, options.sheet);
  const merges: Range[] = [];
  for await (const found of readMerges(toPart(sheet.part), bounds)) {
    merges.push(...found);
    yield NOTHING;
  }
  const strings: string[] = [];
  if (book.sharedStrings !== null)
    for await (const found of readSharedStrings(toPart(book.sharedStrings), bounds)) {
      strings.push(...found);
      yield NOTHING;
    }
  const styles = book.styles === null ? [] : await readStyles(toPart(book.styles), bounds);
  const table = toTable(sheet.name, options, merges);
  onTable(table);
  const context = { strings, styles, from1904: book.from1904 };
  for await (const rows of readRows(toPart(sheet.part), context, bounds)) {
    yield table.take(rows);
    if (table.hasEnded()) return null;
  }
  table.end();
  return null;
}

/** A large part takes long: whoever asks must be able to give up meanwhile. */
const NOTHING: TableStep = { records: [], unreadable: [] };
