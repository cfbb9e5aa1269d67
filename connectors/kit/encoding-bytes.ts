// What bytes can tell about their encoding: where a character is cut, whether a stretch fits, and how sure UTF-8 is.
// encoding.ts decodes with it. GB2312 and GBK are parts of gb18030 and are read as that.

export type Encoding = 'utf-8' | 'gb18030';

/** Characters, marks and full-width forms that Chinese text is made of; each of them has three bytes or more in utf-8. */
const CHINESE = /[\u2e80-\ufefe\uff00-\uffff]/g;

export function countChinese(text: string): number {
  return text.match(CHINESE)?.length ?? 0;
}

/** The text; null where the bytes are not in that encoding. Keeps a byte order mark. */
export function parseStrict(encoding: Encoding, bytes: Uint8Array, isCut = false): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes, { stream: isCut });
  } catch {
    return null;
  }
}

/** How many bytes, from the first on, are whole characters, given that they begin with a whole one. */
export function countWhole(encoding: Encoding, bytes: Uint8Array): number {
  return encoding === 'utf-8' ? countWholeUtf8(bytes) : countWholeGb18030(bytes);
}

function countWholeUtf8(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    const width = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0;
    if (width > back) return bytes.length - back;
    if (width > 0) break;
  }
  return bytes.length;
}

/** Bytes below 0x30 are never a part of a longer character: only what stands behind the last of them must be walked. */
function countWholeGb18030(bytes: Uint8Array): number {
  let at = bytes.length;
  while (at > 0 && (bytes[at - 1] ?? 0) >= 0x30) at -= 1;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    const next = bytes[at + 1] ?? 0;
    const width = lead < 0x81 || lead === 0xff ? 1 : next >= 0x30 && next <= 0x39 ? 4 : 2;
    if (at + width > bytes.length) return at;
    at += width;
  }
  return at;
}

/** Where the first byte lies that cannot be read on from; the bytes begin with a whole character and do not fit. */
export function toFaultOffset(encoding: Encoding, bytes: Uint8Array): number {
  let [fits, fails] = [0, bytes.length + 1];
  while (fails - fits > 1) {
    const middle = (fits + fails) >> 1;
    if (parseStrict(encoding, bytes.subarray(0, middle), true) === null) fails = middle;
    else fits = middle;
  }
  return countWhole(encoding, bytes.subarray(0, fits));
}

/** Line breaks as editors count them: LF, CR LF, and a CR alone; `behindCr` when the byte before was a CR. */
export function countLines(bytes: Uint8Array, behindCr: boolean): number {
  let lines = 0;
  let before = behindCr;
  for (const byte of bytes) {
    if (byte === 0x0d || (byte === 0x0a && !before)) lines += 1;
    before = byte === 0x0d;
  }
  return lines;
}

/**
 * Gathers whether bytes are UTF-8 whatever was declared: a mark says so, and valid UTF-8 with one Chinese character in it.
 * GBK text that is valid UTF-8 by chance becomes Latin or Greek letters (路 is also "·"): measured, none of a million texts
 * of common characters of any length gave a Chinese one.
 */
export function toUtf8Evidence() {
  let carry: Uint8Array = new Uint8Array(0);
  let isValid = true;
  let chinese = 0;
  let isMarked: boolean | null = null;
  return {
    step(bytes: Uint8Array): void {
      if (!isValid) return;
      const all = join(carry, bytes);
      const whole = countWholeUtf8(all);
      carry = Uint8Array.from(all.subarray(whole));
      const text = parseStrict('utf-8', all.subarray(0, whole));
      isValid = text !== null;
      if (text === null || text === '') return;
      isMarked ??= text.startsWith('\uFEFF');
      chinese += countChinese(text);
    },
    /** `isWhole`: nothing follows; else it takes more Chinese, so that the beginning of a file alone can decide. */
    isUtf8(isWhole: boolean): boolean {
      if (isMarked === true) return true;
      return isValid && (isWhole ? carry.length === 0 && chinese > 0 : chinese >= 32);
    },
  };
}

/** A piece's own memory may be used again by its giver: what is kept of it is a copy (a Buffer's `slice` is none). */
export function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
