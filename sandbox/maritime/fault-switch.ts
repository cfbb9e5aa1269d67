// How the bureau fails: its folder is gone and its receivers are silent, a list grows for ever, lists come late, bytes of no
// protocol come in both ways. No fault removes a file that the hub has not read; what is not sent meanwhile is never sent.
import { writeFile } from 'node:fs/promises';
import type { FaultSwitch } from '../drop/drop-system.ts';
import type { Folders } from '../drop/folders.ts';
import { type Growing, openGrowing } from '../drop/growing.ts';
import { FAULTS, type Fault, toCounters } from '../front/fault.ts';
import { toChance } from '../storm/noise.ts';
import type { Delivery, FolderName } from './delivery.ts';
import type { Radio } from './radio.ts';

export type FaultSwitchOptions = {
  readonly seed: number;
  readonly folders: Folders<FolderName>;
  readonly delivery: Delivery;
  readonly radio: Radio;
  readonly growMs: number;
};

const PIECE_BYTES = 64;
const GARBAGE_BYTES = 2048;

export function openFaultSwitch(options: FaultSwitchOptions): FaultSwitch {
  const { seed, folders, delivery, radio, growMs } = options;
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
      // It ends as the whole list that it was to be.
      await writeFile(folders.path('lists', name), bytes);
      await delivery.keep(name, bytes, 'hang');
    }
    if (fault === 'down') await folders.bringBack();
    fault = 'none';
  };
  const runGrowing = async () => {
    const { name, bytes } = delivery.planCopy('growing');
    const [path, everyMs] = [folders.path('lists', name), growMs];
    const head = bytes.subarray(0, PIECE_BYTES);
    const pieces = [bytes.subarray(PIECE_BYTES, 2 * PIECE_BYTES)];
    const growing = await openGrowing({ path, head, pieces, everyMs, count: (size) => count('hang', size) });
    grown = { name, bytes, growing };
  };
  const runGarbage = async () => {
    const { name } = delivery.planCopy('garbage');
    const bytes = toGarbage(seed, counters.garbage.activations);
    await delivery.write(name, bytes);
    await delivery.keep(name, bytes, 'garbage');
    count('garbage', bytes.length);
  };
  return {
    fault: () => fault,
    async switchTo(next) {
      if (next === fault) return;
      await runEnd();
      // First of all, so that what is only half begun is ended too.
      fault = next;
      radio.setFault(next);
      if (next === 'down') await folders.takeAway();
      if (next === 'hang') await runGrowing();
      if (next === 'garbage') await runGarbage();
      counters[next].activations += 1;
    },
    count,
    counters() {
      const all = structuredClone(counters);
      for (const each of FAULTS) all[each].bytesToClient += radio.bytes(each);
      return all;
    },
  };
}

/** Bytes of no list, always the same for a seed and number. */
function toGarbage(seed: number, number: number): Buffer {
  return Buffer.from(
    Array.from({ length: GARBAGE_BYTES }, (_, index) =>
      index === 0 ? 0 : Math.floor(256 * toChance(seed, 129, number, index)),
    ),
  );
}
