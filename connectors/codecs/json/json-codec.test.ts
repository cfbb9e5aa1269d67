import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HubError } from '../../../schema/errors.ts';
import type { RawValue } from '../../kit/contract.ts';
import { jsonCodec } from './json-codec.ts';

const decode = (text: string, ...repair: string[]) => jsonCodec.decode(text, { repair });
const faultOf = (text: string, ...repair: string[]): HubError => {
  try {
    decode(text, ...repair);
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
  throw new Error('was not refused');
};

describe('the codec json', () => {
  test.each<[string, RawValue]>([
    ['0', 0],
    ['-7', -7],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', '9007199254740993'],
    ['99999999999999999999999999999999999999', '99999999999999999999999999999999999999'],
    ['-0', '-0'],
    ['23.50', '23.50'],
    ['1e3', '1e3'],
    ['"007"', '007'],
    ['[1, true, false, null]', [1, true, false, null]],
  ])('reads %s without losing a digit', (text, value) => {
    expect(decode(text)).toEqual({ value, repaired: [] });
  });

  test('takes a byte order mark, and the last of doubled keys', () => {
    expect(decode('\uFEFF{"a":1,"b":2,"a":3}').value).toEqual({ a: 3, b: 2 });
  });

  test('keeps names that JavaScript has other uses for as plain names', () => {
    const value = decode('{"__proto__":{"polluted":true},"constructor":1}').value as Record<string, RawValue>;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test.each([
    ['{"name":"张三",\n "age" 30}', 2, 8],
    ["{'name':1}", 1, 2],
    ['[1,]', 1, 4],
    ['{"a":1,}', 1, 8],
    ['{"a":01}', 1, 7],
    ['{"a":NaN}', 1, 6],
    ['{"phone":"13900000000', 1, 22],
    ['', 1, 1],
    ['{} {}', 1, 4],
    ['"tab\there"', 1, 5],
  ])('refuses %j at its line and column, and shows nothing of it', (text, line, column) => {
    const { code, message, place } = faultOf(text);
    expect(code).toBe('HUB_SOURCE_FORMAT');
    expect(message).toMatch(
      new RegExp(`^json: line ${line}, column ${column}: (is not JSON here|ends before)`),
    );
    expect(message).not.toMatch(/张三|139|NaN|name/);
    expect(place).toEqual({ line });
  });

  test('refuses more values than the machine could hold, before it holds any', () => {
    const { code, message } = faultOf(`[${'[],'.repeat(2_500_000)}1]`);
    expect(code).toBe('HUB_SOURCE_LIMIT');
    expect(message).toMatch(/^json: line 1, column \d+: has more than 5000000 values$/);
    // Compared as a truth: a text that long is not to be printed.
    const commas = ','.repeat(5_000_001);
    expect(decode(JSON.stringify(commas)).value === commas).toBe(true);
  });

  test('refuses what is nested without end, and takes brackets in strings for text', () => {
    expect(faultOf('['.repeat(100_000)).message).toMatch(/column 65: is nested more deeply/);
    expect(decode(JSON.stringify(['['.repeat(500), '\\"{'.repeat(90)])).value).toHaveLength(2);
  });

  test('any JSON value comes back as JSON.parse would give it, each number with the digits that were sent', () => {
    const toDigits = (value: RawValue): RawValue => {
      if (typeof value === 'number') return JSON.stringify(value);
      if (Array.isArray(value)) return value.map(toDigits);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toDigits(inner)]));
    };
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    fc.assert(
      fc.property(values, (value) => {
        const text = JSON.stringify(value, null, 1);
        expect(toDigits(decode(text).value)).toEqual(toDigits(JSON.parse(text) as RawValue));
      }),
      { numRuns: 1000 },
    );
  });

  test('any text is read or refused with HUB_SOURCE_FORMAT', () => {
    const pieces = fc.array(
      fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '1', '-', '\\u12', 'null', '\n', 'x'),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((all) => all.join('')),
        ),
        (text) => {
          try {
            decode(text, 'jsonp', 'musicFieldNames');
          } catch (error) {
            expect((error as HubError).code).toBe('HUB_SOURCE_FORMAT');
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

const GOOD =
  '{"returnCode":"0","fieldNames":"Station_Id_C Lat","DS":[{"Station_Id_C":"57866","PRE_1h":"0.5"}]}';

describe('the repair musicFieldNames', () => {
  test.each([
    ['quoted', GOOD.replace(',"fieldNames":', ',fieldNames=')],
    ['quoted and spaced', GOOD.replace(',"fieldNames":', ', fieldNames = ')],
    ['bare', GOOD.replace(',"fieldNames":"Station_Id_C Lat"', ',fieldNames=Station_Id_C Lat')],
  ])('mends a %s list', (_, text) => {
    expect(decode(text, 'musicFieldNames')).toEqual({
      value: JSON.parse(GOOD),
      repaired: ['musicFieldNames'],
    });
  });

  test('mends a bare list with commas, the units beside it, and a list at the end', () => {
    const text = '{"returnCode":"0",fieldNames=Lat,Lon,PRE_1h,fieldUnits=度,度,毫米,"DS":[{"Lat":"1"}]}';
    expect(decode(text, 'musicFieldNames').value).toEqual({
      returnCode: '0',
      fieldNames: 'Lat,Lon,PRE_1h',
      fieldUnits: '度,度,毫米',
      DS: [{ Lat: '1' }],
    });
    expect(decode('{"a":"1",fieldNames=Lat,Lon}', 'musicFieldNames').value).toEqual({
      a: '1',
      fieldNames: 'Lat,Lon',
    });
  });

  test('touches no string, whatever stands in it', () => {
    const text = '{"note":"x,fieldNames=\\"y\\",z",fieldNames="Lat","other":",fieldNames=a"}';
    expect(decode(text, 'musicFieldNames').value).toEqual({
      note: 'x,fieldNames="y",z',
      fieldNames: 'Lat',
      other: ',fieldNames=a',
    });
  });

  test('is not used, nor counted, where the text is whole', () => {
    expect(decode(GOOD, 'musicFieldNames', 'jsonp')).toEqual({ value: JSON.parse(GOOD), repaired: [] });
  });

  test('is not used where the manifest does not name it', () => {
    const text = GOOD.replace(',"fieldNames":', ',fieldNames=');
    expect(faultOf(text, 'jsonp').message).toMatch(/line 1, column 19/);
    expect(faultOf(text).message).toMatch(/line 1, column 19/);
  });

  test('leaves a text refused at its own place when it does not help', () => {
    const text = `${GOOD.replace(',"fieldNames":', ',fieldNames=').slice(0, -1)},,}`;
    expect(faultOf(text, 'musicFieldNames').message).toMatch(/line 1, column 19/);
  });
});

describe('the repair jsonp', () => {
  test.each([
    ['callback({"a":1});'],
    ['  jQuery1900_1234.cb ( {"a":1} ) '],
    ['cbs[0]({"a":1})'],
    [`/**/ typeof cb === 'function' && cb({"a":1});`],
    ['\uFEFFcallback({"a":1});\n'],
  ])('unwraps %s', (text) => {
    expect(decode(text, 'jsonp')).toEqual({ value: { a: 1 }, repaired: ['jsonp'] });
  });

  test('gives up at once on a wrapping that never ends well', () => {
    expect(faultOf(`cb({"a":1})${' '.repeat(500_000)}x`, 'jsonp').code).toBe('HUB_SOURCE_FORMAT');
  });

  test('works together with the other, and both are named', () => {
    expect(decode('cb({"a":"1",fieldNames=Lat,"b":2});', 'musicFieldNames', 'jsonp')).toEqual({
      value: { a: '1', fieldNames: 'Lat', b: 2 },
      repaired: ['jsonp', 'musicFieldNames'],
    });
  });

  test.each(['callback({"a":1', 'callback({"a":1}); alert(1)', 'callback({"a":1}', '{"a":1})'])(
    'refuses %s',
    (text) => {
      expect(faultOf(text, 'jsonp').code).toBe('HUB_SOURCE_FORMAT');
    },
  );
});
