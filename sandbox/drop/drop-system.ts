// A department that leaves files in folders, as a system of its own: its folders, its state, its clock's ticks and its faults.
// Which files it drops, and how each fault looks in them, is the department's.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClockOptions, type Instant, openClock, type SandboxClock } from '../clock/sandbox-clock.ts';
import type { Fault, FaultCounters } from '../front/fault.ts';
import { HOUR } from '../storm/storm.ts';
import { type Folders, openFolders } from './folders.ts';
import { openLive } from './live.ts';
import { openState, type State, writeState } from './state.ts';
import { toTurns } from './turns.ts';

export type DropOptions = {
  /** Holds the department's folders and the state file; made if missing, gone on with if there. */
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

export type FaultSwitch = {
  fault(): Fault;
  /** Ends the fault before, then begins this one; resolves when it is active. */
  switchTo(fault: Fault): Promise<void>;
  count(fault: Fault, bytes: number): void;
  /** A copy. `bytesToClient`: bytes of the files that the fault spoilt or delayed; there are no connections, nothing is cut. */
  counters(): FaultCounters;
};

/** What a department drops, with what it is given for that. */
export type Dropping<Name extends string, File> = {
  readonly folders: Folders<Name>;
  readonly state: State<File>;
  readonly clock: SandboxClock;
  save(): Promise<void>;
  pause(): Promise<void>;
  readonly growMs: number;
};

export type Department<Name extends string, File, Delivery> = {
  readonly name: string;
  readonly folders: readonly Name[];
  /** Raised whenever the simulation changes. */
  readonly version: number;
  pathOf(file: File): readonly [folder: Name, name: string];
  open(dropping: Dropping<Name, File>): {
    readonly delivery: Delivery;
    readonly faults: FaultSwitch;
    /** Drops what is due up to the clock's now, `late` milliseconds before it; resolves to the bytes. */
    runDue(late: number): Promise<number>;
    close?(): Promise<void>;
  };
};

export type DropSystem<Name extends string, File, Delivery> = {
  readonly folders: Folders<Name>;
  readonly state: State<File>;
  readonly delivery: Delivery;
  /** Drops every file due up to the clock's now, or moves a clock to `to` first; complete when it resolves. Resolves to now. */
  tick(to?: Instant): Promise<Instant>;
  /** In turn with all else that is done to the system. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** As inTurn; rejects while the folders are gone. */
  whileThere<T>(work: () => Promise<T>): Promise<T>;
  setFault(fault: Fault): Promise<void>;
  faultCounters(): FaultCounters;
  close(): Promise<void>;
};

const SLOW_MS = 2 * HOUR;
const GROW_MS = 500;

/** Ends when the history lies in the folders. */
export async function openDropSystem<Name extends string, File, Delivery>(
  department: Department<Name, File, Delivery>,
  options: DropOptions,
): Promise<DropSystem<Name, File, Delivery>> {
  const { name, version, pathOf } = department;
  const { folder, seed, days, log, slowMs = SLOW_MS, growMs = GROW_MS } = options;
  await mkdir(folder, { recursive: true });
  const folders = await openFolders(folder, department.folders);
  const clock = openClock(options.clock);
  const path = join(folder, `${name}-state.json`);
  const forget = (file: File) => rm(folders.path(...pathOf(file)), { force: true });
  const { state, kept } = await openState<File>({ path, version, seed, days, clock, forget });
  let pauseMs = 0;
  const pause = async () => {
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  };
  const save = () => writeState(path, state);
  const opened = department.open({ folders, state, clock, save, pause, growMs });
  const { delivery, faults, runDue } = opened;
  const inTurn = toTurns();
  const runTick = async (to?: Instant) => {
    if (to !== undefined) clock.moveTo(to);
    const fault = faults.fault();
    const late = fault === 'slow';
    if (fault !== 'down' && fault !== 'hang')
      faults.count(late ? 'slow' : 'none', await runDue(late ? slowMs : 0));
    state.now = clock.now();
    return state.now;
  };
  await runTick();
  await save();
  log(`${name} history ${kept ? 'continued' : 'made'}: ${state.files.length} files`);
  pauseMs = options.pauseMs ?? 0;
  const tick = (to?: Instant) => inTurn(() => runTick(to));
  const live = clock.frozen ? null : openLive({ name, tick, log });
  return {
    ...{ folders, state, delivery, tick, inTurn },
    whileThere: (work) =>
      inTurn(async () => {
        if (faults.fault() === 'down')
          throw new Error(
            department.folders.length === 1
              ? 'The folder must be there, but it is down: set none first'
              : 'The folders must be there, but they are down: set none first',
          );
        return work();
      }),
    setFault: (fault) => inTurn(() => faults.switchTo(fault)),
    faultCounters: faults.counters,
    close: async () => {
      await live?.close();
      await inTurn(async () => {
        await faults.switchTo('none');
        await opened.close?.();
        await save();
      });
    },
  };
}
