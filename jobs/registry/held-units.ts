// From what is registered to the units that a process can run, and what it says of those that it cannot. Used by worker and
// gateway alike, so that both read the same set out of the same texts. Pure.
import { type ManifestFault, toFaultText } from '../../connectors/kit/manifest/faults.ts';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import type { ManifestText, ReadTexts } from '../../connectors/kit/manifest/unit-set.ts';
import { isHubError } from '../../schema/errors.ts';
import type { HeldUnit, RegisteredUnit, UnitRegistry } from '../../store/registry/contract.ts';

export type Registered = {
  readonly units: readonly Unit[];
  /** Registered by a hub that read manifests otherwise than this one. */
  readonly faulty: readonly HeldUnit[];
};

/** What takes part, as `read` understands it. */
export function toRegistered({ units }: UnitRegistry, read: ReadTexts): Registered {
  const taking = units.filter(({ state }) => state === 'REGISTERED');
  const set = read(taking.map(toRegisteredText), toAway(units));
  const isFaulty = ({ unit }: RegisteredUnit) => !set.units.some((one) => one.unit === unit);
  return { units: set.units, faulty: taking.filter(isFaulty).map((one) => toFaulty(one, set.faults)) };
}

/** `file`: the name that faults show. */
export function toRegisteredText({
  unit,
  manifest,
}: Pick<RegisteredUnit, 'unit' | 'manifest'>): ManifestText {
  return { unit, text: manifest, file: `registered:${unit}/unit.yaml` };
}

/** What was taken out: links to it are null, and no fault of those who have them. */
export function toAway(units: readonly RegisteredUnit[]): readonly string[] {
  return units.flatMap(({ unit, state }) => (state === 'UNREGISTERED' ? [unit] : []));
}

export function toLive({ unit, manifest }: Unit): HeldUnit {
  return { unit, hash: manifest, state: 'LIVE', code: null, reason: null };
}

export function toLeftOut({ unit, manifest }: Unit, error: unknown): HeldUnit {
  const code = isHubError(error) ? error.code : 'HUB_INTERNAL';
  const reason = isHubError(error) ? error.message : 'a fault of the hub itself; see the log of the process';
  return { unit, hash: manifest, state: 'LEFT_OUT', code, reason };
}

function toFaulty({ unit, hash, manifest }: RegisteredUnit, faults: readonly ManifestFault[]): HeldUnit {
  const { file } = toRegisteredText({ unit, manifest });
  const own = faults.filter((fault) => fault.file === file && fault.severity === 'error');
  return {
    unit,
    hash,
    state: 'LEFT_OUT',
    code: 'HUB_MANIFEST_INVALID',
    reason: own.map(toFaultText).join('\n'),
  };
}
