// A sheet's rows as records under the names of its header. What is no record is passed over (titles, blank rows, what stands
// behind the end); a row with an error in a named column is set aside whole, with the cell named.
import { HubError } from '../../../schema/errors.ts';
import type { TableOptions, TableStep } from '../../kit/codec.ts';
import type { RawValue, SourceRecord, Unreadable } from '../../kit/contract.ts';
import { findColumn } from '../column-names.ts';
import { isBlank, toFiller } from './fill-down.ts';
import { toHeader } from './header.ts';
import { type Range, toLetters } from './ranges.ts';
import type { SheetRow } from './sheet-rows.ts';

export type Table = {
  take(rows: readonly SheetRow[]): TableStep;
  /** True from the stop row on: nothing behind it is read. */
  hasEnded(): boolean;
  /** HUB_SOURCE_FORMAT when the sheet ended before its header did. */
  end(): void;
  columns(): readonly string[] | null;
};

export function toTable(sheet: string, options: TableOptions, merges: readonly Range[]): Table {
  const header = toHeader(options.header, merges);
  let plan: Plan | null = null;
  let [last, hasEnded] = [0, false];

  const takeRow = (row: SheetRow, records: SourceRecord[], unreadable: Unreadable[]) => {
    const gap = row.row - last - 1;
    last = row.row;
    if (header.take(row)) return;
    plan ??= toPlan(sheet, header.names() ?? [], options, merges);
    // A blank row need not stand in the file at all.
    hasEnded = (gap > 0 && row.row > plan.firstRow && plan.endsWith('')) || plan.isEnd(row);
    if (hasEnded || row.cells.size === 0) return;
    const taken = plan.toRecord(row);
    if (taken === null) return;
    if ('message' in taken) unreadable.push(taken);
    else records.push(taken.record);
  };
  return {
    hasEnded: () => hasEnded,
    columns: () => header.names()?.filter((name) => name !== '') ?? null,
    take(rows) {
      const records: SourceRecord[] = [];
      const unreadable: Unreadable[] = [];
      for (const row of rows) if (!hasEnded) takeRow(row, records, unreadable);
      return { records, unreadable };
    },
    end() {
      if (header.names() === null && last > 0)
        throw new HubError('HUB_SOURCE_FORMAT', `sheet ${sheet} ends with row ${last}, before its header`);
    },
  };
}

type Plan = {
  /** The first row behind the header. */
  readonly firstRow: number;
  endsWith(text: string): boolean;
  isEnd(row: SheetRow): boolean;
  /** Null for a blank row. */
  toRecord(row: SheetRow): { readonly record: SourceRecord } | Unreadable | null;
};

/** HUB_MAP_SHAPE when `fillDown` or `stop` name a column that the header lacks. */
function toPlan(
  sheet: string,
  names: readonly string[],
  { header, fillDown, stop }: TableOptions,
  merges: readonly Range[],
): Plan {
  const columns = [...names.entries()].filter(([, name]) => name !== '');
  const fill = toFiller(
    fillDown.map((column) => findColumn(names, column, 'fillDown')),
    merges,
  );
  const stopAt = stop === null ? null : findColumn(names, stop.column, 'stop');
  const endsWith = (text: string) => stop?.when.includes(text) === true;
  return {
    firstRow: (header.rows.at(-1) ?? 0) + 1,
    endsWith,
    isEnd: ({ cells }) => {
      if (stopAt === null) return false;
      const cell = cells.get(stopAt);
      return cell === undefined ? endsWith('') : 'value' in cell && endsWith(String(cell.value).trim());
    },
    toRecord(row) {
      const cells = fill(row);
      if (columns.every(([at]) => isBlank(row.cells.get(at)))) return null;
      const record: { [column: string]: RawValue } = {};
      const faults: string[] = [];
      for (const [at, name] of columns) {
        const cell = cells.get(at);
        record[name] = cell === undefined ? null : 'value' in cell ? cell.value : cell.fault;
        if (cell !== undefined && 'fault' in cell)
          faults.push(`column ${name} (${toLetters(at)}${row.row}): ${cell.fault}`);
      }
      record['@row'] = row.row;
      if (faults.length === 0) return { record };
      return {
        raw: record,
        message: `sheet ${sheet}, row ${row.row}, ${faults.slice(0, MOST_TOLD).join('; ')}`,
      };
    },
  };
}

const MOST_TOLD = 5;
