import { describe, expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { HubError } from '../../schema/errors.ts';
import { findHubError, toAnswerError, toUnitError } from './unit-error.ts';

describe('a fault of a unit', () => {
  test('keeps the code and the words of a HubError, however deep it lies, and loses its path', () => {
    const below = new HubError('HUB_QUERY_CURSOR', 'The cursor was edited.');
    const listed = new GraphQLError('x', {
      path: ['a', 1],
      originalError: new GraphQLError('y', { originalError: below }),
    });
    const error = toUnitError(listed, 'water');
    expect([error.message, error.path]).toEqual(['The cursor was edited.', undefined]);
    expect(error.extensions).toEqual({ code: 'HUB_QUERY_CURSOR', unit: 'water', retryable: false });
    expect(findHubError(error)).toBe(below);
  });

  test('keeps what a department edge says over the wire, without its stack and status', () => {
    const wire = {
      message: 'No row yet.',
      path: ['a'],
      extensions: {
        code: 'HUB_UNIT_NOT_LOADED',
        type: 'Gauge',
        stacktrace: ['at /srv'],
        http: { status: 500 },
      },
    };
    const error = toUnitError(wire, 'water');
    expect(error.message).toBe('No row yet.');
    expect(error.extensions).toEqual({
      code: 'HUB_UNIT_NOT_LOADED',
      type: 'Gauge',
      unit: 'water',
      retryable: true,
    });
  });

  test('cannot be laid at another unit, or called retryable, by the unit itself', () => {
    const wire = { message: 'm', extensions: { code: 'HUB_SOURCE_SHAPE', unit: 'fire', retryable: true } };
    expect(toUnitError(wire, 'water').extensions).toMatchObject({ unit: 'water', retryable: false });
  });

  test('is laid at the unit of which the hub’s own part speaks', () => {
    const own = new HubError('HUB_UNIT_NOT_LOADED', 'No row yet.', { place: { unit: 'fire' } });
    expect(toUnitError(own, 'hub').extensions).toMatchObject({ unit: 'fire', retryable: true });
  });

  test.each([
    [new Error('password=x')],
    ['password=x'],
    [null],
    [{ message: 'password=x', extensions: { code: 'X' } }],
  ])('of an unknown kind says no more than that the unit failed: %p', (cause) => {
    const error = toUnitError(cause, 'water');
    expect(error.message).toBe('Unit "water" failed to answer.');
    expect(error.extensions).toEqual({ code: 'HUB_UNIT_UNAVAILABLE', unit: 'water', retryable: true });
  });

  test('that lies in its answer says what was wrong', () => {
    expect(toAnswerError('water', 'gauges is no list').message).toBe(
      'Unit "water" answered wrongly: gauges is no list.',
    );
  });
});
