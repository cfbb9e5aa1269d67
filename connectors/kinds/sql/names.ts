// How names of a manifest find names of a database: exactly first, then whatever their case, never by guess.

export type Resolution =
  | { readonly found: number }
  | { readonly ambiguous: readonly string[] }
  | { readonly nearest: readonly string[] };

/** Position of `name` among `names`; else those it could be (differing in case), else the most similar ones. */
export function resolveName(name: string, names: readonly string[]): Resolution {
  const exact = names.indexOf(name);
  if (exact >= 0) return { found: exact };
  const folded = fold(name);
  const alike = names.flatMap((other, index) => (fold(other) === folded ? [index] : []));
  const [only] = alike;
  if (alike.length === 1 && only !== undefined) return { found: only };
  if (alike.length > 1) return { ambiguous: alike.flatMap((index) => names[index] ?? []) };
  return { nearest: toNearest(folded, names) };
}

function fold(name: string): string {
  return name.trim().toLowerCase();
}

/** At most three names within a third of the length's edits, the nearest first. */
function toNearest(folded: string, names: readonly string[]): string[] {
  const limit = Math.max(2, Math.ceil(folded.length / 3));
  return names
    .map((name) => ({ name, distance: distance(folded, fold(name)) }))
    .filter((candidate) => candidate.distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map((candidate) => candidate.name);
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
