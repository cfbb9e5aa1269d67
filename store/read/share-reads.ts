// Equal questions that come at once, as when a change makes every screen of the city ask anew: whoever asks what is being asked
// already waits until that is answered, and all that wait get one answer together. It is never the answer under way, which may
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
/** Of a statement's text: the group under way by its values, and who comes after it. */
type UnderWay = { next: Group | null };

/** At most one statement of a text and its values runs at a time. Rows are shared: nobody may change them. */
export function shareReads(reader: ReadStore): ReadStore {
  const texts = new Map<string, Map<string, UnderWay>>();

  const run = (statement: ReadStatement, group: Group, underWay: UnderWay, onIdle: () => void) => {
    const goOn = () => {
      const { next } = underWay;
      underWay.next = null;
      if (next === null || next.leaving.signal.aborted) onIdle();
      else run(statement, next, underWay, onIdle);
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
    const underWay = ofText.get(values);
    if (underWay !== undefined) {
      // One that all have left is not begun.
      if (underWay.next === null || underWay.next.leaving.signal.aborted) underWay.next = openGroup();
      return join(underWay.next, signal);
    }
    const [group, own] = [openGroup(), { next: null }];
    ofText.set(values, own);
    const answer = join(group, signal);
    run(statement, group, own, () => {
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
