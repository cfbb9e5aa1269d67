// The entry: the text of a unit.yaml → a Unit, or every fault at once with its line and column (manifest.md).
// text → positions.ts (YAML) → shape/ (zod, piece by piece) → lint/ (M002–M081) → resolve/ (Unit).
import { createHash } from 'node:crypto';
import type { Draft } from './draft.ts';
import { FAULTS, type ManifestFault, toSortedFaults } from './faults.ts';
import { lintDraft } from './lint/rules.ts';
import type { Unit } from './model.ts';
import { type Finding, toPathText } from './path.ts';
import { isInHole, parseYaml, toPosition, toSpotKey, type YamlTree } from './positions.ts';
import { toUnit } from './resolve/unit.ts';
import { MISSING } from './shape/issues.ts';
import { readDraft } from './shape/read-draft.ts';

/** `file`: the name that faults show. `folder`: the name of the folder it lies in, which the unit must have (M002). */
export type ManifestOptions = { readonly file: string; readonly folder: string };

export type ManifestResult = {
  /** null if and only if there are errors; warnings and notes do not count. */
  readonly unit: Unit | null;
  /** Sorted by position. */
  readonly faults: readonly ManifestFault[];
  /** Where everything stands, for faults that only several units together have (lintUnits). */
  readonly tree: YamlTree;
};

/** What one unit declares. Never throws, whatever the text is. */
export function parseManifest(text: string, options: ManifestOptions): ManifestResult {
  const { tree, findings, usable } = parseYaml(text);
  if (!usable) return { unit: null, faults: toFaults(findings, tree, options.file), tree };
  const { draft, findings: shape } = readDraft(tree.value);
  const all = [
    ...findings,
    ...shape.filter((finding) => isCause(finding, tree)),
    ...toLint(draft, tree, options),
  ];
  const faults = toFaults(all, tree, options.file);
  if (faults.some((fault) => fault.severity === 'error')) return { unit: null, faults, tree };
  const unit = toUnit(draft, createHash('sha256').update(text).digest('hex'));
  if (unit !== null) return { unit, faults, tree };
  // A piece that resolve refuses and no rule has named: better an unspecific fault than a unit without it.
  const unknown: Finding = { id: 'M001', path: [], at: 'value', message: 'cannot be resolved into a unit' };
  return { unit: null, faults: toFaults([...all, unknown], tree, options.file), tree };
}

function toLint(draft: Draft, tree: YamlTree, { folder }: ManifestOptions): Finding[] {
  return lintDraft(draft, { folder }).filter((finding) => isCause(finding, tree));
}

/** Leaves out what follows from an alias, tag or merge key that was refused already. */
function isCause({ path, message }: Finding, tree: YamlTree): boolean {
  if (isInHole(tree, path)) return false;
  return !(message.startsWith(MISSING) && tree.merged.has(toSpotKey(path.slice(0, -1))));
}

/** Findings with their positions, each once, in the order in which they stand in the file. */
export function toFaults(findings: readonly Finding[], tree: YamlTree, file: string): ManifestFault[] {
  const seen = new Set<string>();
  const faults = findings.flatMap((finding): ManifestFault[] => {
    const { line, column } = toPosition(tree, finding);
    const path = toPathText(finding.path);
    const key = JSON.stringify([finding.id, line, column, path, finding.message]);
    if (seen.has(key)) return [];
    seen.add(key);
    const severity = finding.severity ?? FAULTS[finding.id].severity;
    return [{ id: finding.id, severity, file, line, column, path, message: finding.message }];
  });
  return toSortedFaults(faults);
}
