// Messages that come in several frames: parts are kept until all are there, their time is over or there are too many.
// Pure; which frames belong together, and how many make a whole, is for the codec to say.
import type { FrameFault, RefusedFrame } from './frame-codec.ts';

/** `slot`: its place in the message; null where parts have none and stand as they came · `count`: what it adds to the total. */
export type Part<T> = {
  readonly slot: number | null;
  readonly count: number;
  readonly value: T;
  readonly raw: Uint8Array;
  readonly offset: number;
};

/** `since`: when its first part came. */
export type Assembly<T> = {
  readonly since: number;
  readonly total: number;
  readonly parts: readonly Part<T>[];
};

/** By what their parts have in common, the oldest first. */
export type Assemblies<T> = ReadonlyMap<string, Assembly<T>>;

/**
 * Parts that may wait at a time. With `bytes` these count instead: `most` parts of the longest kind, or so many more short
 * ones as are as long together.
 */
export type Limits = { readonly most: number; readonly bytes?: number };

export type Addition<T> = {
  readonly open: Assemblies<T>;
  /** All parts in order once their counts reach the total. */
  readonly whole: readonly Part<T>[] | null;
  /** What was given up for it. */
  readonly refused: readonly RefusedFrame[];
};

/** A part that came before, byte by byte, changes nothing; another one in its slot begins the message anew. */
export function addPart<T>(
  open: Assemblies<T>,
  { key, total, part }: { readonly key: string; readonly total: number; readonly part: Part<T> },
  { now, ...limits }: { readonly now: number } & Limits,
): Addition<T> {
  const before = open.get(key);
  if (before?.parts.some(({ raw }) => isEqual(raw, part.raw)) === true)
    return { open, whole: null, refused: [] };
  const rest = new Map(open);
  const isAnew = part.slot !== null && before?.parts.some(({ slot }) => slot === part.slot) === true;
  const stale = isAnew && before !== undefined ? toRefused(before, 'INCOMPLETE') : [];
  if (isAnew) rest.delete(key);
  const parts = [...(rest.get(key)?.parts ?? []), part];
  if (sum(parts) >= total) {
    rest.delete(key);
    const whole = parts.sort((a, b) => (a.slot ?? a.offset) - (b.slot ?? b.offset));
    return { open: rest, whole, refused: stale };
  }
  rest.set(key, { since: rest.get(key)?.since ?? now, total, parts });
  return { open: rest, whole: null, refused: [...stale, ...makeRoom(rest, limits)] };
}

/** Those whose first part came `withinMs` ago or longer, and what is left. */
export function expire<T>(
  open: Assemblies<T>,
  { now, withinMs }: { readonly now: number; readonly withinMs: number },
): { readonly open: Assemblies<T>; readonly expired: readonly Assembly<T>[] } {
  const isOver = ({ since }: Assembly<T>) => now - since >= withinMs;
  const expired = [...open.values()].filter(isOver);
  if (expired.length === 0) return { open, expired };
  return { open: new Map([...open].filter(([, assembly]) => !isOver(assembly))), expired };
}

/** Every part of an assembly that is given up, by itself. */
export function toRefused<T>(
  { total, parts }: Assembly<T>,
  reason: Extract<FrameFault, 'INCOMPLETE' | 'LIMIT'>,
): readonly RefusedFrame[] {
  const what = reason === 'LIMIT' ? 'too many parts are waiting' : 'its other parts did not come';
  const message = `a part of a message, ${sum(parts)} of ${total} are here: ${what}`;
  return parts.map(({ raw, offset }) => ({ kind: 'refused', reason, message, offset, raw }));
}

/** One behind the other. */
export function toJoined(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

function sum(parts: readonly { readonly count: number }[]): number {
  return parts.reduce((all, { count }) => all + count, 0);
}

/** The longest waiting go first, whole. */
function makeRoom<T>(open: Map<string, Assembly<T>>, { most, bytes }: Limits): readonly RefusedFrame[] {
  const weigh = ({ parts }: Assembly<T>) =>
    bytes === undefined ? parts.length : parts.reduce((all, { raw }) => all + raw.length, 0);
  const refused: RefusedFrame[] = [];
  let waiting = [...open.values()].reduce((all, one) => all + weigh(one), 0);
  for (const [key, assembly] of open) {
    if (waiting <= (bytes ?? most)) break;
    open.delete(key);
    refused.push(...toRefused(assembly, 'LIMIT'));
    waiting -= weigh(assembly);
  }
  return refused;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
