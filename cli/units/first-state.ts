// What a process tells of itself when it begins to follow the registry: who it is, and what it has begun with.
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import type { FollowOptions } from '../../jobs/registry/follow-registry.ts';
import { toLeftOut, toLive } from '../../jobs/registry/held-units.ts';
import type { HeldUnit } from '../../store/registry/contract.ts';
import type { Joined } from './join-at-start.ts';

type LeftOut = { readonly unit: string; readonly error: Error };

/** `leftOut`: units that are registered and fit, and do not run in this process. */
export function toFirst(joined: Joined, leftOut: readonly LeftOut[] = []): FollowOptions['first'] {
  const { units, registry } = joined;
  const left: HeldUnit[] = joined.leftOut.flatMap(({ unit: name, error }) => {
    const known = registry.units.find(({ unit }) => unit === name);
    return known === undefined
      ? []
      : [
          {
            unit: name,
            hash: known.hash,
            state: 'LEFT_OUT',
            code: error.code,
            reason: error.message,
          } as const,
        ];
  });
  return {
    generation: registry.generation,
    units: [...toHeldUnits(units, leftOut), ...left],
    refused: null,
  };
}

export function toHeldUnits(units: readonly Unit[], leftOut: readonly LeftOut[]): readonly HeldUnit[] {
  return units.map((unit) => {
    const found = leftOut.find((one) => one.unit === unit.unit);
    return found === undefined ? toLive(unit) : toLeftOut(unit, found.error);
  });
}

/** People find the process by the first two parts; two containers may share both. */
export function toProcessId(): string {
  return `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`;
}
