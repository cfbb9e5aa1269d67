// Fields of an AIS message by their place in its bits. Reading beyond the end gives zeros: lengths are judged before.

export type Bits = {
  unsigned(from: number, width: number): number;
  /** Two's complement. */
  signed(from: number, width: number): number;
  /** Six bits a character, up to the first @ and without the blanks behind; null where nothing is left. */
  text(from: number, width: number): string | null;
};

export function toFields(bits: Uint8Array): Bits {
  const unsigned = (from: number, width: number): number => {
    let value = 0;
    for (let at = from; at < from + width; at++) value = value * 2 + (bits[at] ?? 0);
    return value;
  };
  return {
    unsigned,
    signed(from, width) {
      const value = unsigned(from, width);
      return value >= 2 ** (width - 1) ? value - 2 ** width : value;
    },
    text(from, width) {
      const characters = Array.from({ length: Math.floor(width / 6) }, (_, at) => {
        const value = unsigned(from + at * 6, 6);
        return String.fromCharCode(value < 32 ? value + 64 : value);
      });
      const text = characters.join('').replace(/@.*$/, '').trimEnd();
      return text === '' ? null : text;
    },
  };
}
