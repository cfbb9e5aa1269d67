// How the department fails: the platform goes without a word, does not answer, answers late, sends noise, loses a part of each
// catalogue, answers with a failure, names things otherwise or has an old password; with some of them its folder fails too.
import { randomBytes } from 'node:crypto';
import type { FaultSwitch } from '../drop/drop-system.ts';
import type { Folders } from '../drop/folders.ts';
import { type Fault, type FaultCount, toCounters } from '../front/fault.ts';
import type { Platform } from './platform.ts';

export type FolderName = 'grid';
export type PlatformFaults = FaultSwitch & {
  /** What went over the platform's wire, for the fault that is active. */
  note(direction: 'in' | 'out' | 'open' | 'cut', bytes: number): void;
};

export function openFaultSwitch(platform: () => Platform, folders: Folders<FolderName>): PlatformFaults {
  const counters = toCounters();
  let fault: Fault = 'none';
  const add = (which: Fault, name: keyof FaultCount, by: number) => {
    counters[which][name] += by;
  };
  return {
    fault: () => fault,
    async switchTo(next) {
      if (next === fault) return;
      const before = fault;
      fault = next;
      if (before === 'down') {
        await folders.bringBack();
        await platform().open();
      }
      if (next === 'down') {
        await platform().cut();
        await folders.takeAway();
      }
      if (next === 'garbage') platform().sendNoise(randomBytes(600));
      add(next, 'activations', 1);
    },
    count: (which, bytes) => add(which, 'bytesToClient', bytes),
    note: (direction, bytes) => {
      if (direction === 'in') add(fault, 'bytesFromClient', bytes);
      else if (direction === 'out') add(fault, 'bytesToClient', bytes);
      else add(fault, direction === 'open' ? 'connections' : 'cut', 1);
    },
    counters: () => structuredClone(counters),
  };
}
