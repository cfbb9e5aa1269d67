// The contract's conditions, evaluated without a database: what C19 compares a source's answers with.
import type { Condition, Page, SourceRecord } from '../contract.ts';
import { toPlain } from './expect.ts';

/** Tells whether a record fulfils a condition; `ne` and `notIn` hold for null. */
export function holds(record: SourceRecord, condition: Condition): boolean {
  const raw = toPlain(record[condition.column]);
  const { op, value } = condition;
  if (op === 'isNull') return raw === null;
  if (op === 'notNull') return raw !== null;
  const values = Array.isArray(value) ? (value as readonly unknown[]).map(String) : [String(value)];
  if (op === 'ne' || op === 'notIn') return raw === null || !values.includes(raw);
  return raw !== null && fulfils(condition, raw, values);
}

/** The records of a page that fulfil what the source handed back: what a caller is left with. */
export function toHeld(page: Page): readonly SourceRecord[] {
  return page.records.filter((record) => page.unpushed.every((left) => holds(record, left)));
}

function fulfils({ column, op }: Condition, raw: string, values: readonly string[]): boolean {
  const [one = '', other = ''] = values;
  switch (op) {
    case 'lt':
      return compare(column, raw, one) < 0;
    case 'lte':
      return compare(column, raw, one) <= 0;
    case 'gt':
      return compare(column, raw, one) > 0;
    case 'gte':
      return compare(column, raw, one) >= 0;
    case 'between':
      return compare(column, raw, one) >= 0 && compare(column, raw, other) <= 0;
    case 'startsWith':
      return raw.startsWith(one);
    default:
      return values.includes(raw);
  }
}

/** FIXTURE's whole numbers by size, everything else by its text. */
function compare(column: string, a: string, b: string): number {
  if (!['huge', 'big', 'seq'].includes(column)) return a < b ? -1 : Number(a > b);
  return BigInt(a) < BigInt(b) ? -1 : Number(BigInt(a) > BigInt(b));
}
