// The forestry bureau as a system of its own: two folders on the disk into which it drops its files by its clock.
//   FIRMS (UTF-8) → folder/firms → hub · domestic list and registers (GBK) → folder/drop → hub
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClockOptions, type Instant, openClock, type SandboxClock } from '../clock/sandbox-clock.ts';
import { type Folders, openFolders } from '../drop/folders.ts';
import { openLive } from '../drop/live.ts';
import { toTurns } from '../drop/turns.ts';
import type { Fault, FaultCounters } from '../front/fault.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';
import type { BrokenSort } from './broken.ts';
import { type BegunFile, openDelivery } from './delivery.ts';
import { toStamp } from './domestic.ts';
import { openDropped } from './dropped.ts';
import { openFaultSwitch } from './fault-switch.ts';
import { type Ledger, toLedger } from './ledger.ts';
import type { FolderName } from './schedule.ts';
import { type DroppedFile, readState, type State, VERSION, writeState } from './state.ts';

export type SystemOptions = {
  /** Holds `firms/`, `drop/` and the state file; made if missing, gone on with if there. */
  readonly folder: string;
  readonly seed: number;
  readonly clock: ClockOptions;
  /** Days of history before the clock's start. */
  readonly days: number;
  readonly log: (line: string) => void;
  /** Real milliseconds between two pieces of a file once the history is there; 0 when absent. */
  readonly pauseMs?: number;
  /** By how much of the clock's time a slow bureau is late; 2 hours when absent. */
  readonly slowMs?: number;
  /** Real milliseconds between two rows of a growing file; 500 when absent. Longer than the hub waits for stability is no hang. */
  readonly growMs?: number;
};

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

const SLOW_MS = 2 * HOUR;
const GROW_MS = 500;

export async function openForestrySystem(options: SystemOptions): Promise<ForestrySystem> {
  const { folder, seed, log } = options;
  await mkdir(folder, { recursive: true });
  const folders = await openFolders(folder, ['firms', 'drop']);
  const clock = openClock(options.clock);
  const statePath = join(folder, 'forestry-state.json');
  const { state, kept } = await openState(statePath, folders, clock, options);
  let pauseMs = 0;
  const pause = async () => {
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  };
  const save = () => writeState(statePath, state);
  const dropped = openDropped({ state, save, folders, clock });
  const delivery = openDelivery({ folders, dropped, clock, pause });
  const stamp = () => toStamp(clock.now());
  const faults = openFaultSwitch({ seed, folders, dropped, stamp, growMs: options.growMs ?? GROW_MS });
  const inTurn = toTurns();
  const whileThere = <T>(work: () => Promise<T>) =>
    inTurn(async () => {
      if (faults.fault() === 'down')
        throw new Error('The folders must be there, but they are down: set none first');
      return work();
    });
  const runTick = async (to?: Instant) => {
    if (to !== undefined) clock.moveTo(to);
    const fault = faults.fault();
    const late = fault === 'slow';
    if (fault !== 'down' && fault !== 'hang')
      faults.count(late ? 'slow' : 'none', await delivery.runDue(late ? (options.slowMs ?? SLOW_MS) : 0));
    state.now = clock.now();
    return state.now;
  };
  await runTick();
  await save();
  log(`forestry history ${kept ? 'continued' : 'made'}: ${state.files.length} files`);
  pauseMs = options.pauseMs ?? 0;
  const tick = (to?: Instant) => inTurn(() => runTick(to));
  const live = clock.frozen ? null : openLive({ name: 'forestry', tick, log });
  return {
    firmsFolder: folders.path('firms'),
    dropFolder: folders.path('drop'),
    tick,
    beginFile: (which) => whileThere(() => delivery.begin(which)),
    finishFile: () => inTurn(delivery.finish),
    dropBroken: (sort, which = 'firms') => whileThere(() => delivery.runBroken(sort, which)),
    setFault: (fault) => inTurn(() => faults.switchTo(fault)),
    faultCounters: faults.counters,
    ledger: () => toLedger(state),
    close: async () => {
      await live?.close();
      await inTurn(async () => {
        await faults.switchTo('none');
        await delivery.close();
        await save();
      });
    },
  };
}

/** What an earlier run of the same seed left, with the clock not before it; else a new history. */
async function openState(
  path: string,
  folders: Folders<FolderName>,
  clock: SandboxClock,
  { seed, days }: SystemOptions,
): Promise<{ readonly state: State; readonly kept: boolean }> {
  const found = await readState(path);
  if (found !== null && found.version === VERSION && found.seed === seed) {
    clock.moveTo(found.now);
    return { state: found, kept: true };
  }
  // Another city's files must not be read as this one's.
  for (const { folder, name } of found?.files ?? []) await rm(folders.path(folder, name), { force: true });
  const start = Math.floor(clock.now() / MINUTE) * MINUTE;
  return {
    state: { version: VERSION, seed, from: start - days * 24 * HOUR, start, now: start, files: [] },
    kept: false,
  };
}
