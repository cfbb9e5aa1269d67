// How a file drop fails, which has no door: the folders are gone, a file grows for ever, files come late, a file is no file.
// No fault ever removes a file that the hub has not read.

import type { FaultSwitch } from '../drop/drop-system.ts';
import type { Folders } from '../drop/folders.ts';
import { type Growing, openGrowing } from '../drop/growing.ts';
import { type Fault, toCounters } from '../front/fault.ts';
import { toGarbage, toHotspotName } from './broken.ts';
import { toBytes } from './csv.ts';
import { DOMESTIC_COLUMNS } from './domestic.ts';
import type { Dropped } from './dropped.ts';
import { VIIRS_COLUMNS } from './firms.ts';
import type { FolderName } from './schedule.ts';

export type FaultSwitchOptions = {
  readonly seed: number;
  readonly folders: Folders<FolderName>;
  readonly dropped: Dropped;
  /** For the names of faulty files, yyyyMMddHHmm. */
  readonly stamp: () => string;
  readonly growMs: number;
};

const FOLDERS: readonly FolderName[] = ['firms', 'drop'];
const HEADERS = { firms: VIIRS_COLUMNS, drop: DOMESTIC_COLUMNS };

export function openFaultSwitch(options: FaultSwitchOptions): FaultSwitch {
  const { folders } = options;
  const counters = toCounters();
  let fault: Fault = 'none';
  let growing: readonly Grown[] = [];
  const count = (which: Fault, bytes: number) => {
    counters[which].bytesToClient += bytes;
  };
  const runEnd = async () => {
    const ending = growing;
    growing = [];
    for (const grown of ending) await runGrownEnd(options, grown);
    if (fault === 'down') await folders.bringBack();
    fault = 'none';
  };
  return {
    fault: () => fault,
    switchTo: async (next) => {
      if (next === fault) return;
      await runEnd();
      // First of all, so that what is only half begun is ended too.
      fault = next;
      if (next === 'down') await folders.takeAway();
      if (next === 'hang')
        for (const folder of FOLDERS)
          growing = [...growing, await openGrown(options, folder, (bytes) => count('hang', bytes))];
      if (next === 'garbage') count('garbage', await runGarbage(options, counters.garbage.activations));
      counters[next].activations += 1;
    },
    count,
    counters: () => structuredClone(counters),
  };
}

type Grown = { readonly folder: FolderName; readonly name: string; readonly growing: Growing };

/** Its rows repeat true ones, so that what is read after its end changes nothing; with none yet, it grows by empty lines. */
async function openGrown(
  { folders, dropped, stamp, growMs }: FaultSwitchOptions,
  folder: FolderName,
  count: (bytes: number) => void,
): Promise<Grown> {
  const name = await dropped.findFreeName(folder, toHotspotName(folder, stamp(), 'growing'));
  const source = dropped.findNewest(folder);
  const encoding = folder === 'firms' ? 'utf-8' : 'gbk';
  const dress = { encoding, newline: '\n', mark: false, closed: true } as const;
  const { header, lines } = source?.toTable() ?? { header: HEADERS[folder], lines: [] };
  const head = toBytes({ header, lines: [] }, dress);
  const pieces = lines.map(({ text }) => toBytes({ header: text, lines: [] }, dress));
  const path = folders.path(folder, name);
  return { folder, name, growing: await openGrowing({ path, head, pieces, everyMs: growMs, count }) };
}

async function runGrownEnd({ dropped }: FaultSwitchOptions, { folder, name, growing }: Grown): Promise<void> {
  const { pieces, bytes } = await growing.close();
  await dropped.keep({ folder, name, sort: 'hang', copyOf: null, rows: pieces }, bytes);
}

/** One into each folder; resolves to the bytes written. */
async function runGarbage(options: FaultSwitchOptions, number: number): Promise<number> {
  const { seed, folders, dropped, stamp } = options;
  const bytes = toGarbage(seed, number);
  for (const folder of FOLDERS) {
    const name = await dropped.findFreeName(folder, toHotspotName(folder, stamp(), 'garbage'));
    await folders.write(folder, name, bytes, { renamed: false, pause: async () => undefined });
    await dropped.keep({ folder, name, sort: 'garbage', copyOf: null, rows: 0 }, bytes);
  }
  return bytes.length * FOLDERS.length;
}
