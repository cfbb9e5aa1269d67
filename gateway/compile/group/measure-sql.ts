// What is measured of a group, in SQL: aggregate functions over the columns of its rows, and the JSON of what comes out.
import type { Field } from '../../../connectors/kit/manifest/model.ts';
import type { CatalogType } from '../catalog.ts';
import type { Draft } from '../draft.ts';
import type { JsonSql } from '../json-sql.ts';
import { toOwnValue } from '../order/order-sql.ts';
import { toFieldColumn } from '../row-columns.ts';
import { toScalarJson } from '../value-sql.ts';
import type { Measured } from './group-node.ts';
import { COUNT, type Outcome, toOutcome } from './measures.ts';

type OfField = Exclude<Measured, { of: 'count' }>;

/** A value of the row `alias` as functions see it: what its quality calls bad or missing is left out (manifest §7). */
export function toMeasuredValue(type: CatalogType, name: string, alias: string): string {
  const value = toOwnValue(type, name, alias);
  const quality = type.type.fields.find(({ derived }) => derived?.from === name && derived.as === 'quality');
  if (quality === undefined) return value;
  const isBad = `${toFieldColumn(alias, quality.name)} in ('BAD', 'MISSING')`;
  return `case when ${isBad} then null else ${value} end`;
}

/**
 * The aggregate over `value`, a column of the group's rows. A percentile of exact numbers is the sorted list of them:
 * toPercentileSql takes the share from it, since PostgreSQL's own knows only float8.
 */
export function toAggregateSql(type: CatalogType, measured: OfField, value: string, draft: Draft): string {
  const outcome = toOutcomeOf(type, measured);
  switch (measured.of) {
    case 'countDistinct':
      return `count(distinct ${value})`;
    case 'sum':
      return `sum(${value})::${outcome.sqlType}`;
    case 'avg':
      if (toField(type, measured.field).measure === 'angle') return toMeanAngle(value);
      return outcome.sqlType === 'numeric' ? `trim_scale(avg(${value}))` : `avg(${value})::float8`;
    case 'min':
    case 'max':
      return `${measured.of}(${value})`;
    case 'percentile':
      return outcome.sqlType === 'numeric'
        ? `array_agg(${value}::numeric order by ${value}) filter (where ${value} is not null)`
        : `percentile_cont(${draft.bind(measured.slot, 'float8')}) within group (order by ${value}::float8)`;
  }
}

/** The direction, in degrees from 0 up to 360, of all directions added up as arrows of one length. */
function toMeanAngle(value: string): string {
  const [east, north] = ['sin', 'cos'].map((part) => `avg(${part}(radians(${value})))`);
  return `mod((degrees(atan2(${east}, ${north})) + 360)::numeric, 360)::float8`;
}

/** What an aggregate stands for, once it is a column. */
export function toMeasureSql(type: CatalogType, measured: Measured, column: string, draft: Draft): string {
  const isExact =
    measured.of === 'percentile' && toOutcomeOf(type, measured).sqlType === 'numeric' ? measured : null;
  if (isExact === null) return column;
  const at = `${draft.bind(isExact.slot, 'numeric')} * (cardinality(${column}) - 1)`;
  const [lower, upper] = ['floor', 'ceil'].map((round) => `${column}[${round}(${at})::int + 1]`);
  return `trim_scale(${lower} + (${at} - floor(${at})) * (${upper} - ${lower}))`;
}

export function toMeasureJson(type: CatalogType, measured: Measured, value: string): JsonSql {
  const { scalar: name } = toOutcomeOf(type, measured);
  return toScalarJson({ name, list: false, isEnum: false }, value);
}

/** What comes out of the function. */
export function toOutcomeOf(type: CatalogType, measured: Measured): Outcome {
  const outcome = measured.of === 'count' ? null : toOutcome(measured.of, toField(type, measured.field));
  return outcome ?? COUNT;
}

function toField(type: CatalogType, name: string): Field {
  const field = type.type.fields.find((one) => one.name === name);
  if (field === undefined) throw new RangeError(`${type.type.name} has no field ${name}`);
  return field;
}
