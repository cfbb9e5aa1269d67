// Which conditions a field can be asked for: one table for the inputs of the SDL and for the plan, so that what is offered
// is what is answered.
import type { Field } from '../../../connectors/kit/manifest/model.ts';
import { type SqlType, toSqlType } from '../../../store/columns.ts';

export type Operator =
  | 'eq'
  | 'ne'
  | 'in'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'between'
  | 'contains'
  | 'startsWith'
  | 'has'
  | 'isNull';

/** A field as conditions see it: the name of its filter input, the scalar of the operands, the column's type. */
export type Filter = {
  readonly input: string;
  readonly operand: string;
  readonly operators: readonly Operator[];
  /** PostgreSQL's type of one operand. */
  readonly sqlType: SqlType;
};

const EQUAL: readonly Operator[] = ['eq', 'ne', 'in', 'isNull'];
const ORDERED: readonly Operator[] = ['eq', 'ne', 'in', 'lt', 'lte', 'gt', 'gte', 'between', 'isNull'];
const TEXT: readonly Operator[] = ['eq', 'ne', 'in', 'contains', 'startsWith', 'isNull'];

const SCALAR_OPERATORS: { readonly [scalar: string]: readonly Operator[] } = {
  String: TEXT,
  PhoneNumber: TEXT,
  IdNumber: TEXT,
  Boolean: ['eq', 'ne', 'isNull'],
  Int: ORDERED,
  Float: ORDERED,
  Long: ORDERED,
  Decimal: ORDERED,
  DateTime: ORDERED,
  Date: ORDERED,
  MonthDay: ORDERED,
  Duration: ORDERED,
};

/** Null for fields that have no conditions of their own (points, geometries). */
export function toFilter(field: Field): Filter | null {
  const { name, list, isEnum } = field.graphql;
  if (list) {
    const operand = isEnum ? name : 'String';
    return { input: `${operand}ListFilter`, operand, operators: ['has', 'isNull'], sqlType: 'text' };
  }
  // A division is stated by its code; what lies in it is asked by `within`.
  const operand = name === 'Division' ? 'String' : name;
  const operators = isEnum ? EQUAL : SCALAR_OPERATORS[operand];
  const sqlType = toSqlType(field);
  if (operators === undefined || sqlType === 'point') return null;
  return { input: `${operand}Filter`, operand, operators, sqlType };
}

/** The condition on `id`: global ids, `unit:Type:key`. */
export const ID_OPERATORS: readonly Operator[] = ['eq', 'ne', 'in'];

/** `input StringFilter { … }` and its like, of one operand type. */
export function toFilterSdl(input: string, operand: string, operators: readonly Operator[]): string {
  const lines = operators.map((operator) => `  ${operator}: ${toOperandType(operator, operand)}`);
  return `input ${input} {\n${lines.join('\n')}\n}`;
}

function toOperandType(operator: Operator, operand: string): string {
  if (operator === 'isNull') return 'Boolean';
  return operator === 'in' || operator === 'between' ? `[${operand}!]` : operand;
}

/** The filter inputs of the shared scalars: every subschema repeats those that it uses, word for word. */
export function toSharedFilters(): ReadonlyMap<string, string> {
  const scalars = Object.entries(SCALAR_OPERATORS).map(
    ([operand, operators]) =>
      [`${operand}Filter`, toFilterSdl(`${operand}Filter`, operand, operators)] as const,
  );
  return new Map([
    ...scalars,
    ['IDFilter', toFilterSdl('IDFilter', 'ID', ID_OPERATORS)],
    ['StringListFilter', toFilterSdl('StringListFilter', 'String', ['has', 'isNull'])],
  ]);
}
