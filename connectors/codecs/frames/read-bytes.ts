// Bytes as the codecs of frames read them: digits that are coded as hexadecimal, and text of one byte a character.

/** Upper case, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

/** An even number of hexadecimal digits. */
export function fromHex(digits: string): Uint8Array {
  return new Uint8Array(Buffer.from(digits, 'hex'));
}

/** One character a byte, whatever the byte. */
export function toBytewise(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

export function fromBytewise(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

export function isHexDigit(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || isHexLetter(byte & 0xdf));
}

function isHexLetter(upper: number): boolean {
  return upper >= 0x41 && upper <= 0x46;
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** The first of any of these bytes in `from` ≤ place < `end`; null where none is. */
export function findFirst(
  bytes: Uint8Array,
  from: number,
  end: number,
  wanted: readonly number[],
): number | null {
  // A Buffer's search is many times faster than that of other arrays.
  const within = Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from);
  const found = wanted.map((byte) => within.indexOf(byte)).filter((place) => place !== -1);
  return found.length === 0 ? null : from + Math.min(...found);
}
