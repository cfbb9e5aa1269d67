// "Did you mean": the known word that is nearest to a mistyped one. Used by every message that refuses a name.

/** More than any manifest has; keeps a monstrous one from being compared all with all. */
const MOST_CANDIDATES = 500;

/** The nearest candidate, at most a third of the word away; null when none is close. */
export function suggest(word: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let compared = 0;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (compared++ >= MOST_CANDIDATES) break;
    const distance = toDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `; did you mean "river"?` or nothing. */
export function toHint(word: string, candidates: Iterable<string>): string {
  const near = suggest(word, candidates);
  return near === null ? '' : `; did you mean "${near}"?`;
}

/** Edits (insert, delete, replace, swap of neighbours) between two words; long words are not compared. */
function toDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 4 || a.length > 60) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (last[j - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
