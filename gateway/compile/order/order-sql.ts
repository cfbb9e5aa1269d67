// A total order in SQL: what rows are ordered by, and what lies behind a cursor in it. What is not known counts as the
// greatest value, as in PostgreSQL: last where the order ascends, first where it descends.
import { type SqlType, toSqlType } from '../../../store/columns.ts';
import type { CatalogType } from '../catalog.ts';
import type { Draft } from '../draft.ts';
import { toFieldColumn } from '../row-columns.ts';
import { toTimeText } from '../value-sql.ts';
import { toTarget, toThrough } from '../where/through-sql.ts';
import type { OrderTerm } from './plan-order.ts';

/** One value that orders: an expression over a row, its type, its direction. */
export type OrderPart = {
  readonly of: (alias: string) => string;
  readonly sqlType: SqlType;
  readonly desc: boolean;
  readonly nullable: boolean;
};

const KEY: OrderPart = { of: (alias) => `${alias}._key`, sqlType: 'text', desc: false, nullable: false };
const TIME: OrderPart = {
  of: (alias) => `${alias}._observed_at`,
  sqlType: 'timestamptz',
  desc: false,
  nullable: false,
};

/** The terms, and the key behind them; without terms things go by key, readings and events by time and key. */
export function toOrderParts(
  type: CatalogType,
  terms: readonly OrderTerm[],
  draft: Draft,
): readonly OrderPart[] {
  if (terms.length === 0) return type.type.role === 'thing' ? [KEY] : [TIME, KEY];
  return [...terms.map((term) => toPart(type, term, draft)), KEY];
}

function toPart(type: CatalogType, { via, field, desc }: OrderTerm, draft: Draft): OrderPart {
  const known = toTarget(type, via).type.fields.find((one) => one.name === field);
  const stored = known === undefined ? 'text' : toSqlType(known);
  const sqlType = stored === 'point' ? 'text' : stored;
  const of = (alias: string): string =>
    toThrough(type, via, alias, draft, (to, row) => toOwnValue(to, field, row));
  return { of, sqlType, desc, nullable: true };
}

/** A field of the row `alias` in the order of its values; `id` stands for the key. */
export function toOwnValue(type: CatalogType, name: string, alias: string): string {
  if (name === 'id') return `${alias}._key`;
  const field = type.type.fields.find((one) => one.name === name);
  const column = toFieldColumn(alias, name);
  // Text in the order of its bytes, whatever the database's locale.
  return field !== undefined && toSqlType(field) === 'text' ? `${column} collate "C"` : column;
}

/** `order by` without its words; against the order where the page is read backwards. */
export function toOrderBy(parts: readonly OrderPart[], alias: string, forward: boolean): string {
  return parts.map(({ of, desc }) => `${of(alias)}${desc === forward ? ' desc' : ''}`).join(', ');
}

/** The value as text, as a cursor carries it. */
export function toCursorText({ of, sqlType }: OrderPart, alias: string): string {
  const value = of(alias);
  return sqlType === 'timestamptz' ? toTimeText(value) : `(${value})::text`;
}

/** Where a cursor stands: which of its values are null, and the binds of the others. */
export type Position = {
  readonly nulls: readonly boolean[];
  readonly bind: (index: number, cast: string) => string;
};

/** The rows that come after a position (before it), in this order; `at`: those on it, too. */
export function toBeyond(
  parts: readonly OrderPart[],
  alias: string,
  position: Position,
  { after, at }: { readonly after: boolean; readonly at: boolean },
): string {
  const plain = parts.every(({ nullable, desc }) => !nullable && !desc);
  if (plain) {
    const rows = parts.map(({ of }) => of(alias)).join(', ');
    const values = parts.map(({ sqlType }, index) => position.bind(index, sqlType)).join(', ');
    return `(${rows}) ${after ? '>' : '<'}${at ? '=' : ''} (${values})`;
  }
  const equal = (index: number): string => toEqual(parts, alias, position, index);
  const steps = parts.map((_part, index) => {
    const same = parts.slice(0, index).map((_one, before) => equal(before));
    return `(${[...same, toStrictly(parts, alias, position, index, after)].join(' and ')})`;
  });
  if (at) steps.push(`(${parts.map((_part, index) => equal(index)).join(' and ')})`);
  return `(${steps.join(' or ')})`;
}

function toEqual(parts: readonly OrderPart[], alias: string, position: Position, index: number): string {
  const part = parts[index];
  if (part === undefined) return 'true';
  if (position.nulls[index] === true) return `${part.of(alias)} is null`;
  return `${part.of(alias)} = ${position.bind(index, part.sqlType)}`;
}

function toStrictly(
  parts: readonly OrderPart[],
  alias: string,
  position: Position,
  index: number,
  after: boolean,
): string {
  const part = parts[index];
  if (part === undefined) return 'false';
  const value = part.of(alias);
  const upwards = after !== part.desc;
  if (position.nulls[index] === true) return upwards ? 'false' : `${value} is not null`;
  const bound = position.bind(index, part.sqlType);
  if (!upwards) return `${value} < ${bound}`;
  return part.nullable ? `(${value} > ${bound} or ${value} is null)` : `${value} > ${bound}`;
}
