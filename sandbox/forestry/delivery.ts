// The bureau's hand: drops what is due into the folders, remembers it, and makes the mistakes that a test asks for.
// system.ts decides when, and lets it fail.
import { createHash } from 'node:crypto';
import type { Instant, SandboxClock } from '../clock/sandbox-clock.ts';
import { type BrokenSort, toBroken, toSourceFolder } from './broken.ts';
import { toBytes } from './csv.ts';
import { toStamp } from './domestic.ts';
import { DAY } from './fire.ts';
import type { Folders, HalfFile } from './folders.ts';
import { type FolderName, type PlannedFile, planFiles } from './schedule.ts';
import type { DroppedFile, State } from './state.ts';

export type DeliveryOptions = {
  readonly folders: Folders;
  /** Grows with every file; `save` keeps it. */
  readonly state: State;
  readonly save: () => Promise<void>;
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
  /** Remembers a file that is there now. */
  keep(file: Omit<DroppedFile, 'sha256' | 'droppedAt'>, bytes: Buffer): Promise<DroppedFile>;
  /** The newest hotspot file in order with at least one row; null: there is none yet. */
  findNewest(folder: FolderName): PlannedFile | null;
  /** The name, or with a number if the folder has or has had it. */
  findFreeName(folder: FolderName, name: string): Promise<string>;
  /** A file that is only half there stays so, and is written again after a restart. */
  close(): Promise<void>;
};

export type BegunFile = {
  readonly folder: FolderName;
  readonly name: string;
  readonly written: number;
  readonly of: number;
};

/** What lies further back than this is not made up for after a long pause. */
const LONGEST_GAP = 62 * DAY;

export function openDelivery({ folders, state, save, clock, pause }: DeliveryOptions): Delivery {
  const isDropped = ({ folder, name }: { folder: FolderName; name: string }) =>
    state.files.some((file) => file.folder === folder && file.name === name);
  let begun: { file: PlannedFile; bytes: Buffer; half: HalfFile } | null = null;
  const planLeft = (to: Instant) =>
    planFiles(state, Math.max(state.from - 1, clock.now() - LONGEST_GAP), to).filter(
      (file) => !isDropped(file) && file.name !== begun?.file.name,
    );

  const keep: Delivery['keep'] = async (file, bytes) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const dropped = { ...file, sha256, droppedAt: clock.now() };
    state.files.push(dropped);
    state.now = clock.now();
    await save();
    return dropped;
  };
  const keepPlanned = ({ folder, name, toTable }: PlannedFile, bytes: Buffer) =>
    keep({ folder, name, sort: 'planned', copyOf: null, rows: toTable().lines.length }, bytes);
  const findFreeName: Delivery['findFreeName'] = async (folder, name) => {
    for (let number = 1; ; number += 1) {
      const free = number === 1 ? name : name.replace(/\.csv$/, `_${number}.csv`);
      if (!isDropped({ folder, name: free }) && !(await folders.has(folder, free))) return free;
    }
  };
  const findNewest: Delivery['findNewest'] = (folder) =>
    planFiles(state, state.from - 1, clock.now())
      .filter((file) => file.folder === folder && file.what === 'hotspots' && isDropped(file))
      .findLast((file) => file.toTable().lines.length > 0) ?? null;

  return {
    runDue: async (lateMs) => {
      let written = 0;
      for (const file of planLeft(clock.now() - lateMs)) {
        const bytes = toBytes(file.toTable(), file.dress);
        // There already when the process ended between writing and remembering.
        if (!(await folders.holds(file.folder, file.name, bytes))) {
          await folders.write(file.folder, file.name, bytes, { renamed: file.renamed, pause });
          written += bytes.length;
        }
        await keepPlanned(file, bytes);
      }
      return written;
    },
    begin: async (folder) => {
      if (begun !== null)
        throw new Error(`One file at a time can be half written: finish ${begun.file.name} first`);
      const file = planLeft(clock.now() + DAY).find((planned) => planned.folder === folder);
      if (file === undefined)
        throw new Error(`A file must be due in ${folder} within a day, but there is none`);
      clock.moveTo(file.due);
      if (clock.now() < file.due)
        throw new Error(
          `${file.name} must be due, but the wall clock stands before ${new Date(file.due).toISOString()}`,
        );
      const bytes = toBytes(file.toTable(), file.dress);
      begun = { file, bytes, half: await folders.begin(folder, file.name, bytes) };
      return { folder, name: file.name, written: begun.half.written, of: bytes.length };
    },
    finish: async () => {
      if (begun === null) throw new Error('A file must be half written before it is finished');
      const { file, bytes, half } = begun;
      await half.finish();
      begun = null;
      return keepPlanned(file, bytes);
    },
    runBroken: async (sort, folder) => {
      const source = findNewest(toSourceFolder(sort, folder));
      if (source === null)
        throw new Error(`A file with rows must be dropped before one that is ${sort}: tick first`);
      const broken = toBroken(sort, source, toStamp(clock.now()));
      const name = sort === 'same-name' ? broken.name : await findFreeName(broken.folder, broken.name);
      await folders.write(broken.folder, name, broken.bytes, { renamed: false, pause });
      const { rows, copy } = broken;
      return keep(
        { folder: broken.folder, name, sort, copyOf: copy ? source.name : null, rows },
        broken.bytes,
      );
    },
    keep,
    findNewest,
    findFreeName,
    close: async () => {
      await begun?.half.close();
      begun = null;
    },
  };
}
