// Where a value comes from and how old it is: the words that every row, every answer and every label shares.

/** LIVE ≤ 1× the promised interval, LATE ≤ 3×, STALE ≤ 24×, then DEAD. */
export type Freshness = 'LIVE' | 'LATE' | 'STALE' | 'DEAD';

/** STORE: the checked copy. LIVE: asked of the source just now. EDGE: the department's own server. FALLBACK: the last good copy while the source is failing. */
export type Via = 'STORE' | 'LIVE' | 'EDGE' | 'FALLBACK';

/** How the division of a row was found. */
export type DivisionBasis = 'CODE' | 'NAME' | 'POINT' | 'PARENT' | 'NONE';

/** The four classes of data (policy of a manifest), from open to protected. */
export type DataClass = 'public' | 'internal' | 'sensitive' | 'personal';

export type Role = 'thing' | 'reading' | 'event';

/** Multiples of the promised interval up to which a value counts as LIVE, LATE, STALE. */
export const FRESHNESS_LIMITS = { LIVE: 1, LATE: 3, STALE: 24 } as const;

/** Freshness of a value of the given age; null = never seen = DEAD. Both in milliseconds. */
export function toFreshness(ageMs: number | null, promiseMs: number): Freshness {
  if (ageMs === null) return 'DEAD';
  if (ageMs <= promiseMs * FRESHNESS_LIMITS.LIVE) return 'LIVE';
  if (ageMs <= promiseMs * FRESHNESS_LIMITS.LATE) return 'LATE';
  return ageMs <= promiseMs * FRESHNESS_LIMITS.STALE ? 'STALE' : 'DEAD';
}
