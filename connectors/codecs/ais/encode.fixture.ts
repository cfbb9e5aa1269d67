// A ship that speaks AIS: sentences written from the tables of ITU-R M.1371-5 and IEC 61162-1, for tests only. Shares nothing
// with the codec.

/** `[value, width]`; a negative value in two's complement. */
export type Field = readonly [value: number, width: number];

/** Six bits a character; room for `width / 6` of them, the rest filled with @. */
export function textFields(text: string, width: number): readonly Field[] {
  return [...text.padEnd(width / 6, '@')].map((character) => [character.charCodeAt(0) % 64, 6]);
}

/** In so many sentences, each payload of whole characters; the last says how many bits fill it up. */
export function encodeAis(
  fields: readonly Field[],
  { total = 1, sequence = '3' }: { readonly total?: number; readonly sequence?: string } = {},
): readonly Uint8Array[] {
  const bits = fields.map(([value, width]) =>
    BigInt.asUintN(width, BigInt(value)).toString(2).padStart(width, '0'),
  );
  const all = bits.join('');
  const fill = (6 - (all.length % 6)) % 6;
  const characters = (all + '0'.repeat(fill)).match(/.{6}/g) ?? [];
  const armoured = characters.map((six) => armour(Number.parseInt(six, 2)));
  const each = Math.ceil(armoured.length / total);
  return Array.from({ length: total }, (_, at) => {
    const payload = armoured.slice(at * each, (at + 1) * each).join('');
    const filled = at + 1 === total ? fill : 0;
    return encodeSentence(`AIVDM,${total},${at + 1},${total === 1 ? '' : sequence},A,${payload},${filled}`);
  });
}

/** Any words within `!`, `*` and the check value. */
export function encodeSentence(words: string, sign = '!'): Uint8Array {
  let check = 0;
  for (const byte of Buffer.from(words, 'latin1')) check ^= byte;
  const digits = check.toString(16).toUpperCase().padStart(2, '0');
  return Uint8Array.from(Buffer.from(`${sign}${words}*${digits}`, 'latin1'));
}

/** 0–39 are the characters from 0 on, 40–63 those from ` on. */
function armour(six: number): string {
  return String.fromCharCode(six < 40 ? six + 48 : six + 56);
}
