// What the conditions of a statement are planned with, and what they leave behind.
import type { GraphQLError } from 'graphql';
import type { Field, UnitType } from '../../../connectors/kit/manifest/model.ts';
import type { Divisions } from '../../../schema/divisions/divisions.ts';
import type { ErrorCode } from '../../../schema/errors.ts';
import type { CatalogType } from '../catalog.ts';
import { toFault } from '../fault.ts';

export type Conditions = {
  readonly divisions: Divisions;
  readonly isMasked: (field: Field, type: UnitType) => boolean;
  /** By slot name: what a condition binds is put here. */
  readonly values: Map<string, unknown>;
  /** The types that are read. */
  types: Set<string>;
  /** The unit whose list is asked. */
  home: string;
  /** Numbers the slots of one statement. */
  conditions: number;
};

/** Thrown inside this folder only: the first fault ends the planning of its list. */
export class Refused extends Error {
  readonly fault: GraphQLError;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.fault = toFault(code, message);
  }
}

/** Numbers the slots, and tells how many conditions there are. */
export function count(conditions: Conditions): number {
  conditions.conditions += 1;
  return conditions.conditions;
}

/** Gives a value its slot. */
export function bind(conditions: Conditions, value: unknown): string {
  const slot = `where${count(conditions)}`;
  conditions.values.set(slot, value);
  return slot;
}

/** Notes that a condition or an order looks into a type; how those of another unit are is that unit's to tell. */
export function lookInto({ home, types }: Conditions, { unit, type }: CatalogType): void {
  if (unit === home) types.add(type.name);
}
