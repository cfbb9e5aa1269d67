import { describe, expect, test } from '@jest/globals';
import { resolveName } from './names.ts';

describe('a name of a manifest', () => {
  test('means the exact name, even where others differ only in case', () => {
    expect(resolveName('Stcd', ['STCD', 'Stcd', 'stcd'])).toEqual({ found: 1 });
  });

  test('means the only name that differs in case alone', () => {
    expect(resolveName('stcd', ['TM', 'STCD'])).toEqual({ found: 1 });
  });

  test('is ambiguous where several differ in case alone', () => {
    expect(resolveName('stcd', ['STCD', 'Stcd', 'tm'])).toEqual({ ambiguous: ['STCD', 'Stcd'] });
  });

  test('that is not there comes with the three nearest, and with nothing far', () => {
    expect(resolveName('st_river', ['st_river_r', 'st_rivers', 'st_rver', 'ST_RIVEL', 'accounts'])).toEqual({
      nearest: ['st_rivers', 'st_rver', 'ST_RIVEL'],
    });
    expect(resolveName('z', ['temperature', 'q'])).toEqual({ nearest: ['q'] });
    expect(resolveName('observed', ['tm', 'z', 'q'])).toEqual({ nearest: [] });
  });
});
