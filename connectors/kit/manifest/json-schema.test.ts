import { describe, expect, test } from '@jest/globals';
import { toManifestJsonSchema } from './json-schema.ts';

type Node = { readonly [key: string]: unknown };

describe('the JSON Schema for editors', () => {
  const schema = toManifestJsonSchema() as Node;

  test('knows the top keys and which of them must stand', () => {
    expect(schema.type).toBe('object');
    expect(schema.additionalProperties).toBe(false);
    const keys = ['manifest', 'unit', 'name', 'owner', 'zone', 'sources', 'codes', 'types', 'policy'];
    expect(Object.keys(schema.properties as Node)).toEqual(keys);
    expect(schema.required).toEqual(['manifest', 'unit', 'name', 'owner', 'sources', 'types', 'policy']);
  });

  test('knows every kind of source and every converter', () => {
    const text = JSON.stringify(schema);
    for (const word of ['sql', 'socket', 'idNumber', 'monthDay', 'musicFieldNames', 'startsWith'])
      expect(text).toContain(`"${word}"`);
  });

  test('is plain JSON whose references all lead somewhere', () => {
    const text = JSON.stringify(schema);
    expect(JSON.parse(text)).toEqual(schema);
    for (const [, name = ''] of text.matchAll(/"#\/\$defs\/([^"]+)"/g))
      expect(Object.keys(schema.$defs as Node)).toContain(name);
  });
});
