// AIS on a receiver's line, written from IEC 61162-1 (NMEA 0183): a message's bits, six to a character, within one `!AIVDM` or
// several, each with the XOR of what stands between `!` and `*`.

/** `[value, width]`; a negative value in two's complement. */
export type Field = readonly [value: number, width: number];

/** Longer payloads are cut: a sentence has at most 82 characters. */
const MOST_CHARACTERS = 56;

/** Six bits a character, the rest of the room filled with @. */
export function toTextFields(text: string, characters: number): Field[] {
  return [...text.padEnd(characters, '@')].map((character) => [character.charCodeAt(0) % 64, 6]);
}

/** `sequence` (0–9) joins sentences of one message; a message of one sentence has none. */
export function toSentences(fields: readonly Field[], channel: 'A' | 'B', sequence: number): string[] {
  const bits = fields.map(([value, width]) => toBits(value, width)).join('');
  const fill = (6 - (bits.length % 6)) % 6;
  const characters = (bits + '0'.repeat(fill)).match(/.{6}/g) ?? [];
  const payload = characters.map((six) => toArmour(Number.parseInt(six, 2))).join('');
  const pieces = payload.match(new RegExp(`.{1,${MOST_CHARACTERS}}`, 'g')) ?? [];
  const total = pieces.length;
  return pieces.map((piece, at) => {
    const number = total === 1 ? '' : sequence;
    const filled = at + 1 === total ? fill : 0;
    return toChecked(`AIVDM,${total},${at + 1},${number},${channel},${piece},${filled}`);
  });
}

function toChecked(words: string): string {
  let check = 0;
  for (const character of words) check ^= character.charCodeAt(0);
  return `!${words}*${check.toString(16).toUpperCase().padStart(2, '0')}`;
}

function toBits(value: number, width: number): string {
  const unsigned = value < 0 ? value + 2 ** width : value;
  const bits = unsigned.toString(2).padStart(width, '0');
  if (bits.length > width) throw new Error(`A field must fit ${width} bits, but got: ${value}`);
  return bits;
}

/** 0–39 are the characters from 0 on, 40–63 those from ` on. */
function toArmour(six: number): string {
  return String.fromCharCode(six < 40 ? six + 48 : six + 56);
}
