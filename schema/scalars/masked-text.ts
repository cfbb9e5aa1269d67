// What a mask made of a citizen's value (139****0000), on its way out through the gateway. Stitching reads every value of a
// unit's answer with `parseValue`, as if somebody had sent it in: so it bears a mark that nobody outside this process knows.
// It is a text and no object: stitching takes objects apart where it joins two answers about one row.
import { randomUUID } from 'node:crypto';

const MARK = `${randomUUID()} `;

/** The text with its mark. */
export function toMarked(text: string): string {
  return MARK + text;
}

/** The text without its mark; null for what bears none. */
export function fromMarked(value: unknown): string | null {
  return typeof value === 'string' && value.startsWith(MARK) ? value.slice(MARK.length) : null;
}
