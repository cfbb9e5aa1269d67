// The manifest's words of a source over HTTP (manifest §3.1–§3.4) as far as these kinds read them, with their defaults.
import { z } from 'zod';
import { toMillis } from '../../../schema/duration.ts';
import type { Known } from '../contract.ts';
import { TABLE_WORDS } from '../table-words.ts';

const known = z.custom<Known>(isKnown, 'must be a secret');
const tree = z.record(z.string(), z.unknown());
/** Of a login, and of every object of a REST service. */
export const restRequest = z.object({
  method: z.string(),
  path: z.string(),
  query: tree.default({}),
  body: tree.nullable().default(null),
});
const login = z.object({
  request: restRequest,
  token: z.string(),
  lives: z.string().transform(toMillis),
  send: z.object({ header: z.string(), prefix: z.string().default('') }),
  expired: z
    .object({
      status: z.array(z.int()).default([401]),
      path: z.string().nullable().default(null),
      values: z.array(z.string()).default([]),
    })
    .default({ status: [401], path: null, values: [] }),
});
const auth = z
  .object({
    basic: z.object({ user: known, password: known }).optional(),
    bearer: known.optional(),
    header: z.record(z.string(), known).default({}),
    query: z.record(z.string(), known).default({}),
    login: login.optional(),
  })
  .or(
    z
      .literal('none')
      .transform(() => ({ header: {}, query: {}, basic: undefined, bearer: undefined, login: undefined })),
  );
const success = z.object({
  path: z.string(),
  ok: z.array(z.string()),
  empty: z.array(z.string()).default([]),
});
export const sourceWords = z.object({
  auth: auth.default({ header: {}, query: {} }),
  codec: z.string().optional(),
  encoding: z.enum(['utf-8', 'gb18030', 'detect']).default('utf-8'),
  repair: z.array(z.string()).default([]),
  success: success.nullable().default(null),
  contract: z
    .string()
    .regex(/^(\/(?!\/)|\?)/)
    .nullable()
    .default(null),
});
const paging = z.object({
  by: z.enum(['page', 'offset', 'token']),
  size: z.int().positive(),
  first: z.int().default(1),
  total: z.string().nullable().default(null),
  next: z.string().nullable().default(null),
  more: z.string().nullable().default(null),
});
export const objectWords = z.object({
  request: tree,
  window: z.object({ most: z.string().transform(toMillis) }).optional(),
  paging: paging.nullable().default(null),
  unwrap: z.array(z.object({ path: z.string(), codec: z.string() })).default([]),
  records: z.string().nullable().default(null),
  codec: z.string().optional(),
  ...TABLE_WORDS,
});

export type RestRequest = z.infer<typeof restRequest>;
export type Login = z.infer<typeof login>;
export type Auth = z.infer<typeof auth>;
export type Paging = z.infer<typeof paging>;
export type Success = z.infer<typeof success>;

function isKnown(value: unknown): value is Known {
  return (
    typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function'
  );
}
