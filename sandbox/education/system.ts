// The education bureau as a system of its own: a folder on the disk into which the counties' workbooks are dropped by its clock.
import type { Instant } from '../clock/sandbox-clock.ts';
import { type DropOptions, openDropSystem } from '../drop/drop-system.ts';
import type { Fault, FaultCounters } from '../front/fault.ts';
import type { BrokenSort } from './broken.ts';
import { type FolderName, openDelivery } from './delivery.ts';
import { openFaultSwitch } from './fault-switch.ts';
import { type Ledger, toLedger } from './ledger.ts';
import { type DroppedFile, VERSION } from './state.ts';

export type EducationSystem = {
  /** What the hub is given. */
  readonly uploadFolder: string;
  /** Drops every file due up to the clock's now, or moves a clock to `to` first; complete when it resolves. Resolves to now. */
  tick(to?: Instant): Promise<Instant>;
  /** Drops a county's register with a mistake at once. */
  dropBroken(sort: BrokenSort, county: string): Promise<DroppedFile>;
  setFault(fault: Fault): Promise<void>;
  faultCounters(): FaultCounters;
  ledger(): Ledger;
  close(): Promise<void>;
};

const FOLDERS: readonly FolderName[] = ['upload'];

/** `folder` holds `upload/` and the state file. */
export async function openEducationSystem(options: DropOptions): Promise<EducationSystem> {
  const { folders, state, delivery, whileThere, ...system } = await openDropSystem(
    {
      name: 'education',
      folders: FOLDERS,
      version: VERSION,
      pathOf: ({ name }: DroppedFile) => ['upload', name] as const,
      open: ({ folders, state, clock, save, pause, growMs }) => {
        const delivery = openDelivery({ state, save, folders, clock, pause });
        const faults = openFaultSwitch({ seed: options.seed, folders, delivery, growMs });
        return { delivery, faults, runDue: delivery.runDue };
      },
    },
    options,
  );
  return {
    ...system,
    uploadFolder: folders.path('upload'),
    dropBroken: (sort, county) => whileThere(() => delivery.runBroken(sort, county)),
    ledger: () => toLedger(state),
  };
}
