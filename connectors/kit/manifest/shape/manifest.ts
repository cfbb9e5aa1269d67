// The whole manifest as one zod schema, made of the same parts that read-draft.ts judges one by one. Prints the JSON
// Schema of editors (json-schema.ts); the head is judged from here.
import { z } from 'zod';
import type { SourceKind } from '../model.ts';
import { codeList } from './codes.ts';
import { ABSENT_SCHEMAS, FIELD_SCHEMAS, FORM_FIELD_SCHEMAS } from './field.ts';
import { SOURCE_KINDS, toObjectsSchema, toSourceSchema } from './source.ts';
import { formHead, link, typeHead } from './type.ts';
import { fieldName, label, listName, secret, sourceName, text, typeName, unitName, zone } from './words.ts';

export const policy = z.strictObject({
  default: z.enum(['public', 'internal', 'sensitive', 'personal']),
  minGroup: z.int().min(1).optional(),
  purposes: z.array(text).optional(),
});

/** The top keys; their contents are judged piece by piece. */
export const manifestHead = z.strictObject({
  manifest: z.literal(1),
  unit: unitName,
  name: z.strictObject(label, { error: 'M003: must be { zh, en }' }),
  owner: z.strictObject({ contact: text, phone: secret }),
  zone: zone.optional(),
  sources: z.record(z.string(), z.unknown()),
  codes: z.record(z.string(), z.unknown()).optional(),
  types: z.record(z.string(), z.unknown()),
  policy: z.unknown(),
});

export type PolicyWords = z.infer<typeof policy>;
export type ManifestWords = Pick<z.infer<typeof manifestHead>, 'unit' | 'name' | 'owner' | 'zone'>;

function toWholeSource(kind: SourceKind): z.ZodObject {
  return toSourceSchema(kind, kind === 'sql' ? z.never() : toObjectsSchema(kind));
}

/** The definition of format 1. */
export function toManifestSchema(): z.ZodType {
  const field = z.union([...Object.values(FIELD_SCHEMAS), ...Object.values(ABSENT_SCHEMAS)]);
  const formField = z.union([z.literal('absent'), ...Object.values(FORM_FIELD_SCHEMAS)]);
  const form = formHead.extend({ fields: z.record(fieldName, formField).optional() });
  const type = typeHead.extend({
    from: z.array(form).min(1),
    fields: z.record(fieldName, field),
    links: z.record(fieldName, link).optional(),
  });
  return manifestHead.extend({
    sources: z.record(sourceName, z.union(SOURCE_KINDS.map(toWholeSource))),
    codes: z.record(listName, codeList).optional(),
    types: z.record(typeName, type),
    policy,
  });
}
