// `hub explain <file>`: which door an operation takes, its statements, what was pushed down to which table, and how many rows
// PostgreSQL expects. Runs the operation on the hub's store.
import { readFile } from 'node:fs/promises';
import { type Explained, explainOperation, toExplainingStore } from '../../gateway/server/explain.ts';
import { toStoreSubschemas } from '../../gateway/subschema/store-subschemas.ts';
import { HubError } from '../../schema/errors.ts';
import type { Config } from '../config.ts';
import { openLog } from '../log.ts';
import { withOperator } from '../open-operator.ts';
import { print } from '../print.ts';
import { toTable } from '../table.ts';

export type ExplainOptions = {
  readonly variables?: string;
  readonly operation?: string;
  readonly stitched?: boolean;
  readonly sql?: boolean;
  readonly json?: boolean;
};

export async function runExplain(config: Config, file: string, options: ExplainOptions): Promise<void> {
  const text = await readFile(file, 'utf8');
  const variables = toVariables(options.variables ?? '{}');
  await withOperator(config, async ({ units, divisions, store }) => {
    const explaining = toExplainingStore(store.reader);
    const cursorKey = await store.setting('cursor-key');
    const whole = { units, divisions, reader: explaining.reader, cursorKey };
    const subschemas = toStoreSubschemas(whole);
    const explained = await explainOperation(
      { subschemas, whole, doors: options.stitched === true ? 'STITCHED' : 'BOTH' },
      explaining,
      { text, variables, operationName: options.operation },
      { clock: Date.now, log: openLog({ logLevel: 'error' }, 'explain', 2) },
    );
    print(
      options.json === true ? JSON.stringify(explained, null, 2) : toText(explained, options.sql === true),
    );
    if (explained.errors.length > 0) process.exitCode = 1;
  });
}

function toVariables(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told below, in the same words as for any other text that is no object.
  }
  throw new HubError(
    'HUB_QUERY_INVALID',
    '--variables must be a JSON object, such as \'{"code": "431124"}\'',
  );
}

function toText({ plan, statements, sources, errors }: Explained, withSql: boolean): string {
  const why = plan.reason === undefined ? '' : `，因为 because ${plan.reason}`;
  const at = plan.at === undefined ? '' : ` (${plan.at})`;
  const blocks = statements.map((statement, index) => {
    const { binds, cost, milliseconds, scans } = statement;
    const head = `语句 Statement ${index + 1}: ${binds} 个绑定值 binds, 估计代价 cost ${Math.round(cost)}, ${milliseconds.toFixed(1)} ms`;
    const rows = scans.map(({ table, by, condition, rows: expected }) => [
      table,
      by,
      String(expected),
      toShort(condition ?? ''),
    ]);
    const table = toTable([['表 table', '方式 by', '估计行 rows', '下推条件 pushed down'], ...rows]);
    return [head, table, ...(withSql ? [statement.text] : [])].join('\n');
  });
  const units = sources.map(({ unit, status, rows }) => `${unit} ${status} ${rows}`).join(', ');
  const faults = errors.map(({ path, code, message }) => `错误 error ${path}: ${code} ${message}`);
  return [
    `门 Door ${plan.door}${why}${at}; ${plan.statements} 条语句 statement(s), ${plan.rows ?? 0} 行 rows${units === '' ? '' : ` (${units})`}`,
    ...blocks,
    ...faults,
  ].join('\n');
}

const LONGEST = 120;

function toShort(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
