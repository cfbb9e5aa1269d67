// The bureau's hand: drops what is due into the folders, and makes the mistakes that a test asks for. system.ts decides when,
// and lets it fail.
import type { SandboxClock } from '../clock/sandbox-clock.ts';
import type { Folders, HalfFile } from '../drop/folders.ts';
import { type BrokenSort, toBroken, toSourceFolder } from './broken.ts';
import { toBytes } from './csv.ts';
import { toStamp } from './domestic.ts';
import type { Dropped } from './dropped.ts';
import { DAY } from './fire.ts';
import type { FolderName, PlannedFile } from './schedule.ts';
import type { DroppedFile } from './state.ts';

export type DeliveryOptions = {
  readonly folders: Folders<FolderName>;
  readonly dropped: Dropped;
  readonly clock: SandboxClock;
  /** Between two pieces of a file. */
  readonly pause: () => Promise<void>;
};

export type Delivery = {
  /** Drops every planned file that fell due until `lateMs` before the clock's now; resolves to the bytes written. */
  runDue(lateMs: number): Promise<number>;
  /** Moves the clock to the folder's next planned file and writes half of it. Other files go on. */
  begin(folder: FolderName): Promise<BegunFile>;
  /** Writes the rest of the file that was begun. */
  finish(): Promise<DroppedFile>;
  runBroken(sort: BrokenSort, folder: FolderName): Promise<DroppedFile>;
  /** A file that is only half there stays so, and is written again after a restart. */
  close(): Promise<void>;
};

/** Bytes written, and of how many. */
export type BegunFile = {
  readonly folder: FolderName;
  readonly name: string;
  readonly written: number;
  readonly of: number;
};

export function openDelivery({ folders, dropped, clock, pause }: DeliveryOptions): Delivery {
  let begun: { readonly file: PlannedFile; readonly bytes: Buffer; readonly half: HalfFile } | null = null;
  return {
    runDue: async (lateMs) => {
      let written = 0;
      for (const file of dropped.planLeft(clock.now() - lateMs)) {
        if (file.name === begun?.file.name) continue;
        const bytes = toBytes(file.toTable(), file.dress);
        // There already when the process ended between writing and remembering.
        if (!(await folders.holds(file.folder, file.name, bytes))) {
          await folders.write(file.folder, file.name, bytes, { renamed: file.renamed, pause });
          written += bytes.length;
        }
        await dropped.keepPlanned(file, bytes);
      }
      return written;
    },
    begin: async (folder) => {
      if (begun !== null)
        throw new Error(`Only one file can be half written: finish ${begun.file.name} first`);
      const file = dropped.planLeft(clock.now() + DAY).find((planned) => planned.folder === folder);
      if (file === undefined)
        throw new Error(`A file must be due in ${folder} within a day, but there is none`);
      clock.moveTo(file.due);
      const due = new Date(file.due).toISOString();
      if (clock.now() < file.due) throw new Error(`${file.name} is due at ${due}, later than the wall clock`);
      const bytes = toBytes(file.toTable(), file.dress);
      begun = { file, bytes, half: await folders.begin(folder, file.name, bytes) };
      return { folder, name: file.name, written: begun.half.written, of: bytes.length };
    },
    finish: async () => {
      if (begun === null) throw new Error('A file must be half written before it is finished');
      const { file, bytes, half } = begun;
      await half.finish();
      begun = null;
      return dropped.keepPlanned(file, bytes);
    },
    runBroken: async (sort, which) => {
      const source = dropped.findNewest(toSourceFolder(sort, which));
      if (source === null)
        throw new Error(`A file with rows must come before one that is ${sort}: tick first`);
      const { folder, name: wanted, bytes, rows, copy } = toBroken(sort, source, toStamp(clock.now()));
      const name = sort === 'same-name' ? wanted : await dropped.findFreeName(folder, wanted);
      await folders.write(folder, name, bytes, { renamed: false, pause });
      return dropped.keep({ folder, name, sort, copyOf: copy ? source.name : null, rows }, bytes);
    },
    close: async () => {
      await begun?.half.close();
      begun = null;
    },
  };
}
