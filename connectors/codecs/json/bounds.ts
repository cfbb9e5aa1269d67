// Bounds a JSON text before it is parsed, so that no sender can exhaust the stack by nesting, or the memory by values.

const MOST_NESTED = 64;
/** Fifty bytes of memory each and more, of three bytes of text (`[],`). */
const MOST_VALUES = 5_000_000;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/** The place that nests too deeply, or where there are too many values; null when neither is. What stands in strings does not count. */
export function findBoundFault(
  text: string,
): { readonly offset: number; readonly what: string; readonly isLimit: boolean } | null {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = toStringEnd(text, at);
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      values += 1;
    } else if (code === COMMA) values += 1;
    else if (code === 0x7d || code === 0x5d) depth -= 1;
    if (depth > MOST_NESTED)
      return { offset: at, what: 'is nested more deeply than the hub reads', isLimit: false };
    if (values > MOST_VALUES)
      return { offset: at, what: `has more than ${MOST_VALUES} values`, isLimit: true };
  }
  return null;
}

/** Offset of the quote that ends the string beginning at `start`; the text's end when none does. */
export function toStringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}
