// What a plan is made with and what it leaves behind: the state that passes through planning, from the root fields down.
import type { GraphQLError } from 'graphql';
import type { Divisions } from '../../schema/divisions/divisions.ts';
import type { Catalog } from './catalog.ts';
import type { RowBudget } from './row-budget.ts';
import type { Selected } from './selection.ts';
import type { Moments } from './times/plan-times.ts';
import type { Conditions } from './where/conditions.ts';

/** What a plan is made with, and what it leaves behind. */
export type Planning = Conditions &
  Moments & {
    readonly catalog: Catalog;
    readonly cursorKey: Buffer;
    /** The types that are read; in a plan of the whole hub those of the hop that is being planned. */
    types: Set<string>;
    readonly faults: Map<Selected, GraphQLError>;
    /** In a plan of the whole hub those of the hop that is being planned. */
    reads: Map<Selected, readonly string[]>;
    /** True once a division below a row has lists of its own: its range must be known to the statement. */
    divisionLists: boolean;
    lists: number;
    /** How often what is being planned may occur: the product of the lists around it. */
    parents: number;
    readonly budget: RowBudget;
    /** What a plan of the whole hub needs beside; null where the plan is of one unit. */
    readonly whole: WholePlanning | null;
  };

/**
 * What stitching would ask of a unit in one go: at a root field, behind a link into another unit, or below a division. The unit
 * counts as touched where the answer reaches it.
 */
export type Hop = {
  readonly index: number;
  readonly unit: string;
  /** The unit's types that are read in it. */
  readonly types: Set<string>;
  /** The types that must have been loaded where it is reached. */
  readonly reads: Map<Selected, readonly string[]>;
  /** A root field: its unit is asked whatever the answer is. Any other marks the answer where it is reached. */
  readonly sure: boolean;
};

/** What is written from memory: a field of the division whose code the statement gives, or a root field. */
export type Fragment = { readonly of: 'DIVISION' | 'OPERATION'; readonly asked: Selected };

/** Why one statement cannot answer, and the field that shows it. */
export type Refusal = { readonly why: 'ROOT' | 'FIELD' | 'FAULT' | 'PAST'; readonly at: string };

export type WholePlanning = {
  readonly hops: Hop[];
  readonly fragments: Fragment[];
  /** Types whose ids are looked for: they must have been loaded, whatever is found. */
  readonly looked: Set<string>;
  /** What `node`, `nodes` and `nearby` ask for, all roots together. */
  entities: number;
  /** The first refusal; planning goes on, its plan is of no use. */
  refusal: Refusal | null;
  /** The hop that is being planned; null outside of all units. */
  hop: Hop | null;
  readonly divisions: Divisions;
  /** Codes of the divisions that are being planned, as often as they stand in the answer; null below a row, where no plan knows them. */
  places: readonly string[] | null;
  refuse(why: Refusal['why'], asked: Selected): void;
  /** Refuses what must be looked up of a unit; its names are known. */
  checkUnit(asked: Selected): void;
};
