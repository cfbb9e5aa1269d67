// Which files belong to an object: `*` is anything, `{county}` anything but nothing, taken as the column `@county`
// (manifest §3.4). Matched from the left, each literal at its first place, so that no name takes long.

/** The captures of a name (`@county` → 道县), or null when it does not match. */
export type FileMatcher = (name: string) => { readonly [column: string]: string } | null;

/** Names are compared in Unicode's composed form: the same name looks different when it comes from another system. */
export function toFileMatcher(pattern: string): FileMatcher {
  const parts = pattern.normalize('NFC').split(/(\*|\{[^{}]*\})/);
  const first = parts[0] ?? '';
  const gaps = parts.flatMap((gap, at) => (at % 2 === 1 ? [{ gap, literal: parts[at + 1] ?? '' }] : []));
  return (raw) => {
    const name = raw.normalize('NFC');
    if (gaps.length === 0) return name === first ? {} : null;
    if (!name.startsWith(first)) return null;
    const captures: { [column: string]: string } = {};
    let at = first.length;
    for (const [index, { gap, literal }] of gaps.entries()) {
      const from = at + (gap === '*' ? 0 : 1);
      const found = toPlace(name, literal, from, index === gaps.length - 1);
      if (found === -1) return null;
      if (gap !== '*') captures[`@${gap.slice(1, -1)}`] = name.slice(at, found);
      at = found + literal.length;
    }
    return captures;
  };
}

function toPlace(name: string, literal: string, from: number, isLast: boolean): number {
  if (!isLast) return name.indexOf(literal, from);
  const at = name.length - literal.length;
  return at >= from && name.endsWith(literal) ? at : -1;
}
