// What the bureau has dropped and what it still has to: the state with its questions. delivery.ts and fault-switch.ts write
// files, and have them remembered here.
import { createHash } from 'node:crypto';
import type { Instant, SandboxClock } from '../clock/sandbox-clock.ts';
import type { Folders } from '../drop/folders.ts';
import { DAY } from './fire.ts';
import { type FolderName, type PlannedFile, planFiles } from './schedule.ts';
import type { DroppedFile, State } from './state.ts';

export type DroppedOptions = {
  /** Grows with every file; `save` keeps it. */
  readonly state: State;
  readonly save: () => Promise<void>;
  readonly folders: Folders<FolderName>;
  readonly clock: SandboxClock;
};

export type Dropped = {
  /** The planned files due until then that have not been dropped, in order. */
  planLeft(to: Instant): PlannedFile[];
  /** Remembers a file that is there now. */
  keep(file: Omit<DroppedFile, 'sha256' | 'droppedAt'>, bytes: Buffer): Promise<DroppedFile>;
  keepPlanned(file: PlannedFile, bytes: Buffer): Promise<DroppedFile>;
  /** The newest hotspot file in order with at least one row; null: there is none yet. */
  findNewest(folder: FolderName): PlannedFile | null;
  /** The name, or with a number if the folder has or has had it. */
  findFreeName(folder: FolderName, name: string): Promise<string>;
};

/** What lies further back than this is not made up for after a long pause. */
const LONGEST_GAP = 62 * DAY;

export function openDropped({ state, save, folders, clock }: DroppedOptions): Dropped {
  const isDropped = ({ folder, name }: { readonly folder: FolderName; readonly name: string }) =>
    state.files.some((file) => file.folder === folder && file.name === name);
  const keep: Dropped['keep'] = async (file, bytes) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const dropped = { ...file, sha256, droppedAt: clock.now() };
    state.files.push(dropped);
    state.now = clock.now();
    await save();
    return dropped;
  };
  return {
    planLeft: (to) =>
      planFiles(state, Math.max(state.from - 1, clock.now() - LONGEST_GAP), to).filter(
        (file) => !isDropped(file),
      ),
    keep,
    keepPlanned: ({ folder, name, toTable }, bytes) =>
      keep({ folder, name, sort: 'planned', copyOf: null, rows: toTable().lines.length }, bytes),
    findNewest: (folder) =>
      planFiles(state, state.from - 1, clock.now())
        .filter((file) => file.folder === folder && file.what === 'hotspots' && isDropped(file))
        .findLast((file) => file.toTable().lines.length > 0) ?? null,
    findFreeName: async (folder, name) => {
      for (let number = 1; ; number += 1) {
        const free = number === 1 ? name : name.replace(/\.csv$/, `_${number}.csv`);
        if (!isDropped({ folder, name: free }) && !(await folders.has(folder, free))) return free;
      }
    },
  };
}
