// What the conditions of a statement are planned with, and what they leave behind.
import type { GraphQLError } from 'graphql';
import type { Field, UnitType } from '../../../connectors/kit/manifest/model.ts';
import type { Divisions } from '../../../schema/divisions/divisions.ts';
import type { ErrorCode } from '../../../schema/errors.ts';
import { toFault } from '../fault.ts';

export type Conditions = {
  readonly divisions: Divisions;
  readonly isMasked: (field: Field, type: UnitType) => boolean;
  /** By slot name: what a condition binds is put here. */
  readonly values: Map<string, unknown>;
  /** The types that are read. */
  types: Set<string>;
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

/** What `plan` gives, or the fault with which it was refused. */
export function orFault<Plan>(plan: () => Plan): Plan | GraphQLError {
  try {
    return plan();
  } catch (error) {
    if (error instanceof Refused) return error.fault;
    throw error;
  }
}

/** What `plan` gives, and the types that it looks at. */
export function toLooked<Plan>(
  conditions: Pick<Conditions, 'types'>,
  plan: () => Plan,
): readonly [Plan, readonly string[]] {
  const { types } = conditions;
  const looked = new Set<string>();
  conditions.types = looked;
  const planned = plan();
  conditions.types = types;
  for (const type of looked) types.add(type);
  return [planned, [...looked]];
}

/** Conditions that one argument may have: each may look into another table. */
export const CONDITION_CAP = 100;

/** What `plan` gives of an argument. Throws Refused where it had more conditions than that. */
export function planCounted<Plan>(argument: string, conditions: Conditions, plan: () => Plan): Plan {
  const before = conditions.conditions;
  const planned = plan();
  const asked = conditions.conditions - before;
  if (asked <= CONDITION_CAP) return planned;
  throw new Refused(
    'HUB_QUERY_LIMIT',
    `Argument "${argument}" has ${asked} conditions; one list may have ${CONDITION_CAP}.`,
  );
}

/** An input object as GraphQL coerced it. */
export type Given = { readonly [name: string]: unknown };

/** What an input says: a member that is null says nothing. */
export function toStated(given: Given): readonly (readonly [name: string, value: unknown])[] {
  return Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
}

/** The only member of an input of which one must be given; `hint` tells how several are. Throws Refused. */
export function toOnly(given: Given, place: string, hint: string): readonly [name: string, value: unknown] {
  const stated = toStated(given);
  const [only] = stated;
  if (only !== undefined && stated.length === 1) return only;
  throw new Refused(
    'HUB_QUERY_INVALID',
    `Argument "${place}" must name one field, but names: ${stated.length}. ${hint}`,
  );
}

/** GraphQL takes one for a list of one. */
export function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** The members of a list argument, none where it is not given. Throws Refused where there are more than `cap`. */
export function toMembers(argument: string, value: unknown, cap: number, what: string): readonly Given[] {
  if (value === null || value === undefined) return [];
  const members = toList(value) as readonly Given[];
  if (members.length <= cap) return members;
  throw new Refused(
    'HUB_QUERY_LIMIT',
    `Argument "${argument}" must have at most ${cap} ${what}, but has: ${members.length}`,
  );
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
