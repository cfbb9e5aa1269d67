// How a file drop of workbooks fails: the folder is gone, a file grows for ever, files come late, a file is no workbook. No
// fault ever removes a file that the hub has not read.
import { writeFile } from 'node:fs/promises';
import type { FaultSwitch } from '../drop/drop-system.ts';
import type { Folders } from '../drop/folders.ts';
import { type Growing, openGrowing } from '../drop/growing.ts';
import { type Fault, toCounters } from '../front/fault.ts';
import { toGarbage } from './broken.ts';
import type { Delivery, FolderName } from './delivery.ts';
import { CORRECTED } from './register.ts';

export type FaultSwitchOptions = {
  readonly seed: number;
  readonly folders: Folders<FolderName>;
  readonly delivery: Delivery;
  readonly growMs: number;
};

const PIECE_BYTES = 512;

export function openFaultSwitch({ seed, folders, delivery, growMs }: FaultSwitchOptions): FaultSwitch {
  const counters = toCounters();
  let fault: Fault = 'none';
  let grown: { readonly name: string; readonly bytes: Buffer; readonly growing: Growing } | null = null;
  const count = (which: Fault, bytes: number) => {
    counters[which].bytesToClient += bytes;
  };
  const runEnd = async () => {
    if (grown !== null) {
      const { name, bytes, growing } = grown;
      grown = null;
      await growing.close();
      // It ends as the whole workbook that it was to be.
      await writeFile(folders.path('upload', name), bytes);
      await delivery.keep(name, bytes, 'hang');
    }
    if (fault === 'down') await folders.bringBack();
    fault = 'none';
  };
  const runGrowing = async () => {
    const { name, bytes } = delivery.planCopy(CORRECTED, 'growing');
    const path = folders.path('upload', name);
    const pieces = [bytes.subarray(PIECE_BYTES, 2 * PIECE_BYTES)];
    const head = bytes.subarray(0, PIECE_BYTES);
    const growing = await openGrowing({
      path,
      head,
      pieces,
      everyMs: growMs,
      count: (size) => count('hang', size),
    });
    grown = { name, bytes, growing };
  };
  return {
    fault: () => fault,
    async switchTo(next) {
      if (next === fault) return;
      await runEnd();
      // First of all, so that what is only half begun is ended too.
      fault = next;
      if (next === 'down') await folders.takeAway();
      if (next === 'hang') await runGrowing();
      if (next === 'garbage') {
        const bytes = toGarbage(seed, counters.garbage.activations);
        await delivery.drop(delivery.planCopy(CORRECTED, 'garbage').name, bytes, 'garbage');
        count('garbage', bytes.length);
      }
      counters[next].activations += 1;
    },
    count,
    counters: () => structuredClone(counters),
  };
}
