// Lines of an operator's command in columns. A Chinese character takes two places of a terminal. Pure.

/** Columns padded to their widest cell; the first line is the heading. */
export function toTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, toWidth(cell));
  const toLine = (row: readonly string[]) =>
    row.map((cell, at) => `${cell}${' '.repeat((widths[at] ?? 0) - toWidth(cell))}`).join('  ');
  return rows.map((row) => `  ${toLine(row).trimEnd()}`).join('\n');
}

/** Places of a terminal: what is wide in East Asian fonts takes two. */
function toWidth(text: string): number {
  let width = 0;
  for (const character of text)
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
        character,
      )
        ? 2
        : 1;
  return width;
}
