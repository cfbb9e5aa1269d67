// Whether a frame shows what its sender has to show. Pure.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Frame } from '../../kit/frame-codec.ts';
import type { SocketPlan } from './settings.ts';

/** `silent`: a frame that shows nothing; what its peer showed before holds. */
export type Judgement = 'shown' | 'silent' | 'wrong';

export function judgeProof({ credentials, device }: Frame, { codec, proof }: SocketPlan): Judgement {
  if (proof === null) return 'shown';
  const shown = credentials?.[proof.column];
  if (shown === undefined) return 'silent';
  const secret = proof.secret.reveal();
  const wanted = codec.codeOf === undefined || device === null ? secret : codec.codeOf(secret, device);
  // Digests have one length: neither the length of the password nor its beginning can be measured.
  return timingSafeEqual(toDigest(shown), toDigest(wanted)) ? 'shown' : 'wrong';
}

function toDigest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
