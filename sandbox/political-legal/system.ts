// The political-legal commission as a system of its own: a video platform that speaks to the hub by itself, and a folder into
// which the counties' lists of grid members are dropped. Both follow one clock.
import type { Instant } from '../clock/sandbox-clock.ts';
import { type DropOptions, openDropSystem } from '../drop/drop-system.ts';
import type { Fault, FaultCounters } from '../front/fault.ts';
import { toCameras, toEvents } from './camera.ts';
import { type FolderName, openFaultSwitch } from './fault-switch.ts';
import { type DroppedList, type Ledger, toLedger } from './ledger.ts';
import { planLists, toListBytes } from './list.ts';
import { openPlatform, type Platform } from './platform.ts';

export type VideoOptions = DropOptions & {
  /** The port at which the hub listens. */
  readonly hubPort: number;
  readonly id: string;
  readonly password: string;
  readonly keepaliveMs?: number;
  readonly retryMs?: number;
  /** Real milliseconds by which a slow platform answers late. */
  readonly lateMs?: number;
};

export type VideoSystem = {
  /** What the hub is given. */
  readonly gridFolder: string;
  /** Moves a clock to `to`, drops what is due and tells what has happened. Resolves to now. */
  tick(to?: Instant): Promise<Instant>;
  setFault(fault: Fault): Promise<void>;
  faultCounters(): FaultCounters;
  ledger(): Ledger;
  close(): Promise<void>;
};

/** Raised whenever the simulation changes. */
const VERSION = 1;

export async function openVideoSystem(options: VideoOptions): Promise<VideoSystem> {
  const { seed, keepaliveMs = 60_000, retryMs = 2000, lateMs = 2000, hubPort, id, password } = options;
  let cameras: ReturnType<typeof toCameras> = [];
  let clockNow: () => Instant = () => 0;
  let platform: Platform | null = null;
  const department = {
    name: 'political-legal',
    folders: ['grid'] as const,
    version: VERSION,
    pathOf: ({ name }: DroppedList) => ['grid', name] as const,
    open: ({ folders, state, clock, save, pause }: Parameters<Department['open']>[0]) => {
      cameras = toCameras(state);
      clockNow = clock.now;
      const faults = openFaultSwitch(() => own, folders);
      const own = openPlatform({
        ...{ seed, cameras, now: clock.now, hubPort, id, password, keepaliveMs, retryMs, slowMs: lateMs },
        ...{ fault: faults.fault, count: faults.note },
      });
      platform = own;
      let told = clock.now();
      const runDue = async (late: number) => {
        own.tell(toEvents(seed, cameras, told, clock.now()));
        told = clock.now();
        let written = 0;
        for (const list of planLists(state, state.from - 1, clock.now() - late)) {
          if (state.files.some(({ name }) => name === list.name)) continue;
          const bytes = toListBytes(seed, list);
          if (!(await folders.holds('grid', list.name, bytes))) {
            await folders.write('grid', list.name, bytes, { renamed: false, pause });
            written += bytes.length;
          }
          state.files.push({ name: list.name });
          await save();
        }
        return written;
      };
      return { delivery: own, faults, runDue, close: own.close };
    },
  };
  const { folders, state, delivery, ...system } = await openDropSystem<FolderName, DroppedList, Platform>(
    department,
    options,
  );
  await (platform ?? delivery).open();
  return {
    gridFolder: folders.path('grid'),
    tick: system.tick,
    setFault: system.setFault,
    faultCounters: system.faultCounters,
    ledger: () => toLedger(state, cameras, delivery, clockNow()),
    close: system.close,
  };
}

type Department = Parameters<typeof openDropSystem<FolderName, DroppedList, Platform>>[0];
