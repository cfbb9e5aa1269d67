// How a fault reaches the client: a coded GraphQLError without a path. It stands in the data where null would, and the
// stitching gives it the exact path (an executor that sets a path itself loses list indices).
import { GraphQLError } from 'graphql';
import { ERRORS, type ErrorCode } from '../../schema/errors.ts';

/** An error for one place of an answer; `retryable` follows the code's recovery in schema/errors.ts. */
export function toFault(code: ErrorCode, message: string, unit?: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: {
      code,
      ...(unit === undefined ? {} : { unit }),
      retryable: ERRORS[code].recovery === 'retry',
    },
  });
}

/** The same fault once more: the stitching writes into the errors that it places, so no two places share one. */
export function toFreshFault(fault: GraphQLError): GraphQLError {
  return new GraphQLError(fault.message, { extensions: { ...fault.extensions } });
}
