// A page of rows in SQL: of the rows asked for, and one more that tells whether it goes on, each column gathered in their order.
import { type JsonSql, toText } from './json-sql.ts';

export type PageSql = {
  /** The rows, numbered from 1 by `_n` in the direction of reading. */
  readonly numbered: string;
  /** Their alias in `columns`, and the alias under which the page is read. */
  readonly row: string;
  readonly page: string;
  /** How many of them are asked for. */
  readonly limit: string;
  /** Expressions over a row; what is behind the limit is not computed. */
  readonly columns: readonly string[];
  /** Whether they are handed out in the direction of reading. */
  readonly forward: boolean;
};

/** One row: `more`, and the columns as arrays `c0`, `c1` …; null where there is no row. */
export function toPageRowSql({ numbered, row, page, limit, columns, forward }: PageSql): string {
  const each = columns.map(
    (column, index) => `case when ${row}._n <= ${limit} then ${column} end as c${index}`,
  );
  const made = `select ${[`${row}._n`, ...each].join(', ')} from (${numbered}) ${row}`;
  const order = forward ? `${page}._n` : `${page}._n desc`;
  const gathered = columns.map(
    (_column, index) =>
      `array_agg(${page}.c${index} order by ${order}) filter (where ${page}._n <= ${limit}) as c${index}`,
  );
  const more = `coalesce(max(${page}._n), 0) > ${limit} as more`;
  return `select ${[more, ...gathered].join(', ')} from (${made}) ${page}`;
}

/** The JSON list of an array of JSON texts, an expression that may be null. */
export function toArrayJson(column: string): JsonSql {
  return toText([{ fixed: '[' }, { sql: `coalesce(array_to_string(${column}, ','), '')` }, { fixed: ']' }]);
}
