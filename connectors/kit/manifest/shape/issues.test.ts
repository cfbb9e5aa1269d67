import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { toPathText } from '../path.ts';
import { auth } from './auth.ts';
import { FIELD_SCHEMAS } from './field.ts';
import { judge } from './issues.ts';
import { deletes, link, typeHead } from './type.ts';
import { iso, label, raws, secret } from './words.ts';

const lines = (schema: z.ZodType, value: unknown): string[] =>
  judge(schema, value, ['x']).findings.map(
    ({ id, path, message }) => `${id} ${toPathText(path)}: ${message}`,
  );

describe('what zod finds, in the words of the manifest', () => {
  test('each unknown key is a finding of its own, with what was probably meant', () => {
    expect(
      lines(z.strictObject({ source: z.string(), object: z.string() }), { source: 'a', objekt: 'b', zzz: 1 }),
    ).toEqual([
      'M001 x.object: is missing',
      'M001 x.objekt: unknown key; did you mean "object"?',
      'M001 x.zzz: unknown key',
    ]);
  });

  test('a value of the wrong kind says what it is and what it must be', () => {
    expect(lines(iso, 5)).toEqual(['M001 x: must be text, but is a number']);
    expect(lines(raws, 'a')).toEqual(['M001 x: must be a list, but is text']);
    expect(lines(z.int(), null)).toEqual(['M001 x: must be a number, but is empty']);
  });

  test('months have no length and are refused', () => {
    expect(lines(iso, 'P1M')).toEqual(['M001 x: must be an ISO 8601 duration without months, such as PT5M']);
  });

  test('a mistyped word is corrected', () => {
    expect(lines(typeHead.shape.role, 'raeding')).toEqual([
      'M001 x: must be one of thing, reading, event; did you mean "reading"?',
    ]);
  });

  test('labels, raw codes and secrets have ids of their own', () => {
    expect(lines(z.strictObject(label), { zh: '名' })).toEqual(['M003 x.en: the label needs en, a text']);
    expect(lines(raws, ['01', 1, true])).toEqual([
      'M004 x[1]: quote this raw code; unquoted, YAML makes it a number or truth value',
      'M004 x[2]: quote this raw code; unquoted, YAML makes it a number or truth value',
    ]);
    expect(lines(secret, 'geheim')).toEqual([
      'M012 x: must be { secret: NAME }; a secret is never written out',
    ]);
  });

  test('of several forms the one that was meant is judged', () => {
    expect(lines(auth, { basic: { user: { secret: 'U' }, password: 'geheim' } })).toEqual([
      'M012 x.basic.password: must be { secret: NAME }; a secret is never written out',
    ]);
    expect(lines(FIELD_SCHEMAS.point, { zh: 'a', en: 'b', point: { lon: 'x', lta: 'y' } })).toEqual([
      'M001 x.point.lat: is missing',
      'M001 x.point.lta: unknown key; did you mean "lat"?',
    ]);
  });

  test('where none was meant, the message lists them', () => {
    expect(lines(auth, 'token')).toEqual([
      'M001 x: must be none or one of basic, bearer, header, query, frame, sip, login',
    ]);
  });

  test('keys that belong together are asked for together', () => {
    expect(lines(deletes, { by: 'column', column: 'deleted' })).toEqual([
      'M001 x: deletion by column needs `column` and `when`',
    ]);
    expect(lines(link, { zh: 'a', en: 'b', to: 'Station' })).toEqual([
      'M001 x: a link has either `to` and `on`, or `nearest`',
    ]);
  });
});
