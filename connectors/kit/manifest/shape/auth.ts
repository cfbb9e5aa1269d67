// How the hub proves itself to a source (manifest §3.3). Which way fits which kind is M014.
import { z } from 'zod';
import { httpRequest } from './request.ts';
import { columnName, iso, raws, SECRET_NAME, secret, text } from './words.ts';

const login = z.strictObject({
  request: httpRequest,
  token: text,
  lives: iso,
  send: z.strictObject({ header: text, prefix: z.string().optional() }),
  expired: z
    .strictObject({ status: z.array(z.int()).optional(), path: text.optional(), values: raws.optional() })
    .optional(),
});

const frameSecret = z.string().regex(SECRET_NAME, 'M012: must be the NAME of a secret, never the password');

/** Each way and what it takes; `none` has nothing. */
export const AUTH = {
  basic: z.strictObject({ user: secret, password: secret }),
  bearer: secret,
  header: z.record(z.string(), secret),
  query: z.record(z.string(), secret),
  frame: z.strictObject({ column: columnName, secret: frameSecret }),
  sip: z.strictObject({ id: secret, password: secret }),
  login,
} as const;
export type AuthWay = keyof typeof AUTH | 'none';

const ways = Object.entries(AUTH).map(([way, schema]) => z.strictObject({ [way]: schema }));
export const auth = z.union([z.literal('none'), ...ways], {
  error: `must be none or one of ${Object.keys(AUTH).join(', ')}`,
});
