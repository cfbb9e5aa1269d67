// What a start makes of its folder of units and of what is registered already: which texts take part, and what is to be
// written down. Pure; join-at-start.ts carries it out.
import type { ManifestText } from '../../connectors/kit/manifest/unit-set.ts';
import { toAway, toRegisteredText } from '../../jobs/registry/held-units.ts';
import type { RegisteredUnit, UnitEntry, UnitRegistry } from '../../store/registry/contract.ts';

/** A unit's text from a folder, with the hash that rows carry. */
export type FolderUnit = ManifestText & { readonly hash: string };

export type StartPlan = {
  /** In the order in which names are granted: what stands unchanged comes first. */
  readonly texts: readonly ManifestText[];
  readonly away: readonly string[];
  readonly entries: readonly UnitEntry[];
  readonly notes: readonly string[];
};

/**
 * A folder's unit joins, and follows its folder; what a person has registered or taken out stays as that person left it.
 * What has no folder here stays too: a folder that is missing on one machine must not take a department from the city.
 */
export function planStart(registry: UnitRegistry, folder: readonly FolderUnit[], by: string): StartPlan {
  const known = new Map(registry.units.map((unit) => [unit.unit, unit]));
  const joining = folder.filter((one) => isJoining(one, known.get(one.unit)));
  const names = new Set(joining.map(({ unit }) => unit));
  const staying = registry.units.filter(({ unit, state }) => state === 'REGISTERED' && !names.has(unit));
  return {
    texts: [...staying.map(toRegisteredText), ...joining],
    away: toAway(registry.units),
    entries: joining.map(({ unit, text, hash }) => {
      return { unit, manifest: text, hash, state: 'REGISTERED', origin: 'FOLDER', by };
    }),
    notes: folder.flatMap((one) => toNote(one, known.get(one.unit))),
  };
}

function isJoining({ hash }: FolderUnit, known: RegisteredUnit | undefined): boolean {
  if (known === undefined) return true;
  return known.state === 'REGISTERED' && known.origin === 'FOLDER' && known.hash !== hash;
}

function toNote({ unit, hash, file }: FolderUnit, known: RegisteredUnit | undefined): readonly string[] {
  if (known === undefined) return [];
  const by = `${known.by}, ${known.at}`;
  if (known.state === 'UNREGISTERED')
    return [`${unit} was taken out (${by}) and stays out; \`hub register\` with its folder brings it back`];
  if (known.origin === 'FOLDER' || known.hash === hash) return [];
  return [
    `${unit} runs as it was registered (${by}), not as ${file} has it; \`hub register\` puts that live`,
  ];
}
