// Manifests' texts → the units that stand together: each parsed, then judged beside the others. Used for the folder of units
// (unit-folder.ts) and for the texts that were registered, which need no folder. Pure.
import { type ManifestFault, toSortedFaults } from './faults.ts';
import { toJoinedUnits } from './lint/units.ts';
import { type JudgedUnit, lintUnits } from './lint-units.ts';
import type { Unit } from './model.ts';
import { type ManifestResult, parseManifest } from './parse-manifest.ts';

/** `file`: the name that faults show. */
export type ManifestText = { readonly unit: string; readonly text: string; readonly file: string };

/** Units by name; those with errors are left out and stand in the faults. */
export type UnitSet = { readonly units: readonly Unit[]; readonly faults: readonly ManifestFault[] };

export type ReadManifest = { readonly name: string; readonly file: string; readonly result: ManifestResult };

/**
 * Names are granted in the order of `reads` (M081). `away`: units that exist and do not take part; what links to them is null
 * until they are back.
 */
export function toUnitSet(reads: readonly ReadManifest[], away: readonly string[] = []): UnitSet {
  const judged = reads.flatMap(({ file, result: { unit, tree } }): JudgedUnit[] =>
    unit === null ? [] : [{ unit, tree, file }],
  );
  const leftOut = reads.filter(({ result }) => result.unit === null).map(({ name }) => name);
  const cross = lintUnits(judged, [...leftOut, ...away]);
  const refused = new Set(cross.filter(({ severity }) => severity === 'error').map(({ file }) => file));
  const units = judged.filter(({ file }) => !refused.has(file)).map(({ unit }) => unit);
  const faults = toSortedFaults([...reads.flatMap(({ result }) => result.faults), ...cross]);
  return { units: toJoinedUnits(units.toSorted(byName)), faults };
}

export type ReadTexts = (texts: readonly ManifestText[], away?: readonly string[]) => UnitSet;

/** Remembers what it has parsed the last time: one changed manifest among many costs one. */
export function toTextReader(): ReadTexts {
  let known = new Map<string, ReadManifest>();
  return (texts, away) => {
    const fresh = new Map<string, ReadManifest>();
    for (const { unit, text, file } of texts) {
      const key = JSON.stringify([unit, file, text]);
      const read = known.get(key) ?? {
        name: unit,
        file,
        result: parseManifest(text, { file, folder: unit }),
      };
      fresh.set(key, read);
    }
    known = fresh;
    return toUnitSet([...fresh.values()], away);
  };
}

function byName(a: Unit, b: Unit): number {
  return a.unit < b.unit ? -1 : 1;
}
