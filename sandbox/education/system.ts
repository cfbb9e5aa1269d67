// The education bureau as a system of its own: a folder on the disk into which the counties' workbooks are dropped by its clock.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClockOptions, type Instant, openClock, type SandboxClock } from '../clock/sandbox-clock.ts';
import { type Folders, openFolders } from '../drop/folders.ts';
import { openLive } from '../drop/live.ts';
import { toTurns } from '../drop/turns.ts';
import type { Fault, FaultCounters } from '../front/fault.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';
import type { BrokenSort } from './broken.ts';
import { type FolderName, openDelivery } from './delivery.ts';
import { openFaultSwitch } from './fault-switch.ts';
import { type Ledger, toLedger } from './ledger.ts';
import { type DroppedFile, readState, type State, VERSION, writeState } from './state.ts';

export type SystemOptions = {
  /** Holds `upload/` and the state file; made if missing, gone on with if there. */
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
  /** Real milliseconds between two pieces of a growing file; 500 when absent. Longer than the hub waits for stability is no hang. */
  readonly growMs?: number;
};

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

const SLOW_MS = 2 * HOUR;
const GROW_MS = 500;

export async function openEducationSystem(options: SystemOptions): Promise<EducationSystem> {
  const { folder, seed, log } = options;
  await mkdir(folder, { recursive: true });
  const folders = await openFolders(folder, ['upload']);
  const clock = openClock(options.clock);
  const statePath = join(folder, 'education-state.json');
  const { state, kept } = await openState(statePath, folders, clock, options);
  let pauseMs = 0;
  const pause = async () => {
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  };
  const save = () => writeState(statePath, state);
  const delivery = openDelivery({ state, save, folders, clock, pause });
  const faults = openFaultSwitch({ seed, folders, delivery, growMs: options.growMs ?? GROW_MS });
  const inTurn = toTurns();
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
  log(`education history ${kept ? 'continued' : 'made'}: ${state.files.length} files`);
  pauseMs = options.pauseMs ?? 0;
  const tick = (to?: Instant) => inTurn(() => runTick(to));
  const live = clock.frozen ? null : openLive({ name: 'education', tick, log });
  return {
    uploadFolder: folders.path('upload'),
    tick,
    dropBroken: (sort, county) =>
      inTurn(async () => {
        if (faults.fault() === 'down')
          throw new Error('The folder must be there, but it is down: set none first');
        return delivery.runBroken(sort, county);
      }),
    setFault: (fault) => inTurn(() => faults.switchTo(fault)),
    faultCounters: faults.counters,
    ledger: () => toLedger(state),
    close: async () => {
      await live?.close();
      await inTurn(async () => {
        await faults.switchTo('none');
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
  for (const { name } of found?.files ?? []) await rm(folders.path('upload', name), { force: true });
  const start = Math.floor(clock.now() / MINUTE) * MINUTE;
  return {
    state: { version: VERSION, seed, from: start - days * 24 * HOUR, start, now: start, files: [] },
    kept: false,
  };
}
