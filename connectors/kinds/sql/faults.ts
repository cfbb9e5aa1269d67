// Drivers' errors become coded ones here. Their messages are not passed on: they quote values and statements.
import { type ErrorCode, type ErrorPlace, HubError } from '../../../schema/errors.ts';
import type { Dialect, DriverError } from './dialects/dialect.ts';

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
]);
/** Errors without a code, by the words that their driver has for them. */
const WORDS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/timeout expired|timed? ?out/i, 'HUB_SOURCE_TIMEOUT'],
  [/terminated|closed state|not queryable|ended|hang up|closed|connection lost/i, 'HUB_SOURCE_UNREACHABLE'],
];
const SAYINGS: { readonly [code in ErrorCode]?: string } = {
  HUB_SOURCE_UNREACHABLE: 'does not accept a connection, or dropped it',
  HUB_SOURCE_TIMEOUT: 'did not answer within its time-out',
  HUB_SOURCE_REFUSED: 'refused the credentials or the rights',
  HUB_SOURCE_SHAPE: 'does not know a table or column that was asked for',
};

export type SourcePlace = ErrorPlace & { readonly unit: string; readonly source: string };

/** What a driver threw, as the contract wants it; a HubError passes unchanged. */
export function toSourceError(error: unknown, dialect: Dialect, place: SourcePlace): HubError {
  if (error instanceof HubError) return error;
  const code = toCode(error, dialect);
  const said = SAYINGS[code] ?? 'answered with an error';
  const where = place.object === undefined ? '' : ` (object ${place.object})`;
  return new HubError(
    code,
    `${place.unit}.${place.source}: ${dialect.name} ${said}${where}${toMark(error)}`,
    { place },
  );
}

function toCode(error: unknown, dialect: Dialect): ErrorCode {
  const { name, code, message } = toDriverError(error);
  if (name === 'KnexTimeoutError' || name === 'TimeoutError' || code === 'ETIMEDOUT')
    return 'HUB_SOURCE_TIMEOUT';
  if (typeof code === 'string' && UNREACHABLE.has(code)) return 'HUB_SOURCE_UNREACHABLE';
  const own = dialect.toFault(toDriverError(error));
  if (own !== null) return own;
  return WORDS.find(([words]) => words.test(message))?.[1] ?? 'HUB_SOURCE_QUERY';
}

/** The driver's own code, as the reader will look it up: `[22P02]`, `[1064]`. */
function toMark(error: unknown): string {
  const { code, errno, number, errorNum } = toDriverError(error);
  const mark = [code, errno, number, errorNum].find((each) => /^[\w-]{1,40}$/.test(String(each ?? '')));
  return mark === undefined ? '' : ` [${String(mark)}]`;
}

function toDriverError(error: unknown): DriverError & { readonly message: string } {
  // Node tries all addresses of a name and throws their errors together.
  if (error instanceof AggregateError && error.errors.length > 0) return toDriverError(error.errors[0]);
  const fields: DriverError = typeof error === 'object' && error !== null ? error : {};
  return {
    name: fields.name,
    code: fields.code,
    errno: fields.errno,
    number: fields.number,
    errorNum: fields.errorNum,
    // knex puts the statement before the driver's words.
    message: error instanceof Error ? (error.message.split(' - ').at(-1) ?? '') : '',
  };
}
