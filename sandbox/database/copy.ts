// Rows into a table by COPY: the sandbox loads days of readings within a second or two.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

export type Cell = string | number | null;
/** In the order of the table's columns. */
export type Row = readonly Cell[];

const LINES_A_CHUNK = 500;

/** Appends the rows to the table, whose columns they name in order. */
export async function runCopy(client: ClientBase, table: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  await pipeline(Readable.from(toChunks(rows)), client.query(copyFrom(`copy ${table} from stdin`)));
}

/** Puts the rows in the place of those with the same `key` (columns as SQL names them), inside a transaction. */
export async function runReplace(
  client: ClientBase,
  table: string,
  key: readonly string[],
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query(`create temp table replaced (like ${table}) on commit drop`);
  await runCopy(client, 'replaced', rows);
  const same = key.map((column) => `t.${column} = r.${column}`).join(' and ');
  await client.query(`delete from ${table} t using replaced r where ${same}`);
  await client.query(`insert into ${table} select * from replaced`);
  await client.query('drop table replaced');
}

/** PostgreSQL's text format: tab, newline and backslash escaped, \N for null. */
export function toCopyLine(row: Row): string {
  return `${row.map((cell) => (cell === null ? '\\N' : toEscaped(String(cell)))).join('\t')}\n`;
}

function* toChunks(rows: readonly Row[]): Generator<string> {
  for (let index = 0; index < rows.length; index += LINES_A_CHUNK)
    yield rows
      .slice(index, index + LINES_A_CHUNK)
      .map(toCopyLine)
      .join('');
}

function toEscaped(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (mark) => ({ '\t': '\\t', '\n': '\\n', '\r': '\\r' })[mark] ?? '\\\\');
}
