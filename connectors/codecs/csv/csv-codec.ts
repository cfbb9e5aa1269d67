// The codec `csv`: a table of comma-separated text. Rows come from split-rows.ts, names from header.ts; here rows become
// records, and what is no record is passed over (titles, blank rows, what stands behind the end) or called unreadable.
import { HubError } from '../../../schema/errors.ts';
import type { TableCodec, TableOptions, TableReader, TableStep } from '../../kit/codec.ts';
import type { SourceRecord, Unreadable } from '../../kit/contract.ts';
import { findColumn } from '../column-names.ts';
import { type Header, toHeader } from './header.ts';
import { type Row, toRowSplitter } from './split-rows.ts';

export const csvCodec: TableCodec = { name: 'csv', open: toCsvReader };

function toCsvReader(options: TableOptions): TableReader {
  const splitter = toRowSplitter();
  const header = toHeader(options.header);
  let plan = planOf(header, options);
  let [rowNumber, isFirst, hasEnded] = [0, true, false];

  const takeRow = (row: Row, records: SourceRecord[], unreadable: Unreadable[]): void => {
    rowNumber += row.blanks + 1;
    if (plan === null) {
      takeHeader(header, rowNumber, row);
      plan = planOf(header, options);
      return;
    }
    hasEnded ||= isEnd(row, plan, options);
    if (hasEnded || isBlank(row)) return;
    const fault = toFault(row, plan.names.length);
    if (fault === null) records.push(plan.toRecord(row));
    else unreadable.push({ raw: { '@raw': row.raw(), '@row': row.line }, message: fault });
  };
  const takeRows = (rows: readonly Row[]): TableStep => {
    const records: SourceRecord[] = [];
    const unreadable: Unreadable[] = [];
    for (const row of rows) if (!hasEnded) takeRow(row, records, unreadable);
    return { records, unreadable };
  };
  return {
    step(text) {
      if (hasEnded) return { records: [], unreadable: [] };
      const plain = isFirst && text.startsWith('\uFEFF') ? text.slice(1) : text;
      isFirst &&= text === '';
      return takeRows(splitter.step(plain));
    },
    end() {
      if (hasEnded) return { records: [], unreadable: [] };
      const step = takeRows(splitter.end());
      if (header.names() === null && rowNumber > 0)
        throw refuse(`the text ends with row ${rowNumber}, before its header`);
      return step;
    },
    columns: () => header.names()?.filter((name) => name !== '') ?? null,
  };
}

/** What stays the same for all rows of a table. */
type Plan = {
  readonly names: readonly string[];
  readonly stopAt: number | null;
  readonly toRecord: (row: Row) => SourceRecord;
};

function planOf(header: Header, options: TableOptions): Plan | null {
  const names = header.names();
  return names === null ? null : toPlan(names, options);
}

/** Throws HUB_MAP_SHAPE when `fillDown` or `stop` name a column that the header lacks. */
function toPlan(names: readonly string[], { fillDown, stop }: TableOptions): Plan {
  const filled = new Set(fillDown.map((column) => findColumn(names, column, 'fillDown')));
  const above: string[] = [];
  const toCell = (cell: string, at: number): string => {
    if (!filled.has(at)) return cell;
    if (cell.trim() !== '') above[at] = cell;
    return above[at] ?? cell;
  };
  return {
    names,
    stopAt: stop === null ? null : findColumn(names, stop.column, 'stop'),
    toRecord: ({ cells, line }) => {
      const record: { [column: string]: string | number } = {};
      for (const [at, name] of names.entries()) if (name !== '') record[name] = toCell(cells[at] ?? '', at);
      record['@row'] = line;
      return record;
    },
  };
}

function takeHeader(header: Header, rowNumber: number, row: Row): void {
  if (row.isBroken)
    throw refuse(`line ${row.line}: the header cannot be read: text follows a closing quote`, row.line);
  try {
    header.take(rowNumber, row.cells);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    throw new HubError(error.code, `line ${row.line}: ${error.message}`, {
      place: { ...error.place, line: row.line },
    });
  }
}

/** Commas and blanks only, such as a spreadsheet leaves below its table; quoted empty values are values. */
function isBlank({ cells, raw }: Row): boolean {
  return cells.every((cell) => cell.trim() === '') && !raw().includes('"');
}

function isEnd(row: Row, { stopAt }: Plan, { stop }: TableOptions): boolean {
  if (stop === null || stopAt === null) return false;
  const cell = row.cells[stopAt];
  return cell !== undefined && stop.when.includes(cell.trim());
}

function toFault({ cells, line, isBroken }: Row, width: number): string | null {
  if (isBroken) return `line ${line}: text follows a closing quote; a quote within a value must be doubled`;
  return cells.length === width
    ? null
    : `line ${line}: ${cells.length} cells, the header has ${width} columns`;
}

function refuse(message: string, line?: number): HubError {
  return new HubError('HUB_SOURCE_FORMAT', message, line === undefined ? {} : { place: { line } });
}
