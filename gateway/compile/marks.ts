// What a statement of a whole operation writes between the characters of its JSON, for whoever reads the answer: where a row
// of which unit stands, which hop was reached, where the hub's own knowledge belongs. JSON text holds no raw control
// character, so one of them begins each mark: counting and writing in takes one pass, and nothing is parsed.

/** `MARK`, the kind, three digits to the base of 36. */
export const MARK = '\u0001';
export const MARK_LENGTH = 5;

export type MarkKind =
  /** A row of the unit with this index stands here. */
  | 'r'
  /** The hop with this index was reached. */
  | 'h'
  /** Here belongs the fragment with this index; a division's code follows, and one MARK more. */
  | 'd'
  /** Only stitching can tell what stands here. */
  | 'x';

/** As many rows' units, hops or fragments as the digits can name; an operation has 10,000 tokens at most. */
const MARKS = 36 ** 3;

export function toMark(kind: MarkKind, index: number): string {
  if (index >= MARKS) throw new RangeError(`must be fewer than ${MARKS} marks of a kind`);
  return `${MARK}${kind}${index.toString(36).padStart(3, '0')}`;
}
