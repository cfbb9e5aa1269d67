// Cells and ranges by their letters and numbers: `AB12`, `D3:F3`. Columns count from 0, rows as people see them.

export type Place = { readonly row: number; readonly column: number };
export type Range = {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
};

/** Null for what is no cell. */
export function parsePlace(text: string): Place | null {
  let [at, column] = [0, 0];
  for (; at < text.length; at++) {
    const letter = text.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  const digits = text.slice(at);
  return at === 0 || at > 3 || !/^[1-9]\d{0,6}$/.test(digits)
    ? null
    : { row: Number(digits), column: column - 1 };
}

/** Null for what is no range of two cells in their order. */
export function parseRange(text: string): Range | null {
  const [first = '', last = first, ...more] = text.split(':');
  const [from, to] = [parsePlace(first), parsePlace(last)];
  if (from === null || to === null || more.length > 0) return null;
  const isInOrder = from.row <= to.row && from.column <= to.column;
  return isInOrder ? { top: from.row, left: from.column, bottom: to.row, right: to.column } : null;
}

/** `AB` for 27. */
export function toLetters(column: number): string {
  const rest = Math.floor(column / 26) - 1;
  return (rest < 0 ? '' : toLetters(rest)) + String.fromCharCode(65 + (column % 26));
}
