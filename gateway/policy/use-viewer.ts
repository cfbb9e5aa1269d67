// Who asks: every operation has a viewer before anything runs. Without keys that is whoever sits at this machine;
// with keys it is the holder of one of them, or nobody.
import { createHash, timingSafeEqual } from 'node:crypto';
import { HubError } from '../../schema/errors.ts';
import type { Viewer } from '../subschema/contract.ts';

/** A key as it is configured: its name and the SHA-256 of its text (hex). The text itself is never stored. */
export type AccessKey = { readonly id: string; readonly sha256: string };

/** Headers as Node gives them: lower-case names. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const OPEN_CLASSES = ['public', 'internal', 'sensitive'] as const;
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];
const SHA256_HEX = /^[0-9a-f]{64}$/i;

/**
 * The viewer of a request: the holder of the key in `Authorization: Bearer <key>` or `X-Api-Key`; without configured
 * keys the local viewer. Throws HUB_AUTH_REQUIRED for a missing or wrong key, in the same words for both.
 */
export function toViewer(headers: Headers, keys: readonly AccessKey[]): Viewer {
  if (keys.length === 0) return { id: 'local', kind: 'local', classes: OPEN_CLASSES };
  const given = toGivenKey(headers);
  const digest = createHash('sha256')
    .update(given ?? '')
    .digest();
  // All keys are compared, each in constant time, so that the time taken tells nothing about which one came close.
  const found = keys.filter((key) => timingSafeEqual(Buffer.from(key.sha256, 'hex'), digest))[0];
  if (given === null || found === undefined)
    throw new HubError(
      'HUB_AUTH_REQUIRED',
      'A valid key is required: send it as "Authorization: Bearer <key>" or "X-Api-Key: <key>".',
    );
  return { id: found.id, kind: 'key', classes: OPEN_CLASSES };
}

/** Refuses, with HUB_CONFIG_INVALID and all faults at once, keys that cannot work and an open door without keys. */
export function checkAccess(host: string, keys: readonly AccessKey[]): void {
  const faults = keys.flatMap(({ id, sha256 }) =>
    SHA256_HEX.test(sha256)
      ? []
      : [`key "${id}" must be given as the SHA-256 of its text, 64 hexadecimal digits`],
  );
  const ids = keys.map(({ id }) => id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index)))
    faults.push(`two keys are called "${id}"`);
  if (keys.length === 0 && !LOOPBACK.includes(host))
    faults.push(
      `without keys the gateway listens on 127.0.0.1 only, but got: ${host}; configure a key first`,
    );
  if (faults.length > 0)
    throw new HubError('HUB_CONFIG_INVALID', `Access is not configured: ${faults.join('; ')}.`);
}

function toGivenKey(headers: Headers): string | null {
  const bearer = /^Bearer +(\S+) *$/i.exec(toText(headers.authorization))?.[1];
  const key = bearer ?? toText(headers['x-api-key']).trim();
  return key === '' ? null : key;
}

function toText(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' ? header : (header?.[0] ?? '');
}
