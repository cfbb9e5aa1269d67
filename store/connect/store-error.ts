// From PostgreSQL's errors to the hub's: who must act, and where. PostgreSQL quotes the offending value in most of its
// messages, so of those only the code and the names of table, column and constraint are kept.
import { HubError } from '../../schema/errors.ts';

/** Connection lost or refused, a transaction that stood still, server starting or going, too many clients, resources, deadlock, lock or statement time-out. */
const TRANSIENT = /^(?:08|25P03|53|57P0|40001|40P01|55P03|57014|58)/;
/** Errors about names and syntax: their text speaks of the statement, not of the data. */
const ABOUT_STATEMENT = /^(?:42|0A|3D|3F|28)/;

/** A HubError as it is; anything else as HUB_STORE_UNREACHABLE or HUB_STORE_QUERY. */
export function toStoreError(error: unknown): HubError {
  if (error instanceof HubError) return error;
  const fields = toFields(error);
  const { code } = fields;
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code) || /^E[A-Z]{4}$/.test(code))
    return toLost(error, code);
  if (TRANSIENT.test(code))
    return new HubError(
      'HUB_STORE_UNREACHABLE',
      `the store did not answer in time (SQLSTATE ${code}): ${WHY[code] ?? 'try again'}`,
      code === ENDED_BY_ORDER ? { cause: error } : {},
    );
  return new HubError(
    'HUB_STORE_QUERY',
    `the store refused a statement (SQLSTATE ${code}${toPlace(fields)})${toReason(error, code)}`,
  );
}

/** True when an error of toStoreError tells that the session ended under its statement: by order (57P01), or its line was cut. */
export function isLostSession(error: unknown): boolean {
  if (!(error instanceof HubError) || error.code !== 'HUB_STORE_UNREACHABLE') return false;
  const { cause } = error;
  if (hasSqlState(cause, ENDED_BY_ORDER)) return true;
  const { code } = toFields(cause);
  return code === 'ECONNRESET' || code === 'EPIPE' || (cause instanceof Error && ENDED.test(cause.message));
}

/** admin_shutdown: pg_terminate_backend, or a server that stops. */
const ENDED_BY_ORDER = '57P01';

/** node-postgres' own words for a line that ended, before and under a statement. */
const ENDED = /^Connection terminated(?: unexpectedly)?$|not queryable/;

/** True for an error with this SQLSTATE. */
export function hasSqlState(error: unknown, code: string): boolean {
  return toFields(error).code === code;
}

const WHY: { readonly [code: string]: string } = {
  '25P03': 'this process stood still in the middle of a transaction, which was rolled back; try again',
  '57014': 'the statement took longer than allowed, or was cancelled',
  '40P01': 'two writers waited for each other; try again',
  '53300': 'all connections are taken; raise max_connections or lower the number of hub processes',
  '55P03': 'a lock was not free in time; try again',
  '57P03': 'PostgreSQL is starting or stopping; try again',
};

type Fields = {
  readonly code?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
};

function toFields(error: unknown): Fields {
  return typeof error === 'object' && error !== null ? (error as Fields) : {};
}

function toPlace(fields: Fields): string {
  const table = [fields.schema, fields.table].filter((name) => name !== undefined).join('.');
  const named = [
    table === '' ? '' : `table ${table}`,
    fields.column === undefined ? '' : `column ${fields.column}`,
    fields.constraint === undefined ? '' : `constraint ${fields.constraint}`,
  ].filter((text) => text !== '');
  return named.map((text) => `, ${text}`).join('');
}

function toReason(error: unknown, code: string): string {
  return ABOUT_STATEMENT.test(code) && error instanceof Error ? `: ${error.message}` : '';
}

// node-postgres gives system codes (ECONNREFUSED) or bare texts; neither holds a value of a record.
function toLost(error: unknown, code: string | undefined): HubError {
  const text = error instanceof Error ? error.message : String(error);
  const lost =
    code !== undefined || /terminat|connect|timeout|timed out|closed|socket|calling end|SSL/i.test(text);
  if (lost)
    return new HubError(
      'HUB_STORE_UNREACHABLE',
      `the store does not answer (${code ?? text}): is PostgreSQL running, and is HUB_DATABASE_URL right?`,
      { cause: error },
    );
  return new HubError('HUB_INTERNAL', 'a fault of the hub while it used the store', { cause: error });
}
