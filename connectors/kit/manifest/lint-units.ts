// Units that each stand by themselves → units that stand together: cross-unit findings (M08x) with their positions.
import type { ManifestFault } from './faults.ts';
import { toCrossFindings } from './lint/units.ts';
import type { Unit } from './model.ts';
import { toFaults } from './parse-manifest.ts';
import type { YamlTree } from './positions.ts';

/** A parsed manifest with where everything stands in its file. */
export type JudgedUnit = { readonly unit: Unit; readonly tree: YamlTree; readonly file: string };

/**
 * What only all units together show: links to unknown units or types, names taken twice, inverses without consent.
 * `leftOut`: units that exist but have errors of their own; what links to them is warned of, not refused.
 */
export function lintUnits(judged: readonly JudgedUnit[], leftOut: readonly string[] = []): ManifestFault[] {
  const units = judged.map(({ unit }) => unit);
  return judged.flatMap(({ unit, tree, file }) =>
    toFaults(toCrossFindings(unit, { units, leftOut }), tree, file),
  );
}
