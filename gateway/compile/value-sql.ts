// How a column becomes JSON: one expression a GraphQL scalar. Long and Decimal are text, so that no digit is lost; times
// are UTC with Z and a fraction only where there is one.
import type { Field } from '../../connectors/kit/manifest/model.ts';
import { quoteLiteral } from '../../store/sql-identifiers.ts';
import { type JsonPair, type JsonSql, NULL_JSON, toFixed, toNullable, toObject, toSql } from './json-sql.ts';
import { toMaskedCoordinate, toMaskedText } from './mask.ts';
import type { Leaf } from './plan.ts';
import { toFieldColumn, toPointColumns } from './row-columns.ts';

/** The JSON of a scalar or enum field of the row `alias`. */
export function toValueJson(field: Field, masked: boolean, alias: string): JsonSql {
  const column = toFieldColumn(alias, field.name);
  if (masked) {
    const isText = field.converter !== 'code' && !field.graphql.list && TEXTS.has(field.graphql.name);
    return isText ? toTextJson(toMaskedText(field.mask, column)) : NULL_JSON;
  }
  return toScalarJson(field.graphql, column);
}

/** The JSON of a value of this GraphQL type. */
export function toScalarJson({ name, list, isEnum }: Field['graphql'], column: string): JsonSql {
  if (list || isEnum) return toNullable(`to_json(${column})::text`);
  switch (name) {
    case 'DateTime':
      return toTimeJson(column);
    case 'Date':
    case 'Duration':
    case 'Long':
    case 'Decimal':
      return toTextJson(`${column}::text`);
    case 'GeoJSON':
      return toNullable(`${column}::text`);
    default:
      return toNullable(`to_json(${column})::text`);
  }
}

/** `json` where the enum field of the row `alias` holds only words that are known, else `unknown`. */
export function toKnownEnumJson(
  field: Field,
  known: readonly string[],
  alias: string,
  json: JsonSql,
  unknown: JsonSql,
): JsonSql {
  const column = toFieldColumn(alias, field.name);
  const words = `array[${known.map(quoteLiteral).join(', ')}]::text[]`;
  const isKnown = field.graphql.list ? `${column} <@ ${words}` : `${column} = any(${words})`;
  return {
    sql: `case when ${column} is null or ${isKnown} then ${toSql(json)} else ${toSql(unknown)} end`,
  };
}

const TEXTS: ReadonlySet<string> = new Set(['String', 'PhoneNumber', 'IdNumber', 'ID']);

export function toTextJson(expression: string): JsonSql {
  return toNullable(`to_json(${expression})::text`);
}

/** `"2026-04-05T00:30:00Z"`, with as many decimals as the instant has. */
export function toTimeJson(expression: string): JsonSql {
  return toNullable(`'"' || ${toTimeText(expression)} || '"'`);
}

/** The same instant as text, to the microsecond: what a cursor carries too. */
export function toTimeText(expression: string): string {
  const digits = `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
  return `rtrim(rtrim(${digits}, '0'), '.') || 'Z'`;
}

/** The JSON of a point field, null where the row has none. */
export function toPointJson(field: Field, masked: boolean, leaves: readonly Leaf[], alias: string): JsonSql {
  const { lon, lat } = toPointColumns(alias, field.name);
  if (masked && field.mask !== 'grid1km') return NULL_JSON;
  const toCoordinate = (column: string): JsonSql => ({
    sql: `to_json(${masked ? toMaskedCoordinate(field.mask, column) : column})::text`,
  });
  const pairs = leaves.map(({ key, name }): JsonPair => {
    if (name === '__typename') return { key, value: toFixed('Point') };
    return { key, value: toCoordinate(name === 'lon' ? lon : lat) };
  });
  const point = toSql(toObject(pairs));
  return { sql: `case when ${lon} is null or ${lat} is null then 'null' else ${point} end` };
}
