// The plan of a condition, without any value in it: its text is part of the shape under which a statement is cached.
import type { Operator } from './operators.ts';

/** `slots` name binds. Every condition is true or not true: where a value is not known it is not true, and `not` of it is. */
export type WhereNode =
  | { readonly kind: 'all' | 'any'; readonly of: readonly WhereNode[] }
  | { readonly kind: 'not'; readonly of: WhereNode }
  | {
      readonly kind: 'compare';
      readonly field: string;
      readonly operator: Exclude<Operator, 'isNull'>;
      readonly slots: readonly string[];
    }
  | { readonly kind: 'isNull'; readonly field: string; readonly yes: boolean }
  | { readonly kind: 'id'; readonly operator: 'eq' | 'ne' | 'in'; readonly slot: string }
  /** The one row that a link, a latest reading or a single inverse leads to fulfils it. */
  | { readonly kind: 'row'; readonly field: string; readonly of: WhereNode }
  /** At least one row of an inverse, or of a thing's readings, fulfils it; with `none`: no row does. */
  | { readonly kind: 'some' | 'none'; readonly field: string; readonly of: WhereNode }
  | { readonly kind: 'near'; readonly slot: string }
  | { readonly kind: 'division'; readonly slot: string }
  | { readonly kind: 'polygon'; readonly slot: string }
  /** No row can fulfil it. */
  | { readonly kind: 'never' };
