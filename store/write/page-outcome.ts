// What became of a page: every row of it landed, was held back, or was refused by its columns; counted, and put into the
// words of hub.set_aside. Pure.
import type { PageCommit, RunCounts } from '../contract.ts';
import type { HeldRow, ReadyRow } from './links.ts';
import type { Kept } from './set-aside.ts';
import type { Encoded } from './stage.ts';

/** What became of the rows of one type. */
export type Written = {
  readonly type: string;
  readonly landed: readonly ReadyRow[];
  readonly held: readonly HeldRow[];
  readonly refused: Encoded['refused'];
  /** The key has come before in this list, with other content. */
  readonly doubled: readonly ReadyRow[];
  readonly written: number;
  readonly deleted: number;
  /** How many more rows live than before. */
  readonly living: number;
  /** Said of rows that are not there, by a form that adds none. */
  readonly ignored: number;
  readonly unchanged: number;
  readonly changed: boolean;
  /** Where rows changed; null: anywhere. */
  readonly divisions: readonly string[] | null;
};

/** All records of a page that are kept: the mapping's and the store's own. */
export function toKept(page: PageCommit, written: readonly Written[]): readonly Kept[] {
  return [
    ...page.setAside.map(
      ({ type, fault, record, digest }): Kept => ({
        type,
        state: 'SET_ASIDE',
        code: fault.code,
        field: fault.field,
        column: fault.column,
        message: fault.message,
        record,
        digest: digest ?? null,
        wait: null,
      }),
    ),
    ...written.flatMap(({ held, refused, doubled }) => [
      ...held.map(
        ({ index, row, state, code, field, message, wait }): Kept => ({
          type: row.type,
          state,
          code,
          field,
          column: null,
          message,
          record: page.recordOf(index),
          digest: page.digestOf(index),
          wait,
        }),
      ),
      ...refused.map(
        ({ ready, field, fault }): Kept => ({
          type: ready.row.type,
          state: 'SET_ASIDE',
          code: fault.code,
          field,
          column: null,
          message: `the store cannot hold it: ${fault.message}`,
          record: page.recordOf(ready.index),
          digest: page.digestOf(ready.index),
          wait: null,
        }),
      ),
      ...doubled.map(
        ({ index, row }): Kept => ({
          type: row.type,
          state: 'SET_ASIDE',
          code: 'HUB_MAP_KEY_TWICE',
          field: null,
          column: null,
          message: 'the list has an earlier record of this key with other content, which stands',
          record: page.recordOf(index),
          digest: page.digestOf(index),
          wait: null,
        }),
      ),
    ]),
  ];
}

/** Records that are kept count each time they are seen. */
export function toCounts(page: PageCommit, written: readonly Written[], kept: readonly Kept[]): RunCounts {
  const sum = (of: (one: Written) => number) => written.reduce((total, one) => total + of(one), 0);
  const waiting = kept.filter(({ state }) => state === 'WAITING').length;
  return {
    read: page.read,
    written: sum((one) => one.written),
    unchanged: sum((one) => one.unchanged),
    deleted: sum((one) => one.deleted),
    setAside: kept.length - waiting,
    waiting,
    notOurs: page.notOurs + sum((one) => one.ignored),
    faulty: sum((one) => one.landed.filter(({ row }) => row.faults.length > 0).length),
  };
}
