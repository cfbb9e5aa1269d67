// The one table of coded errors. Every fault that leaves a folder of this project is a HubError whose code
// stands here; docs/errors.md is compared with this table by a test, both ways.

/** What the caller may do about it: `stop` needs a person, `retry` may work later, `skip` leaves one item out. */
export type Recovery = 'stop' | 'retry' | 'skip';

export type ErrorEntry = { readonly recovery: Recovery; readonly status: number; readonly meaning: string };

/** Code → recovery class, HTTP status at the gateway, and one sentence for docs/errors.md. */
export const ERRORS = {
  HUB_CONFIG_INVALID: {
    recovery: 'stop',
    status: 500,
    meaning: 'The environment or a command-line option is wrong; every fault is listed at once.',
  },
  HUB_CONFIG_PORT_TAKEN: {
    recovery: 'stop',
    status: 500,
    meaning: 'A port that was asked for by name is in use by another process.',
  },
  HUB_INTERNAL: {
    recovery: 'stop',
    status: 500,
    meaning: 'A fault of the hub itself; the details stand in the log under the same request id.',
  },

  HUB_POSTGRES_BINARY: {
    recovery: 'stop',
    status: 500,
    meaning: 'No embedded PostgreSQL exists for this platform, or its files cannot be prepared.',
  },
  HUB_POSTGRES_START: {
    recovery: 'stop',
    status: 500,
    meaning: 'The embedded PostgreSQL did not start; the last lines of its log are in the message.',
  },
  HUB_POSTGRES_DATA: {
    recovery: 'stop',
    status: 500,
    meaning: 'The data folder is in use by another hub, or was made by another PostgreSQL version.',
  },

  HUB_MANIFEST_INVALID: {
    recovery: 'stop',
    status: 422,
    meaning: 'A unit.yaml has errors; each stands with its id, line and column.',
  },
  HUB_MANIFEST_LOCK: {
    recovery: 'stop',
    status: 422,
    meaning: 'schema.graphql differs from what unit.yaml yields; run `hub connector build`.',
  },

  HUB_SOURCE_UNREACHABLE: {
    recovery: 'retry',
    status: 502,
    meaning: 'The legacy system does not accept a connection.',
  },
  HUB_SOURCE_TIMEOUT: {
    recovery: 'retry',
    status: 504,
    meaning: 'The legacy system did not answer within its declared time-out.',
  },
  HUB_SOURCE_OPEN: {
    recovery: 'retry',
    status: 503,
    meaning: 'The circuit breaker of this source is open after repeated faults.',
  },
  HUB_SOURCE_BUSY: {
    recovery: 'retry',
    status: 503,
    meaning: 'More calls wait for this source than its manifest allows.',
  },
  HUB_SOURCE_REFUSED: {
    recovery: 'stop',
    status: 502,
    meaning: 'The legacy system refused the credentials or the rights.',
  },
  HUB_SOURCE_TARGET: {
    recovery: 'stop',
    status: 502,
    meaning:
      'The address of a source over HTTP lies in this machine or in a private network, and HUB_PRIVATE_TARGETS does not allow it.',
  },
  HUB_SOURCE_QUERY: {
    recovery: 'retry',
    status: 502,
    meaning: 'The legacy system answered a query with an error.',
  },
  HUB_SOURCE_REQUEST: {
    recovery: 'stop',
    status: 502,
    meaning: 'The legacy system says that what it was asked is wrong; asking again does not help.',
  },
  HUB_SOURCE_CONTRACT: {
    recovery: 'stop',
    status: 502,
    meaning:
      'What a service says of itself (WSDL, OpenAPI, introspection) is refused or cannot be had; the message says why.',
  },
  HUB_SOURCE_SHAPE: {
    recovery: 'stop',
    status: 502,
    meaning: 'A table or column that the manifest names is not there, or is ambiguous.',
  },
  HUB_SOURCE_UNSUPPORTED: {
    recovery: 'stop',
    status: 501,
    meaning: 'The source lacks a capability that was asked of it.',
  },
  HUB_SOURCE_ENCODING: {
    recovery: 'stop',
    status: 502,
    meaning:
      'Bytes are not in the declared encoding; the message names the place and the encoding that would fit.',
  },
  HUB_SOURCE_FORMAT: {
    recovery: 'retry',
    status: 502,
    meaning: 'An answer or a file cannot be taken apart as its codec says.',
  },
  HUB_SOURCE_LIMIT: {
    recovery: 'stop',
    status: 502,
    meaning: 'An answer or a file is larger than the manifest allows.',
  },
  HUB_SOURCE_CURSOR: {
    recovery: 'stop',
    status: 400,
    meaning: 'A scan cursor was not handed out by this source, or for another object or order.',
  },
  HUB_SOURCE_CLOSED: {
    recovery: 'stop',
    status: 500,
    meaning: 'The source was closed while a call was under way or before it began.',
  },

  HUB_MAP_RECORD: {
    recovery: 'skip',
    status: 422,
    meaning: 'A line or element that cannot be taken apart; the rest of its file or answer landed.',
  },
  HUB_MAP_DAMAGED: {
    recovery: 'skip',
    status: 422,
    meaning: 'Text was damaged by a wrong decoding (U+FFFD, 锟斤拷, ï¿½).',
  },
  HUB_MAP_TEXT: { recovery: 'skip', status: 422, meaning: 'Text does not have the declared form.' },
  HUB_MAP_NUMBER: { recovery: 'skip', status: 422, meaning: 'Not a number of the declared kind.' },
  HUB_MAP_RANGE: { recovery: 'skip', status: 422, meaning: 'A value outside the declared range.' },
  HUB_MAP_CODE: { recovery: 'skip', status: 422, meaning: 'A raw code that the code list does not know.' },
  HUB_MAP_TIME: {
    recovery: 'skip',
    status: 422,
    meaning: 'Not a time in any declared format, or outside 1950 to now + 1 day.',
  },
  HUB_MAP_TIME_FUTURE: {
    recovery: 'skip',
    status: 422,
    meaning: 'A time later than now plus the declared tolerance.',
  },
  HUB_MAP_POINT: {
    recovery: 'skip',
    status: 422,
    meaning: 'A position outside the city and its 50 km surroundings, or not a position.',
  },
  HUB_MAP_POINT_SWAPPED: {
    recovery: 'skip',
    status: 422,
    meaning: 'A position that is plausible only with longitude and latitude swapped.',
  },
  HUB_MAP_SHAPE_BAD: {
    recovery: 'skip',
    status: 422,
    meaning: 'Not a polygon or line in the declared form.',
  },
  HUB_MAP_DIVISION: { recovery: 'skip', status: 422, meaning: 'A division code or name that is not known.' },
  HUB_MAP_CRS: {
    recovery: 'skip',
    status: 422,
    meaning:
      'A position that lies in the stated division only if its coordinates are of another system than declared (GCJ-02).',
  },
  HUB_MAP_DIVISION_CONFLICT: {
    recovery: 'skip',
    status: 422,
    meaning: 'The stated division and the position disagree in county; the stated one is kept.',
  },
  HUB_MAP_KEY_EMPTY: {
    recovery: 'skip',
    status: 422,
    meaning: 'A part of the key is null; the record is set aside.',
  },
  HUB_MAP_KEY_TWICE: {
    recovery: 'skip',
    status: 422,
    meaning: 'A list has two different records of one key; the first stands, the other is set aside.',
  },
  HUB_MAP_LINK_MISSING: {
    recovery: 'skip',
    status: 422,
    meaning: 'The row that a link names has not arrived.',
  },
  HUB_MAP_EXTEND_MANY: {
    recovery: 'skip',
    status: 422,
    meaning: 'A 1:1 table has more than one row for a key.',
  },
  HUB_MAP_NO_FORM: { recovery: 'skip', status: 422, meaning: 'No declared form takes this record.' },
  HUB_MAP_INCOMPLETE: {
    recovery: 'skip',
    status: 422,
    meaning: 'A message in parts did not become whole in its time.',
  },
  HUB_MAP_SHAPE: {
    recovery: 'stop',
    status: 422,
    meaning: 'A declared column is missing from the object, or two columns coincide.',
  },

  HUB_STORE_UNREACHABLE: { recovery: 'retry', status: 503, meaning: 'The store does not answer.' },
  HUB_STORE_MIGRATION: {
    recovery: 'stop',
    status: 500,
    meaning: 'A changed manifest cannot be migrated without losing rows; the reason is in the message.',
  },
  HUB_STORE_QUERY: { recovery: 'stop', status: 500, meaning: 'The store refused a statement of the hub.' },

  HUB_SYNC_LEASE_LOST: {
    recovery: 'retry',
    status: 409,
    meaning: 'Another worker has taken over this feed; nothing of this page was written.',
  },
  HUB_SYNC_DELETE_BRAKE: {
    recovery: 'stop',
    status: 409,
    meaning: 'A run would delete a larger share than the manifest allows; nothing was deleted.',
  },
  HUB_SYNC_STOPPED: {
    recovery: 'retry',
    status: 503,
    meaning: 'The run was asked to stop; it resumes where it was.',
  },
  HUB_QUEUE_UNREACHABLE: { recovery: 'retry', status: 503, meaning: 'The queue does not answer.' },

  HUB_QUERY_SYNTAX: { recovery: 'stop', status: 400, meaning: 'The GraphQL text cannot be parsed.' },
  HUB_QUERY_INVALID: { recovery: 'stop', status: 400, meaning: 'The operation does not fit the schema.' },
  HUB_QUERY_TOO_LARGE: {
    recovery: 'stop',
    status: 413,
    meaning: 'The request body is larger than the gateway takes.',
  },
  HUB_QUERY_CURSOR: {
    recovery: 'stop',
    status: 400,
    meaning: 'A cursor that was not handed out for this list, or was edited.',
  },
  HUB_QUERY_LIMIT: {
    recovery: 'stop',
    status: 400,
    meaning:
      'An argument is outside its limits, or the question could bring more rows than one may; the message names the limit.',
  },
  HUB_QUERY_DEPTH: {
    recovery: 'stop',
    status: 400,
    meaning: 'The operation is nested more deeply than the gateway takes.',
  },
  HUB_QUERY_MASKED: {
    recovery: 'stop',
    status: 403,
    meaning:
      'A condition, an order, a group or what is measured of it is over a field that this viewer sees masked.',
  },
  HUB_QUERY_HISTORY_EXPIRED: {
    recovery: 'stop',
    status: 400,
    meaning: 'The time asked for lies before the history that is kept.',
  },
  HUB_AUTH_REQUIRED: {
    recovery: 'stop',
    status: 401,
    meaning: 'Keys are configured and the request carries none, or a wrong one.',
  },
  HUB_AUTH_HOST: {
    recovery: 'stop',
    status: 403,
    meaning: 'No keys are configured and the request names another host than this machine.',
  },

  HUB_UNIT_UNAVAILABLE: {
    recovery: 'retry',
    status: 503,
    meaning: 'The unit does not answer and the hub has no copy of what was asked.',
  },
  HUB_UNIT_NOT_LOADED: {
    recovery: 'retry',
    status: 503,
    meaning: 'The first load of this type has not brought a row yet.',
  },
  HUB_UNIT_TIMEOUT: {
    recovery: 'retry',
    status: 504,
    meaning: "The unit did not answer within the gateway's deadline.",
  },
  HUB_UNIT_ANSWER: {
    recovery: 'retry',
    status: 502,
    meaning: 'The unit answered, but not with what was asked; the message says what was wrong with it.',
  },
  HUB_UNIT_ROW_GONE: {
    recovery: 'skip',
    status: 404,
    meaning:
      'A row that another one names is not there: it is gone from its unit, or never came. What must not be null of it cannot be told.',
  },
  HUB_SCHEMA_CONFLICT: {
    recovery: 'stop',
    status: 500,
    meaning:
      "The units' schemas do not fit together; every difference is listed, the schema in service stays.",
  },

  HUB_REQUEST_INVALID: {
    recovery: 'stop',
    status: 400,
    meaning: 'The HTTP request is no GraphQL request: its method, headers, content type or JSON is wrong.',
  },
  HUB_REQUEST_UNKNOWN: {
    recovery: 'stop',
    status: 404,
    meaning: 'The gateway has nothing at this address; GraphQL is at /graphql.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** Where a fault stands, as far as it is known. Never a value: values may be citizens' data. */
export type ErrorPlace = {
  readonly unit?: string;
  readonly source?: string;
  readonly object?: string;
  readonly type?: string;
  readonly field?: string;
  readonly column?: string;
  readonly file?: string;
  readonly line?: number;
};

/** An error that people act on: a code of the table, a message that names place and fix, no secret in it. */
export class HubError extends Error {
  readonly code: ErrorCode;
  readonly place: ErrorPlace;

  constructor(code: ErrorCode, message: string, options: { place?: ErrorPlace; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'HubError';
    this.code = code;
    this.place = options.place ?? {};
  }

  get recovery(): Recovery {
    return ERRORS[this.code].recovery;
  }
}

/** What was thrown, as an Error: whatever is none becomes HUB_INTERNAL. */
export function toError(error: unknown): Error {
  return error instanceof Error ? error : new HubError('HUB_INTERNAL', String(error));
}

/** Tells whether running the same thing again later may help; what is no HubError is a fault of the hub and does not. */
export function isRetryable(error: unknown): boolean {
  return error instanceof HubError && error.recovery === 'retry';
}

/** Tells whether a value from outside (an edge's answer) is a code of this table. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code);
}

/** Narrows to a HubError with one of the given codes. */
export function isHubError(error: unknown, ...codes: ErrorCode[]): error is HubError {
  return error instanceof HubError && (codes.length === 0 || codes.includes(error.code));
}
