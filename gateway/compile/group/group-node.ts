// The plan of grouping, without any value in it: what rows are grouped by, what is measured of a group, which groups stand in
// the answer and in which order.
import type { DivisionLevel } from '../../../schema/divisions/division.ts';
import type { WhereNode } from '../where/where-node.ts';

/** One part of a group's key, read from the row that the links `via` lead to. `id` stands for the key of that row. */
export type GroupTerm = { readonly via: readonly string[] } & (
  | { readonly kind: 'field'; readonly field: string }
  /** `slot`: the seconds of a bucket. */
  | { readonly kind: 'bucket'; readonly field: string; readonly slot: string }
  | { readonly kind: 'division'; readonly level: DivisionLevel }
);

/** A number or value of a group. `slot`: the share of a percentile. */
export type Measured =
  | { readonly of: 'count' }
  | { readonly of: 'countDistinct' | 'sum' | 'avg' | 'min' | 'max'; readonly field: string }
  | { readonly of: 'percentile'; readonly field: string; readonly slot: string };

export type HavingNode =
  | { readonly kind: 'all' | 'any'; readonly of: readonly HavingNode[] }
  | { readonly kind: 'not'; readonly of: HavingNode }
  /** `test`: what one operator asks; its own field name says nothing. */
  | { readonly kind: 'test'; readonly over: Measured; readonly test: WhereNode };

/** `term`: the position of a part of the key. */
export type GroupOrder = { readonly by: Measured | { readonly term: number }; readonly desc: boolean };
