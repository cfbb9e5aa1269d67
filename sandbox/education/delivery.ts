// The bureau's hand: drops what is due into the folder, makes the mistakes that a test asks for, and remembers both. system.ts
// decides when, fault-switch.ts lets it fail.
import { createHash } from 'node:crypto';
import type { SandboxClock } from '../clock/sandbox-clock.ts';
import type { Folders } from '../drop/folders.ts';
import { type BrokenSort, toBroken } from './broken.ts';
import { type PlannedFile, planFiles, toFileName, toSheetsOf } from './schedule.ts';
import type { DroppedFile, State } from './state.ts';

export type FolderName = 'upload';

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
  runBroken(sort: BrokenSort, county: string): Promise<DroppedFile>;
  /** A register of a county under a name that nobody has used, as it stands there now. */
  planCopy(county: string, word: string): { readonly name: string; readonly bytes: Buffer };
  /** Writes a file in pieces. */
  drop(name: string, bytes: Buffer, sort: DroppedFile['sort']): Promise<DroppedFile>;
  /** Remembers a file that is there now. */
  keep(name: string, bytes: Buffer, sort: DroppedFile['sort']): Promise<DroppedFile>;
};

export function openDelivery({ state, save, folders, clock, pause }: DeliveryOptions): Delivery {
  const isDropped = (name: string) => state.files.some((file) => file.name === name);
  const keep: Delivery['keep'] = async (name, bytes, sort) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const dropped = { name, sort, sha256, droppedAt: clock.now() };
    state.files.push(dropped);
    state.now = clock.now();
    await save();
    return dropped;
  };
  const write = (name: string, bytes: Buffer, renamed = false) =>
    folders.write('upload', name, bytes, { renamed, pause });
  /** Of the schools, as it was dropped last. */
  const findNewest = (county: string): PlannedFile => {
    const found = planFiles(state, state.from - 1, clock.now()).findLast(
      (file) => file.county === county && file.what === 'schools' && isDropped(file.name),
    );
    if (found === undefined) throw new Error(`${county} must have dropped its register first: tick`);
    return found;
  };
  const toFreeName = (county: string, word: string): string => {
    for (let number = 1; ; number += 1) {
      const name = toFileName('schools', county, number === 1 ? word : `${word}${number}`);
      if (!isDropped(name)) return name;
    }
  };
  const drop: Delivery['drop'] = async (name, bytes, sort) => {
    await write(name, bytes);
    return keep(name, bytes, sort);
  };
  return {
    keep,
    drop,
    async runDue(lateMs) {
      let written = 0;
      for (const file of planFiles(state, state.from - 1, clock.now() - lateMs)) {
        if (isDropped(file.name)) continue;
        const bytes = file.toBytes();
        // There already when the process ended between writing and remembering.
        if (!(await folders.holds('upload', file.name, bytes))) {
          await write(file.name, bytes, file.renamed);
          written += bytes.length;
        }
        await keep(file.name, bytes, 'planned');
      }
      return written;
    },
    runBroken: (sort, county) =>
      drop(toFreeName(county, sort), toBroken(sort, toSheetsOf(state.seed, findNewest(county))), sort),
    planCopy: (county, word) => ({
      name: toFreeName(county, word),
      bytes: toBroken('again', toSheetsOf(state.seed, findNewest(county))),
    }),
  };
}
