// The `where` of a form (manifest §6): what makes a record the unit's own. Always evaluated here, also where the source
// has evaluated it already.
import type { Condition, Literal, RawValue } from '../../contract.ts';
import { type ColumnReader, compileColumn, type Frame } from '../columns.ts';
import { toRawText, trim } from '../raw-text.ts';
import { Remark } from '../remark.ts';

export type Predicate = (frame: Frame) => boolean;
type Test = (raw: RawValue | undefined) => boolean;

/** True when all conditions hold. A literal number compares as number, a text as trimmed text; empty is null. */
export function compileWhere(conditions: readonly Condition[]): Predicate | null {
  if (conditions.length === 0) return null;
  const tests = conditions.map((condition) => ({
    read: compileOwner(condition.column),
    holds: compileTest(condition),
  }));
  return (frame) => tests.every(({ read, holds }) => holds(read(frame)));
}

// With `each`, a condition may be about the item or about the record around it.
function compileOwner(column: string): ColumnReader {
  const ofItem = compileColumn(column);
  if (column.startsWith('@') || column.startsWith('^.')) return ofItem;
  const ofParent = compileColumn(`^.${column}`);
  return (frame) => ofItem(frame) ?? ofParent(frame);
}

function compileTest({ op, value }: Condition): Test {
  const literals = value === undefined ? [] : toLiterals(value);
  const [first = '', second = ''] = literals;
  const equals = literals.map(compileEquals);
  switch (op) {
    case 'isNull':
      return (raw) => toText(raw) === null;
    case 'notNull':
      return (raw) => toText(raw) !== null;
    case 'eq':
    case 'in':
      return (raw) => equals.some((same) => same(raw));
    // A null is not the value: it holds.
    case 'ne':
    case 'notIn':
      return (raw) => !equals.some((same) => same(raw));
    case 'lt':
      return compileOrder(first, (sign) => sign < 0);
    case 'lte':
      return compileOrder(first, (sign) => sign <= 0);
    case 'gt':
      return compileOrder(first, (sign) => sign > 0);
    case 'gte':
      return compileOrder(first, (sign) => sign >= 0);
    case 'between': {
      const [above, below] = [
        compileOrder(first, (sign) => sign >= 0),
        compileOrder(second, (sign) => sign <= 0),
      ];
      return (raw) => above(raw) && below(raw);
    }
    case 'startsWith':
      return (raw) => toText(raw)?.startsWith(String(first)) ?? false;
  }
}

function toLiterals(value: Literal | readonly Literal[]): readonly Literal[] {
  return typeof value === 'object' ? value : [value];
}

function compileEquals(literal: Literal): Test {
  if (typeof literal === 'number') return (raw) => toNumber(raw) === literal;
  const text = trim(String(literal));
  const digit = literal === true ? '1' : literal === false ? '0' : null;
  return (raw) => {
    const own = toText(raw);
    return own !== null && (own === text || own === digit);
  };
}

function compileOrder(literal: Literal, holds: (sign: number) => boolean): Test {
  if (typeof literal === 'number')
    return (raw) => {
      const value = toNumber(raw);
      return value !== null && holds(value - literal);
    };
  const text = trim(String(literal));
  return (raw) => {
    const own = toText(raw);
    return own !== null && holds(own < text ? -1 : own > text ? 1 : 0);
  };
}

function toText(raw: RawValue | undefined): string | null {
  const text = toRawText(raw);
  return text === null || text instanceof Remark ? null : trim(text) || null;
}

function toNumber(raw: RawValue | undefined): number | null {
  if (typeof raw === 'number') return raw;
  if (typeof raw === 'boolean') return raw ? 1 : 0;
  const text = toText(raw);
  const value = text === null ? Number.NaN : Number(text);
  return Number.isNaN(value) ? null : value;
}
