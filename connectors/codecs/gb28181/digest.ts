// Digest authentication as GB/T 28181 uses it for REGISTER (9.1; RFC 3261 22, RFC 2617, MD5): the challenge, and whether what
// comes back was made with the password. Pure: a challenge is proven to be ours by its own digits.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What a challenge is made of: a secret of the process, and who was challenged. */
export type Challenger = { readonly key: string; readonly peer: string };
export type Proof = { readonly id: string; readonly password: string; readonly method: string };

/** `stale`: a sound proof for a challenge that is too old, or not of this peer: to be challenged anew. */
export type Verdict = 'right' | 'stale' | 'wrong';

/** How long a challenge may be answered. */
const LIVES_MS = 60_000;
const MOST_HEADER = 2000;
const FIELD = /(\w+)\s*=\s*(?:"([^"\\]*)"|([^\s",]+))\s*(?:,|$)/g;

/** The time at which it was made, and what nobody else can make of it for this peer. */
export function toNonce({ key, peer }: Challenger, now: number): string {
  const time = now.toString(16);
  return `${time}.${createHmac('sha256', key).update(`${time} ${peer}`).digest('hex').slice(0, 32)}`;
}

export function toChallenge(realm: string, nonce: string, isStale: boolean): string {
  return `Digest realm="${realm}",nonce="${nonce}",algorithm=MD5${isStale ? ',stale=true' : ''}`;
}

/** The fields of an Authorization header by their names in lower case; null: it is none of Digest. */
export function parseAuthorization(header: string): ReadonlyMap<string, string> | null {
  const [, fields] = /^Digest\s+(.*)$/is.exec(header.slice(0, MOST_HEADER)) ?? [];
  if (fields === undefined) return null;
  return new Map(
    [...fields.matchAll(FIELD)].map(([, name = '', quoted, plain]) => [
      name.toLowerCase(),
      quoted ?? plain ?? '',
    ]),
  );
}

export function judgeDigest(
  fields: ReadonlyMap<string, string>,
  { id, password, method }: Proof,
  challenger: Challenger,
  now: number,
): Verdict {
  const { username, realm, nonce, uri, response, algorithm = 'MD5' } = Object.fromEntries(fields);
  if (realm === undefined || nonce === undefined || uri === undefined || response === undefined)
    return 'wrong';
  if (algorithm.toUpperCase() !== 'MD5' || username !== id) return 'wrong';
  const tail = toTail(fields);
  if (tail === null) return 'wrong';
  const expected = md5([md5([id, realm, password]), nonce, ...tail, md5([method, uri])]);
  if (!isSame(expected, response.toLowerCase())) return 'wrong';
  return isOurs(nonce, challenger, now) ? 'right' : 'stale';
}

/** Of a proof with `qop` a count and a word of the sender's are part. */
function toTail(fields: ReadonlyMap<string, string>): readonly string[] | null {
  const qop = fields.get('qop');
  if (qop === undefined) return [];
  const [nc, cnonce] = [fields.get('nc'), fields.get('cnonce')];
  return qop === 'auth' && nc !== undefined && cnonce !== undefined ? [nc, cnonce, qop] : null;
}

function isOurs(nonce: string, challenger: Challenger, now: number): boolean {
  const [time = ''] = nonce.split('.');
  const madeMs = /^[0-9a-f]{1,12}$/.test(time) ? Number.parseInt(time, 16) : Number.NaN;
  return isSame(toNonce(challenger, madeMs), nonce) && now - madeMs >= 0 && now - madeMs < LIVES_MS;
}

function md5(parts: readonly string[]): string {
  return createHash('md5').update(parts.join(':')).digest('hex');
}

/** Digests have one length: nothing can be measured. */
function isSame(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}
