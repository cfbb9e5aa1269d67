// Whether a frame shows what its sender has to show. Pure.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Frame } from '../../kit/frame-codec.ts';
import type { Proof } from './settings.ts';

/** `silent`: a frame that shows nothing; what its peer showed before holds. */
export type Judgement = 'shown' | 'silent' | 'wrong';

export function judgeProof({ credentials }: Frame, { column, secret }: Proof): Judgement {
  const shown = credentials?.[column];
  if (shown === undefined) return 'silent';
  // Digests have one length: neither the length of the password nor its beginning can be measured.
  return timingSafeEqual(toDigest(shown), toDigest(secret.reveal())) ? 'shown' : 'wrong';
}

function toDigest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
