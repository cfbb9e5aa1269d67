// The root fields of all types stand in one Query: no two types may be asked by one name.
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { HubError } from '../../schema/errors.ts';
import { toAggregate, toChangesRoot, toPlural, toSingular } from './names.ts';

/** Throws HUB_MANIFEST_INVALID, naming both types, where one root field would be that of two. */
export function assertRootsDiffer(units: readonly Unit[]): void {
  const seen = new Map<string, string>();
  for (const { unit, types } of units) {
    for (const { name } of types) {
      for (const root of toRoots(name)) {
        const other = seen.get(root);
        if (other !== undefined) {
          throw new HubError(
            'HUB_MANIFEST_INVALID',
            `${unit}: types ${other} and ${name} would both be asked as "${root}"; rename one of them in unit.yaml`,
            { place: { unit, type: name } },
          );
        }
        seen.set(root, name);
      }
    }
  }
}

function toRoots(name: string): readonly string[] {
  const plural = toPlural(name);
  return [toSingular(name), plural, toAggregate(plural), toChangesRoot(name)];
}
