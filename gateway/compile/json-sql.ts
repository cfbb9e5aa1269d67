// JSON made in SQL as text: keys stay in the asked order, no function's argument limit applies, and the text can be
// spliced into a larger answer as it is.
import { quoteLiteral } from '../../store/sql-identifiers.ts';

/** A JSON text: known while compiling, or a text expression that is never null. */
export type JsonSql = { readonly fixed: string } | { readonly sql: string };

export type JsonPair = { readonly key: string; readonly value: JsonSql };

export const NULL_JSON: JsonSql = { fixed: 'null' };

/** Any JSON-able constant. */
export function toFixed(value: unknown): JsonSql {
  return { fixed: JSON.stringify(value) };
}

/** The JSON of an expression that may be null. */
export function toNullable(expression: string): JsonSql {
  return { sql: `coalesce(${expression}, 'null')` };
}

export function toSql(json: JsonSql): string {
  return 'fixed' in json ? quoteLiteral(json.fixed) : json.sql;
}

/** An object with its keys in this order; neighbouring constants become one literal. */
export function toObject(pairs: readonly JsonPair[]): JsonSql {
  const parts: JsonSql[] = [{ fixed: '{' }];
  pairs.forEach(({ key, value }, index) => {
    // Response keys are GraphQL names (selection.ts), so no key needs escaping.
    parts.push({ fixed: `${index === 0 ? '' : ','}"${key}":` }, value);
  });
  return toText([...parts, { fixed: '}' }]);
}

/** Several JSON texts, one after the other. */
export function toText(parts: readonly JsonSql[]): JsonSql {
  const merged: JsonSql[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if ('fixed' in part && last !== undefined && 'fixed' in last) {
      merged[merged.length - 1] = { fixed: last.fixed + part.fixed };
    } else merged.push(part);
  }
  const [only] = merged;
  if (merged.length === 1 && only !== undefined) return only;
  return { sql: toConcat(merged.map(toSql)) };
}

// PostgreSQL walks `a || b || c …` as deep as it is long and gives up some thousand levels down: a balanced tree keeps
// the depth logarithmic, whatever number of aliases a client writes.
function toConcat(parts: readonly string[]): string {
  if (parts.length <= 16) return `(${parts.join(' || ')})`;
  const middle = Math.ceil(parts.length / 2);
  return `(${toConcat(parts.slice(0, middle))} || ${toConcat(parts.slice(middle))})`;
}
