// The bureau's hand: drops the lists that are due into the folder, and remembers them. system.ts decides when, fault-switch.ts
// lets it fail.
import { createHash } from 'node:crypto';
import type { SandboxClock } from '../clock/sandbox-clock.ts';
import type { Folders } from '../drop/folders.ts';
import { planFiles, toFileName, toListBytes } from './schedule.ts';
import type { DroppedFile, State } from './state.ts';

export type FolderName = 'lists';

export type DeliveryOptions = {
  /** Grows with every file; `save` keeps it. */
  readonly state: State;
  readonly save: () => Promise<void>;
  readonly folders: Folders<FolderName>;
  readonly clock: SandboxClock;
  /** Between two pieces of a file. */
  readonly pause: () => Promise<void>;
};

export type Delivery = {
  /** Drops every planned file that fell due until `lateMs` before the clock's now; resolves to the bytes written. */
  runDue(lateMs: number): Promise<number>;
  /** The list of ferries as it stands there now, under a name that nobody has used. */
  planCopy(word: string): { readonly name: string; readonly bytes: Buffer };
  write(name: string, bytes: Buffer): Promise<void>;
  /** Remembers a file that is there now. */
  keep(name: string, bytes: Buffer, sort: DroppedFile['sort']): Promise<void>;
};

export function openDelivery({ state, save, folders, clock, pause }: DeliveryOptions): Delivery {
  const isDropped = (name: string) => state.files.some((file) => file.name === name);
  const write: Delivery['write'] = (name, bytes) =>
    folders.write('lists', name, bytes, { renamed: false, pause });
  const keep: Delivery['keep'] = async (name, bytes, sort) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    state.files.push({ name, sort, sha256, droppedAt: clock.now() });
    state.now = clock.now();
    await save();
  };
  return {
    write,
    keep,
    async runDue(lateMs) {
      let written = 0;
      for (const { name, toBytes } of planFiles(state, state.from - 1, clock.now() - lateMs)) {
        if (isDropped(name)) continue;
        const bytes = toBytes();
        // There already when the process ended between writing and remembering.
        if (!(await folders.holds('lists', name, bytes))) {
          await write(name, bytes);
          written += bytes.length;
        }
        await keep(name, bytes, 'planned');
      }
      return written;
    },
    planCopy(word) {
      const newest = planFiles(state, state.from - 1, clock.now()).findLast(({ name }) => isDropped(name));
      const isFree = (name: string) => !isDropped(name);
      const names = Array.from({ length: state.files.length + 1 }, (_, number) =>
        toFileName('ferries', number === 0 ? word : `${word}${number + 1}`),
      );
      return {
        name: names.find(isFree) ?? toFileName('ferries', word),
        bytes: toListBytes(state.seed, 'ferries', newest?.issue ?? 0),
      };
    },
  };
}
