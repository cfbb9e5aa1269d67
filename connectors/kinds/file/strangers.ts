// Files that lie in a folder and that no object takes: somebody waits in vain for what is in them, so they are told of, once.
import type { FilePlace } from './faults.ts';
import type { FileEntry } from './folder.ts';
import type { FolderPlan } from './settings.ts';

export type OnStranger = (place: Pick<FilePlace, 'unit' | 'source'> & { readonly file: string }) => void;

const MOST_TOLD = 10_000;

/** Looks through the complete files of a folder; a name that was told of is not told of again. */
export function toStrangerWatch(
  plan: FolderPlan,
  onStranger: OnStranger,
): (entries: readonly FileEntry[]) => void {
  const told = new Set<string>();
  const objects = [...plan.objects.values()];
  return (entries) => {
    for (const { name } of entries) {
      if (told.has(name) || told.size >= MOST_TOLD || objects.some(({ match }) => match(name) !== null))
        continue;
      told.add(name);
      onStranger({ unit: plan.place.unit, source: plan.place.source, file: name });
    }
  };
}
