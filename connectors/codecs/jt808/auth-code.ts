// The code that a terminal is given when it registers and shows from then on: made of the source's secret and its number.
import { createHmac } from 'node:crypto';

/** Sixteen characters: terminals keep few, and a guess a connection finds none of them. */
const CHARACTERS = 16;

/**
 * HMAC-SHA256 of the terminal's number (`phone`, as records have it) under the secret, its first sixteen hexadecimal digits. The
 * secret never leaves the hub, one terminal's code opens no other's number, and a new secret ends all codes.
 */
export function toAuthCode(secret: string, phone: string): string {
  return createHmac('sha256', secret).update(phone, 'latin1').digest('hex').slice(0, CHARACTERS);
}
