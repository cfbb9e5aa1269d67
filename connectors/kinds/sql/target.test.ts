import { describe, expect, test } from '@jest/globals';
import { HubError } from '../../../schema/errors.ts';
import { pgDialect } from './dialects/pg.ts';
import { toSourceError } from './faults.ts';
import { sqlKind } from './sql-kind.ts';
import { parseTarget } from './target.ts';

const place = { unit: 'hydrology', source: 'fork' };
const parse = (url: string) => parseTarget(url, place);

describe('the url of a source', () => {
  test('is taken apart, percent-encoding undone', () => {
    expect(parse('mysql://us%40er:p%2Fw%3A%25@db.example:3307/%E6%B0%B4').target).toEqual({
      host: 'db.example',
      port: 3307,
      user: 'us@er',
      password: 'p/w:%',
      database: '水',
      tls: 'off',
    });
    expect(parse('postgres://[::1]/d?sslmode=require').target).toMatchObject({
      host: '::1',
      port: null,
      tls: 'unverified',
    });
  });

  test.each([
    ['no url at all', 'is no URL'],
    ['http://u:s3cret@h/d', 'must begin with one of: postgres'],
    ['postgres://u:s3cret@h', 'names no database'],
    ['postgres:///d', 'names no host'],
    ['postgres://u:s3cret@h/d?ssl=1', 'has an option that is not known: ssl'],
    ['postgres://u:s3cret@h/d?sslmode=s3cret', 'has an sslmode that is none of'],
    ['postgres://u:s3cret%@h/d', 'has a % that begins'],
  ])('%s is refused without being shown', (url, why) => {
    expect(() => parse(url)).toThrow(`hydrology.fork: the url ${why}`);
    expect(() => parse(url)).not.toThrow(/s3cret/);
    expect(() => parse(url)).toThrow(expect.objectContaining({ code: 'HUB_CONFIG_INVALID' }));
  });

  test.each(['mssql://u:p@127.0.0.1:1/d', 'oracle://u:p@127.0.0.1:1/d', 'mysql://u:p@127.0.0.1:1/d'])(
    'where nobody listens, opens, and then says so: %s',
    async (url) => {
      const settings = { unit: 'u', name: 's', url, zone: 'UTC', inFlight: 1, timeoutMs: 2000, pageRows: 10 };
      const source = await sqlKind.open(settings);
      await expect(source.describe()).rejects.toMatchObject({ code: 'HUB_SOURCE_UNREACHABLE' });
      await source.close();
      await expect(source.describe()).rejects.toMatchObject({ code: 'HUB_SOURCE_CLOSED' });
    },
  );
});

describe('an error of a driver', () => {
  const toError = (error: unknown) => toSourceError(error, pgDialect, { ...place, object: 'st_river_r' });

  test('shows its code and its place, never its words', () => {
    const driver = Object.assign(new Error('invalid input syntax: "13800138000"'), { code: '22P02' });
    const error = toError(driver);
    expect(error).toMatchObject({ code: 'HUB_SOURCE_QUERY', place: { ...place, object: 'st_river_r' } });
    expect(error.message).toBe(
      'hydrology.fork: PostgreSQL answered with an error (object st_river_r) [22P02]',
    );
    expect(error.cause).toBeUndefined();
  });

  test.each([
    [{ code: 'ECONNREFUSED' }, 'HUB_SOURCE_UNREACHABLE'],
    [{ code: 'ENOTFOUND' }, 'HUB_SOURCE_UNREACHABLE'],
    [{ code: 'ETIMEDOUT' }, 'HUB_SOURCE_TIMEOUT'],
    [{ name: 'KnexTimeoutError' }, 'HUB_SOURCE_TIMEOUT'],
    [{ message: 'select 1 - timeout expired' }, 'HUB_SOURCE_TIMEOUT'],
    [{ message: 'select 1 - Connection terminated unexpectedly' }, 'HUB_SOURCE_UNREACHABLE'],
    [{ message: 'something else' }, 'HUB_SOURCE_QUERY'],
  ])('%j means %s', (fields, code) => {
    expect(toError(Object.assign(new Error(''), fields)).code).toBe(code);
  });

  test('of all addresses of a name is the first one’s', () => {
    const first = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
    expect(toError(new AggregateError([first])).code).toBe('HUB_SOURCE_UNREACHABLE');
    expect(toError('a bare word').code).toBe('HUB_SOURCE_QUERY');
  });

  test('that is coded already passes unchanged', () => {
    const coded = new HubError('HUB_SOURCE_CURSOR', 'as it is');
    expect(toError(coded)).toBe(coded);
  });
});
