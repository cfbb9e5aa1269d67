// Messages that come in several frames: parts are kept until all are there, their time is over or there are too many.
// Pure; which frames belong together, and how many make a whole, is for the codec to say.
import type { FrameFault, RefusedFrame } from './frame-codec.ts';

/** `id` tells a part that came twice from a new one; `count` is what it adds to the total. */
export type Part<T> = {
  readonly id: string;
  readonly order: number;
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

export type Addition<T> = {
  readonly open: Assemblies<T>;
  /** All parts in order once their counts reach the total. */
  readonly whole: readonly Part<T>[] | null;
  /** The part had come before; what is open did not change. */
  readonly isDouble: boolean;
  /** Given up so that no more than `most` parts wait. */
  readonly given: readonly Assembly<T>[];
};

export function addPart<T>(
  open: Assemblies<T>,
  { key, total, part }: { readonly key: string; readonly total: number; readonly part: Part<T> },
  { now, most }: { readonly now: number; readonly most: number },
): Addition<T> {
  const before = open.get(key);
  if (before?.parts.some(({ id }) => id === part.id) === true)
    return { open, whole: null, isDouble: true, given: [] };
  const parts = [...(before?.parts ?? []), part];
  const rest = new Map(open);
  if (sum(parts) >= total) {
    rest.delete(key);
    const whole = parts.sort((a, b) => a.order - b.order);
    return { open: rest, whole, isDouble: false, given: [] };
  }
  rest.set(key, { since: before?.since ?? now, total, parts });
  return { whole: null, isDouble: false, ...bound(rest, most) };
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

function bound<T>(open: Map<string, Assembly<T>>, most: number): Pick<Addition<T>, 'open' | 'given'> {
  const given: Assembly<T>[] = [];
  let waiting = [...open.values()].reduce((all, { parts }) => all + parts.length, 0);
  for (const [key, assembly] of open) {
    if (waiting <= most) break;
    open.delete(key);
    given.push(assembly);
    waiting -= assembly.parts.length;
  }
  return { open, given };
}
