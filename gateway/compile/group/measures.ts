// Which functions a field has in a group: one table for the SDL and for the plan, so that what is offered is what is answered.
import type { Field } from '../../../connectors/kit/manifest/model.ts';
import { type SqlType, toSqlType } from '../../../store/columns.ts';
import type { CatalogType } from '../catalog.ts';
import type { MeasuredPart } from '../names.ts';
import { isOrdering } from '../order/plan-order.ts';
import { toFilter } from '../where/operators.ts';
import type { Measured } from './group-node.ts';

/** The functions that are asked of single fields. */
export type Fn = Exclude<Measured['of'], 'count'>;

/** The type in which the fields of a function stand, in the order of the SDL. */
export const FUNCTIONS: { readonly [Name in Fn]: MeasuredPart } = {
  countDistinct: 'Distinct',
  sum: 'Sums',
  avg: 'Means',
  min: 'Extremes',
  max: 'Extremes',
  percentile: 'Percentiles',
};

/** Functions over which groups can be chosen and ordered. */
export const COMPARED = ['sum', 'avg', 'min', 'max'] as const satisfies readonly Fn[];

/** What comes out of a function: its GraphQL scalar, the filter of `having`, the type in SQL. */
export type Outcome = { readonly scalar: string; readonly filter: string; readonly sqlType: SqlType };

const FLOAT: Outcome = { scalar: 'Float', filter: 'FloatFilter', sqlType: 'float8' };
const DECIMAL: Outcome = { scalar: 'Decimal', filter: 'DecimalFilter', sqlType: 'numeric' };
export const COUNT: Outcome = { scalar: 'Int', filter: 'IntFilter', sqlType: 'int8' };

/** Sums and means of these; Long and Decimal keep all their digits. */
const NUMBERS: { readonly [scalar: string]: Outcome } = {
  Int: FLOAT,
  Float: FLOAT,
  Long: DECIMAL,
  Decimal: DECIMAL,
};

/** Null where the field does not have the function. */
export function toOutcome(fn: Fn, field: Field): Outcome | null {
  if (!isOrdering(field)) return null;
  const number = field.graphql.isEnum ? undefined : NUMBERS[field.graphql.name];
  const isAngle = field.measure === 'angle';
  switch (fn) {
    case 'countDistinct':
      return COUNT;
    case 'sum':
      return number === undefined || isNeverSummed(field) ? null : number;
    case 'avg':
      return isAngle ? FLOAT : (number ?? null);
    case 'percentile':
      return isAngle ? null : (number ?? null);
    case 'min':
    case 'max':
      return isAngle ? null : toExtreme(field);
  }
}

/** Levels, angles and counters add up to nothing, and rolling amounts would count the same hours again and again. */
function isNeverSummed({ measure }: Field): boolean {
  return measure !== null && measure !== 'amount';
}

function toExtreme(field: Field): Outcome | null {
  const { isEnum, name } = field.graphql;
  const filter = toFilter(field);
  const sqlType = toSqlType(field);
  if (isEnum || name === 'Boolean' || filter === null || sqlType === 'point') return null;
  return { scalar: name, filter: filter.input, sqlType };
}

/** The fields of a type that have the function. */
export function toMeasuredFields(fn: Fn, type: CatalogType): readonly { field: Field; outcome: Outcome }[] {
  return [...type.fields.values()].flatMap((one) => {
    if (one.kind !== 'value') return [];
    const outcome = toOutcome(fn, one.field);
    return outcome === null ? [] : [{ field: one.field, outcome }];
  });
}
