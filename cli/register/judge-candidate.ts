// A candidate beside the units that take part: it is judged last, so that names stay with who has them, and what it would break
// of the others is its own fault.
import { type ManifestFault, toFaultText } from '../../connectors/kit/manifest/faults.ts';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import type { UnitFolder } from '../../connectors/kit/manifest/unit-folder.ts';
import type { ReadTexts } from '../../connectors/kit/manifest/unit-set.ts';
import { toStitchedSchema } from '../../gateway/stitch/stitched-schema.ts';
import type { StoreOptions } from '../../gateway/subschema/store-options.ts';
import { toStoreSubschemas } from '../../gateway/subschema/store-subschemas.ts';
import { toWholeDoor } from '../../gateway/whole/whole-door.ts';
import { toAway, toRegisteredText } from '../../jobs/registry/held-units.ts';
import { isHubError } from '../../schema/errors.ts';
import type { UnitRegistry } from '../../store/registry/contract.ts';
import type { Refusal } from './report.ts';

export type Judged = {
  /** Its own, the lock's and those beside the others; sorted by place. */
  readonly faults: readonly ManifestFault[];
  readonly refusals: readonly Refusal[];
  /** All units with the candidate, as they would stand; null when its faults keep it out. */
  readonly units: readonly Unit[] | null;
};

/** `folder`: read and judged alone. */
export function judgeCandidate(registry: UnitRegistry, folder: UnitFolder, read: ReadTexts): Judged {
  const { unit: name, file } = folder.text;
  const others = registry.units.filter(({ unit, state }) => state === 'REGISTERED' && unit !== name);
  const away = toAway(registry.units).filter((unit) => unit !== name);
  const texts = others.map(toRegisteredText);
  const present = registry.units
    .filter(({ unit, state }) => unit === name && state === 'REGISTERED')
    .map(toRegisteredText);
  const before = new Set(read([...texts, ...present], away).faults.map(toFaultText));
  const set = read([...texts, folder.text], away);
  const lock = folder.faults.filter(({ id }) => id === 'M094');
  const faults = [...set.faults.filter((fault) => fault.file === file), ...lock];
  const broken = set.faults.filter(
    (fault) => fault.file !== file && fault.severity === 'error' && !before.has(toFaultText(fault)),
  );
  const refusals = broken.map((fault) => {
    return {
      code: 'HUB_MANIFEST_INVALID',
      message: `breaks another unit: ${toFaultText(fault)}`,
    } as const;
  });
  const isFit = !faults.some(({ severity }) => severity === 'error') && broken.length === 0;
  return { faults, refusals, units: isFit ? set.units : null };
}

/** Whether these units make one graph: composed as a gateway would, and thrown away. */
export function checkGraph(units: readonly Unit[], shared: Omit<StoreOptions, 'units'>): readonly Refusal[] {
  try {
    const whole = { ...shared, units };
    toWholeDoor(whole, toStitchedSchema(toStoreSubschemas(whole)).schema);
    return [];
  } catch (error) {
    if (!isHubError(error, 'HUB_SCHEMA_CONFLICT', 'HUB_MANIFEST_INVALID')) throw error;
    return [{ code: error.code, message: error.message }];
  }
}
