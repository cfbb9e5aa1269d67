// Equal questions that come at once, as when a change makes every screen of the city ask anew: two of them run side by side, whoever
// comes then waits until one of these is answered, and all that wait get one answer together. It is never the answer under way, which may
// have begun before a row came that the waiting one was told of: what anybody gets was read after it had asked.
import type { ReadOptions, ReadStatement, ReadStore } from '../contract.ts';
import { toCancelled } from './cancelled.ts';

type Row = Record<string, unknown>;
type Waiting = {
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (error: unknown) => void;
};
/** Those that get one answer. When all of them have gone, nobody reads it. */
type Group = { readonly waiting: Set<Waiting>; readonly leaving: AbortController };
/** Of a statement's text and values: how many run, and who comes next. */
type UnderWay = { running: number; next: Group | null };

/** Two who ask the same are not kept waiting: that would cost them time, and save a core that may be idle. */
const MOST_RUNNING = 2;

/** At most two statements of a text and its values run at a time. Rows are shared: nobody may change them. */
export function shareReads(reader: ReadStore): ReadStore {
  const texts = new Map<string, Map<string, UnderWay>>();

  const run = (statement: ReadStatement, group: Group, underWay: UnderWay, onIdle: () => void) => {
    const goOn = () => {
      const { next } = underWay;
      underWay.next = null;
      if (next !== null && !next.leaving.signal.aborted) run(statement, next, underWay, onIdle);
      else {
        underWay.running -= 1;
        if (underWay.running === 0) onIdle();
      }
    };
    reader
      .read<Row>(statement, { signal: group.leaving.signal })
      .then(
        (rows) => {
          for (const { resolve } of group.waiting) resolve(rows);
        },
        (error: unknown) => {
          for (const { reject } of group.waiting) reject(error);
        },
      )
      .finally(goOn);
  };
  const ask = (statement: ReadStatement, signal: AbortSignal | undefined): Promise<readonly Row[]> => {
    const { text } = statement;
    const values = JSON.stringify(statement.values, toWritable);
    const ofText = texts.get(text) ?? new Map<string, UnderWay>();
    texts.set(text, ofText);
    const underWay = ofText.get(values) ?? { running: 0, next: null };
    ofText.set(values, underWay);
    if (underWay.running >= MOST_RUNNING) {
      // One that all have left is not begun.
      if (underWay.next === null || underWay.next.leaving.signal.aborted) underWay.next = openGroup();
      return join(underWay.next, signal);
    }
    underWay.running += 1;
    const group = openGroup();
    const answer = join(group, signal);
    run(statement, group, underWay, () => {
      ofText.delete(values);
      if (ofText.size === 0) texts.delete(text);
    });
    return answer;
  };
  return {
    read: <Own extends Row>(statement: ReadStatement, { signal }: ReadOptions = {}) =>
      signal?.aborted === true
        ? Promise.reject(toCancelled())
        : (ask(statement, signal) as Promise<readonly Own[]>),
  };
}

const toWritable = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `${value}n` : value;

const openGroup = (): Group => ({ waiting: new Set(), leaving: new AbortController() });

/** Whoever is told to leave leaves at once; the last one ends the statement. */
function join({ waiting, leaving }: Group, signal: AbortSignal | undefined): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      waiting.delete(one);
      if (waiting.size === 0) leaving.abort();
      reject(toCancelled());
    };
    const one: Waiting = {
      resolve: (rows) => {
        signal?.removeEventListener('abort', leave);
        resolve(rows);
      },
      reject: (error) => {
        signal?.removeEventListener('abort', leave);
        reject(error);
      },
    };
    waiting.add(one);
    signal?.addEventListener('abort', leave, { once: true });
  });
}
