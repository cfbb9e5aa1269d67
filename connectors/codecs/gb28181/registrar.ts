// A platform registers (GB/T 28181 9.1): it is challenged, its proof judged, its registration kept, renewed and ended. Pure;
// what follows from it is in session.ts.
import type { FrameSession } from '../../kit/frame-codec.ts';
import { judgeDigest, parseAuthorization, toChallenge, toNonce } from './digest.ts';
import { type Header, type Sip, toHeader, toResponse, toUser } from './sip.ts';

export type Registration = {
  /** The platform: 20 digits. */
  readonly device: string;
  /** As the platform calls the hub: `sip:43110000002000000099@4311000000`. */
  readonly hub: string;
  readonly until: number;
  /** The request that it comes of: the same once more is answered once more, its proof counts for no other. */
  readonly by: { readonly nonce: string; readonly callId: string; readonly cseq: string };
};

export type Registering = {
  /** null: there is none, or no more. */
  readonly registration: Registration | null;
  readonly sender: 'proven' | 'unproven' | 'wrong';
  readonly reply: Uint8Array;
};

/** Seconds. What a platform asks for lies between; without its wish, an hour. */
const [LEAST, MOST, USUAL] = [30, 86_400, 3600];
/** Behind its time: its renewal may be under way. */
const GRACE_MS = 30_000;
const BEIJING = 8 * 3_600_000;

export function judgeRegister(
  sip: Sip,
  before: Registration | null,
  words: FrameSession,
  now: number,
): Registering {
  const proof = toHeader(sip.headers, 'authorization');
  const fields = proof === null ? null : parseAuthorization(proof);
  const device = toUser(sip.headers, 'from');
  const sender = before === null ? ('unproven' as const) : ('proven' as const);
  const challenge = (isStale: boolean): Registering => {
    const value = toChallenge(words.id.slice(0, 10), toNonce(words, now), isStale);
    const reply = toResponse(sip, '401 Unauthorized', [{ name: 'WWW-Authenticate', value }]);
    return { registration: before, sender, reply };
  };
  if (fields === null) return challenge(false);
  const verdict = judgeDigest(fields, { ...words, method: 'REGISTER' }, words, now);
  if (verdict === 'wrong' || device !== words.id)
    return { registration: before, sender: 'wrong', reply: toResponse(sip, '403 Forbidden') };
  if (verdict === 'stale') return challenge(true);
  const by = {
    nonce: fields.get('nonce') ?? '',
    callId: toHeader(sip.headers, 'call-id') ?? '',
    cseq: toHeader(sip.headers, 'cseq') ?? '',
  };
  const isSame =
    before?.by.nonce === by.nonce && before.by.callId === by.callId && before.by.cseq === by.cseq;
  if (before?.by.nonce === by.nonce && !isSame) return challenge(true);
  const seconds = toSeconds(sip.headers);
  const registration = { device, hub: sip.uri ?? '', until: now + seconds * 1000 + GRACE_MS, by };
  return {
    registration: seconds === 0 ? null : registration,
    sender: 'proven',
    reply: toWelcome(sip, seconds, now),
  };
}

/** Expires of the request, or of its Contact. */
function toSeconds(headers: readonly Header[]): number {
  const said =
    toHeader(headers, 'expires') ?? /;\s*expires\s*=\s*(\d+)/i.exec(toHeader(headers, 'contact') ?? '')?.[1];
  if (said == null || !/^\d{1,10}$/.test(said)) return USUAL;
  return Number(said) === 0 ? 0 : Math.max(LEAST, Math.min(MOST, Number(said)));
}

/** Devices set their clocks by the answer to their registration (9.10). */
export function toWelcome(sip: Sip, seconds: number | null, now: number): Uint8Array {
  const contact = toHeader(sip.headers, 'contact');
  return toResponse(sip, '200 OK', [
    { name: 'Date', value: new Date(now + BEIJING).toISOString().slice(0, -1) },
    ...(contact === null || seconds === null ? [] : [{ name: 'Contact', value: contact }]),
    ...(seconds === null ? [] : [{ name: 'Expires', value: String(seconds) }]),
  ]);
}
