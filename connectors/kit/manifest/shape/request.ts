// How an object of a source is asked for and taken apart: request, slots, paging, headers, assembly (manifest §3.4, §3.5).
import { z } from 'zod';
import { columnName, columns, literal, positive, raw, raws, span, text } from './words.ts';

/** What may stand in a request: literals, `{ secret }`, `{ slot, format }`, and lists and mappings of these; lint judges the slots (M022). */
export type RequestValue =
  | string
  | number
  | boolean
  | null
  | readonly RequestValue[]
  | { readonly [key: string]: RequestValue };

const value: z.ZodType<RequestValue> = z.lazy(() =>
  z.union([literal, z.null(), z.array(value), z.record(z.string(), value)]),
);
const values = z.record(z.string(), value);

export const httpRequest = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH']),
  path: z.string().regex(/^\//, 'must be a path that begins with /'),
  query: values.optional(),
  body: values.optional(),
});
export const soapRequest = z.strictObject({
  operation: text,
  namespace: text.optional(),
  args: values.optional(),
  version: z.enum(['1.1', '1.2']).optional(),
  action: z.string().optional(),
  qualified: z.boolean().optional(),
});
export const graphqlRequest = z.strictObject({ root: text, args: values.optional() });
export const sipRequest = z.strictObject({ cmdType: text });

/** Which keys belong to which `by` is M024. */
export const paging = z.strictObject({
  by: z.enum(['page', 'offset', 'token']),
  size: positive,
  first: z.int().min(0).optional(),
  total: text.optional(),
  next: text.optional(),
  more: text.optional(),
});

export const assemble = z.strictObject({
  by: columns.optional(),
  total: columnName.optional(),
  count: text.optional(),
  within: span.optional(),
  incomplete: z.enum(['setAside', 'accept']).optional(),
});

export const header = z.strictObject({
  rows: z.array(z.int()),
  join: z.string().optional(),
  columns: columns.optional(),
});
export const sheet = z.union([z.strictObject({ name: text }), z.strictObject({ index: positive })], {
  error: 'must be { name } or { index }',
});
export const stop = z.strictObject({ column: columnName, when: raws.min(1) });
export const success = z.strictObject({ path: text, ok: raws.min(1), empty: raws.optional() });
export const messages = z.array(raw).min(1);
