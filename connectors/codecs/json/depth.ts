// Bounds the nesting of a JSON text before it is parsed, so that no sender can exhaust the stack.

const MOST_NESTED = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Offset of the bracket that nests too deeply; null when none does. Brackets in strings do not count. */
export function findDepthFault(text: string): number | null {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = toStringEnd(text, at);
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > MOST_NESTED) return at;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return null;
}

/** Offset of the quote that ends the string beginning at `start`; the text's end when none does. */
export function toStringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}
