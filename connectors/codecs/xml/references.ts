// The references that XML knows without a document type: five names and characters by number. All others are refused.

const NAMES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
const REFERENCE = /&([^;&<\s]*);/g;
const MOST_CODE = 0x10ffff;

/** Text with its references put in; each is looked at once, so nothing grows by nesting. */
export function toResolved(text: string): string {
  return text.replace(REFERENCE, (whole, name: string) => toCharacter(name) ?? whole);
}

/** Offset of the first reference outside CDATA and comments that cannot be resolved; null when all can. */
export function findBareReference(text: string): number | null {
  for (const match of text.matchAll(/<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|&([^;&<\s]*);/g))
    if (match[1] !== undefined && toCharacter(match[1]) === null) return match.index;
  return null;
}

function toCharacter(name: string): string | null {
  const digits = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
  if (digits === null) return NAMES.get(name) ?? null;
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  const isCharacter = code > 0 && code <= MOST_CODE && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : null;
}
