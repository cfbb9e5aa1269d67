// From PostgreSQL's errors to the hub's: the right recovery, and never a value of a record.
import { describe, expect, test } from '@jest/globals';
import { HubError } from '../../schema/errors.ts';
import { isLostSession, toStoreError } from './store-error.ts';

/** As node-postgres gives them. */
function toDatabaseError(code: string, message: string, fields: object = {}): Error {
  return Object.assign(new Error(message), { code, ...fields });
}

test.each([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  '57P01',
  '57P03',
  '53300',
  '08006',
  '40P01',
  '55P03',
  '57014',
])('%s may be gone the next time', (code) => {
  const error = toStoreError(toDatabaseError(code, 'gone'));
  expect(error.code).toBe('HUB_STORE_UNREACHABLE');
  expect(error.recovery).toBe('retry');
});

test.each([
  'Connection terminated unexpectedly',
  'timeout expired',
  'Cannot use a pool after calling end on the pool',
])('"%s" is a store that does not answer', (message) => {
  expect(toStoreError(new Error(message)).code).toBe('HUB_STORE_UNREACHABLE');
});

test.each([
  [new Error('Connection terminated unexpectedly'), true],
  [toDatabaseError('57P01', 'terminating connection due to administrator command'), true],
  [toDatabaseError('ECONNRESET', 'read ECONNRESET'), true],
  [toDatabaseError('ECONNREFUSED', 'connect ECONNREFUSED'), false],
  [toDatabaseError('57014', 'canceling statement due to statement timeout'), false],
  [new Error('timeout expired'), false],
])('%s: the session ended under its statement: %s', (error, lost) => {
  expect(isLostSession(toStoreError(error))).toBe(lost);
});

describe('a refused statement', () => {
  test('names table and constraint, and no value', () => {
    const error = toStoreError(
      toDatabaseError('23505', 'duplicate key value violates …', {
        schema: 'hydrology',
        table: 'hydro_station',
        constraint: 'hydro_station_pkey',
        detail: 'Key (_key)=(张三) already exists.',
      }),
    );
    expect(error.message).toBe(
      'the store refused a statement (SQLSTATE 23505, table hydrology.hydro_station, constraint hydro_station_pkey)',
    );
    expect(error.cause).toBeUndefined();
  });

  test('does not repeat a message that quotes the data', () => {
    const error = toStoreError(
      toDatabaseError('22P02', 'invalid input syntax for type integer: "43112419900101"'),
    );
    expect(error.message).not.toContain('4311');
  });

  test('keeps the message where it speaks of the statement only', () => {
    expect(toStoreError(toDatabaseError('42P01', 'relation "x" does not exist')).message).toContain(
      'relation "x"',
    );
  });
});

test('the hub’s own errors stay what they are, other faults are the hub’s', () => {
  const own = new HubError('HUB_SYNC_LEASE_LOST', 'lost');
  expect(toStoreError(own)).toBe(own);
  expect(toStoreError(new TypeError('x is not a function')).code).toBe('HUB_INTERNAL');
});
