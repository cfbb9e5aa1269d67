// The version of a manifest: what its rows carry and by which a registration is known.
import { createHash } from 'node:crypto';

/** SHA-256 of the text, hex: the same as `Unit.manifest`. */
export function toManifestHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
