// The forestry bureau as a system of its own: two folders on the disk into which it drops its files by its clock.
//   FIRMS (UTF-8) → folder/firms → hub · domestic list and registers (GBK) → folder/drop → hub
import type { Instant } from '../clock/sandbox-clock.ts';
import { type DropOptions, openDropSystem } from '../drop/drop-system.ts';
import type { Fault, FaultCounters } from '../front/fault.ts';
import type { BrokenSort } from './broken.ts';
import { type BegunFile, openDelivery } from './delivery.ts';
import { toStamp } from './domestic.ts';
import { openDropped } from './dropped.ts';
import { openFaultSwitch } from './fault-switch.ts';
import { type Ledger, toLedger } from './ledger.ts';
import type { FolderName } from './schedule.ts';
import { type DroppedFile, VERSION } from './state.ts';

export type ForestrySystem = {
  /** What the hub is given. */
  readonly firmsFolder: string;
  readonly dropFolder: string;
  /** Drops every file due up to the clock's now, or moves a clock to `to` first; complete when it resolves. Resolves to now. */
  tick(to?: Instant): Promise<Instant>;
  /** Moves the clock to the folder's next file and leaves it half written until `finishFile`. Other files go on. */
  beginFile(folder: FolderName): Promise<BegunFile>;
  finishFile(): Promise<DroppedFile>;
  /** Drops a file with a mistake at once; `folder` (firms when absent) where the sort leaves a choice. */
  dropBroken(sort: BrokenSort, folder?: FolderName): Promise<DroppedFile>;
  setFault(fault: Fault): Promise<void>;
  faultCounters(): FaultCounters;
  ledger(): Ledger;
  close(): Promise<void>;
};

const FOLDERS: readonly FolderName[] = ['firms', 'drop'];

/** `folder` holds `firms/`, `drop/` and the state file. */
export async function openForestrySystem(options: DropOptions): Promise<ForestrySystem> {
  const { folders, state, delivery, inTurn, whileThere, ...system } = await openDropSystem(
    {
      name: 'forestry',
      folders: FOLDERS,
      version: VERSION,
      pathOf: ({ folder, name }: DroppedFile) => [folder, name] as const,
      open: ({ folders, state, clock, save, pause, growMs }) => {
        const dropped = openDropped({ state, save, folders, clock });
        const delivery = openDelivery({ folders, dropped, clock, pause });
        const stamp = () => toStamp(clock.now());
        const faults = openFaultSwitch({ seed: options.seed, folders, dropped, stamp, growMs });
        return { delivery, faults, runDue: delivery.runDue, close: delivery.close };
      },
    },
    options,
  );
  return {
    ...system,
    firmsFolder: folders.path('firms'),
    dropFolder: folders.path('drop'),
    beginFile: (which) => whileThere(() => delivery.begin(which)),
    finishFile: () => inTurn(delivery.finish),
    dropBroken: (sort, which = 'firms') => whileThere(() => delivery.runBroken(sort, which)),
    ledger: () => toLedger(state),
  };
}
