// Which changes of a column's type keep every value, and how PostgreSQL is told to convert. Pure.
import type { SqlType } from '../columns.ts';

/**
 * The USING expression that turns `column` (quoted) from one type into another without losing a value; null when there
 * is none. Numbers become wider, anything becomes text; times and lists become the text that the graph would show.
 */
export function toWidening(column: string, from: SqlType | 'other', to: SqlType): string | null {
  if (from === 'other') return null;
  if (to === 'text') return toTextExpression(column, from);
  const wider = WIDER[from] ?? [];
  return wider.includes(to) ? `${column}::${to}` : null;
}

// int8 does not fit float8 (53 bits), and float8 → numeric would keep 15 digits only.
const WIDER: { readonly [from in SqlType]?: readonly SqlType[] } = {
  int2: ['int4', 'int8', 'float8', 'numeric'],
  int4: ['int8', 'float8', 'numeric'],
  int8: ['numeric'],
};

function toTextExpression(column: string, from: SqlType): string {
  switch (from) {
    case 'timestamptz':
      // Down to the microsecond, without trailing zeros: 2026-04-05T00:30:00.5Z.
      return `regexp_replace(to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '[.]?0+$', '') || 'Z'`;
    case 'text[]':
      return `array_to_json(${column})::text`;
    case 'text':
    case 'float8':
    case 'int2':
    case 'int4':
    case 'int8':
    case 'numeric':
    case 'bool':
    case 'date':
    case 'interval':
    case 'jsonb':
    case 'bytea':
      return `${column}::text`;
    default:
      return from satisfies never;
  }
}
