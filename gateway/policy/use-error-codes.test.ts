import { describe, expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { HubError } from '../../schema/errors.ts';
import { INTERNAL_MESSAGE, toClientError, toHiddenFault } from './use-error-codes.ts';

const client = (error: GraphQLError) => toClientError(error.toJSON(), error);
const withCode = (code: string, originalError?: Error) =>
  new GraphQLError('words', {
    extensions: { code },
    ...(originalError === undefined ? {} : { originalError }),
  });

describe('the code that a client gets', () => {
  test.each([
    ['GRAPHQL_PARSE_FAILED', 'HUB_QUERY_SYNTAX'],
    ['GRAPHQL_VALIDATION_FAILED', 'HUB_QUERY_INVALID'],
    ['BAD_USER_INPUT', 'HUB_QUERY_INVALID'],
    ['OPERATION_RESOLUTION_FAILURE', 'HUB_QUERY_INVALID'],
    ['BAD_REQUEST', 'HUB_REQUEST_INVALID'],
    ['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_FOUND'],
    ['HUB_UNIT_TIMEOUT', 'HUB_UNIT_TIMEOUT'],
  ])('for %s is %s, its words kept', (stated, code) => {
    expect(client(withCode(stated))).toEqual({ message: 'words', extensions: { code } });
    expect(toHiddenFault(withCode(stated))).toBeNull();
  });

  test.each([['INTERNAL_SERVER_ERROR'], ['SOMETHING_NEW']])(
    'for %s is HUB_INTERNAL in our words',
    (stated) => {
      const error = withCode(stated, new Error('relation "person" violates …'));
      expect(client(error)).toEqual({ message: INTERNAL_MESSAGE, extensions: { code: 'HUB_INTERNAL' } });
      expect(toHiddenFault(error)?.message).toBe('relation "person" violates …');
    },
  );

  test('is that of the HubError below, however deep, with its words', () => {
    const deep = new HubError('HUB_QUERY_DEPTH', 'too deep');
    const error = withCode('GRAPHQL_VALIDATION_FAILED', new GraphQLError('x', { originalError: deep }));
    expect(client(error)).toEqual({ message: 'too deep', extensions: { code: 'HUB_QUERY_DEPTH' } });
    expect(toHiddenFault(error)).toBeNull();
  });

  test('stands beside path, place and the other extensions, never beside a stack', () => {
    const error = new GraphQLError('words', {
      path: ['a', 0],
      extensions: { code: 'HUB_SOURCE_BUSY', unit: 'water', retryable: true, stacktrace: ['at x.ts'] },
    });
    expect(client(error)).toEqual({
      message: 'words',
      path: ['a', 0],
      extensions: { code: 'HUB_SOURCE_BUSY', unit: 'water', retryable: true },
    });
  });

  test('still names the unit when the hub failed on its part', () => {
    const error = new GraphQLError('select * from x', {
      extensions: { code: 'HUB_INTERNAL', unit: 'water', retryable: false, sql: 'select' },
    });
    expect(client(error)).toEqual({
      message: INTERNAL_MESSAGE,
      extensions: { code: 'HUB_INTERNAL', unit: 'water', retryable: false },
    });
  });

  test('of an error that nobody wrapped is HUB_INTERNAL', () => {
    const error = new TypeError('x is undefined');
    expect(toClientError({ message: error.message }, error)).toEqual({
      message: INTERNAL_MESSAGE,
      extensions: { code: 'HUB_INTERNAL' },
    });
    expect(toHiddenFault(error)).toBe(error);
  });
});

describe('the fault for the log', () => {
  test('is what a unit threw below a code of ours', () => {
    const below = new Error('ECONNREFUSED');
    expect(toHiddenFault(withCode('HUB_UNIT_UNAVAILABLE', below))).toBe(below);
  });

  test('is not what a client sent: a value that a scalar refuses is no fault of the hub', () => {
    expect(toHiddenFault(withCode('BAD_USER_INPUT', new TypeError('no DateTime')))).toBeNull();
  });
});
