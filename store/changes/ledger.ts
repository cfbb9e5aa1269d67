// What a listener has heard of each type, so that it notices what it has not heard. Pure but for its own memory.
import type { Change, Heard } from './contract.ts';

export type Version = { readonly unit: string; readonly type: string; readonly version: number };

export type Ledger = {
  /** A change that was told. One that is not the next of its type hides others: it counts as anywhere. */
  told(change: Change): Change;
  /** The types whose version in the store is not the one last heard; the first comparison only takes note. */
  compare(versions: readonly Version[]): readonly Change[];
};

export function toLedger(): Ledger {
  const last = new Map<string, number>();
  let isKnown = false;
  const toName = ({ unit, type }: Version) => `${unit}.${type}`;
  return {
    told: (change) => {
      const before = last.get(toName(change)) ?? 0;
      if (change.version > before) last.set(toName(change), change.version);
      return change.version > before + 1 ? { ...change, divisions: null } : change;
    },
    compare: (versions) => {
      // A lower version counts too: the store may have been put back to an older state.
      const moved = versions.filter((one) => (last.get(toName(one)) ?? 0) !== one.version);
      for (const one of moved) last.set(toName(one), one.version);
      const changes = isKnown ? moved : [];
      isKnown = true;
      return changes.map(({ unit, type, version }) => ({ unit, type, version, divisions: null }));
    },
  };
}

export type Ears = {
  readonly listen: (listener: (change: Change, heard: Heard) => void) => () => void;
  readonly tell: (change: Change, heard: Heard) => void;
};

/** The listeners of one process; one that throws is reported to `onFault` and the others hear all the same. */
export function toEars(onFault: (error: unknown, change: Change) => void): Ears {
  const listeners = new Map<symbol, (change: Change, heard: Heard) => void>();
  return {
    listen: (listener) => {
      const id = Symbol('listener');
      listeners.set(id, listener);
      return () => void listeners.delete(id);
    },
    tell: (change, heard) => {
      for (const listener of [...listeners.values()]) {
        try {
          listener(change, heard);
        } catch (error) {
          onFault(error, change);
        }
      }
    },
  };
}
