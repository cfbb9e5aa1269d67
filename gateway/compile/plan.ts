// The plan of one root field: which rows, lists, links and stubs make the answer, without any value in it. It is plain
// JSON, so its text is the shape under which a statement is cached.
import type { GraphQLError } from 'graphql';
import type { GroupOrder, GroupTerm, HavingNode, Measured } from './group/group-node.ts';
import type { OrderTerm } from './order/plan-order.ts';
import type { Selected } from './selection.ts';
import type { Moment } from './times/plan-times.ts';
import type { WhereNode } from './where/where-node.ts';

/** A field that needs nothing but its name; `__typename` among them. */
export type Leaf = { readonly kind: 'leaf'; readonly key: string; readonly name: string };

/** A place where a fault will stand: null in the statement. */
export type Nothing = { readonly kind: 'nothing'; readonly key: string };

/**
 * A connection over rows of `type`. `list` marks its cursors: the field of the row that it hangs on, or `list` at the root
 * and under a division. `slot` numbers it, so that its binds have names; `page` says which of them the text needs.
 */
export type ListNode = {
  readonly kind: 'list';
  readonly key: string;
  readonly type: string;
  readonly list: string;
  readonly slot: number;
  readonly page: {
    readonly forward: boolean;
    /** Which of the cursor's values are null; null without a cursor. */
    readonly after: readonly boolean[] | null;
    readonly before: readonly boolean[] | null;
  };
  /** The slot of the instant as of which it is read; null: as things are. */
  readonly asOf: string | null;
  readonly changedSince: boolean;
  readonly where: WhereNode | null;
  /** Empty: the list's own order. */
  readonly order: readonly OrderTerm[];
  /** Of each thing's readings in a bucket of time only the newest counts. */
  readonly bucket: boolean;
  readonly fields: readonly ListField[];
};

export type ListField =
  | Leaf
  | { readonly kind: 'pageInfo'; readonly key: string; readonly leaves: readonly Leaf[] }
  | { readonly kind: 'nodes'; readonly key: string; readonly fields: readonly RowNode[] }
  | { readonly kind: 'edges'; readonly key: string; readonly fields: readonly EdgeField[] };

export type EdgeField =
  | Leaf
  | { readonly kind: 'node'; readonly key: string; readonly fields: readonly RowNode[] };

/** Groups of rows of `type` and what is measured of them; `list` and `slot` as in a ListNode. Without keys: one group of all. */
export type GroupsNode = {
  readonly kind: 'groups';
  readonly key: string;
  readonly type: string;
  readonly list: string;
  readonly slot: number;
  readonly where: WhereNode | null;
  readonly keys: readonly GroupTerm[];
  readonly having: HavingNode | null;
  readonly order: readonly GroupOrder[];
  readonly fields: readonly GroupField[];
};

/** What is asked of a group. */
export type GroupField =
  | Leaf
  | Nothing
  /** Null where the rows are not grouped. */
  | { readonly kind: 'key'; readonly key: string; readonly fields: readonly KeyField[] | null }
  | {
      readonly kind: 'measures';
      readonly key: string;
      readonly of: Exclude<Measured['of'], 'count'>;
      readonly fields: readonly MeasureField[];
    };

export type MeasureField =
  | Leaf
  | Nothing
  | { readonly kind: 'measure'; readonly key: string; readonly measured: Measured };

/** A part of a group's key; null in the statement where the rows are not grouped by it. `term`: its position. */
export type KeyField =
  | Leaf
  | { readonly kind: 'null'; readonly key: string }
  | { readonly kind: 'term'; readonly key: string; readonly term: number }
  | {
      readonly kind: 'division';
      readonly key: string;
      readonly term: number;
      readonly fields: readonly DivisionField[];
    }
  /** `name`: the link to the row whose parts these are. */
  | {
      readonly kind: 'row';
      readonly key: string;
      readonly name: string;
      readonly fields: readonly KeyField[];
    };

export type SourceField =
  | Leaf
  | { readonly kind: 'unit'; readonly key: string; readonly leaves: readonly Leaf[] };

export type DivisionField =
  | Leaf
  | Nothing
  | ListNode
  | GroupsNode
  /** What the hub itself knows of the division: written into the answer from memory, as this fragment says. */
  | { readonly kind: 'hub'; readonly key: string; readonly fragment: number }
  /** The divisions above or below, with lists in them; their codes are known before the statement runs. */
  | {
      readonly kind: 'linked';
      readonly way: 'parent' | 'children';
      readonly key: string;
      readonly slot: number;
      readonly fields: readonly DivisionField[];
    }
  /** No field: the lists of another unit hang here, which a division that is there touches. */
  | { readonly kind: 'hop'; readonly hop: number };

/** What is asked of one row. */
export type RowNode =
  | Leaf
  | Nothing
  | ListNode
  | GroupsNode
  /** `leaves`: of a Point; empty for scalars. */
  | {
      readonly kind: 'value' | 'location';
      readonly key: string;
      readonly name: string;
      readonly masked: boolean;
      readonly leaves: readonly Leaf[];
    }
  | {
      readonly kind: 'source';
      readonly key: string;
      readonly masked: boolean;
      readonly fields: readonly SourceField[];
    }
  | { readonly kind: 'division'; readonly key: string; readonly fields: readonly DivisionField[] }
  /** A field that holds divisions. */
  | {
      readonly kind: 'divisions';
      readonly key: string;
      readonly name: string;
      readonly masked: boolean;
      readonly fields: readonly DivisionField[];
    }
  /** A row of another unit that is not read: its id, and what names it by its id. */
  | {
      readonly kind: 'stub';
      readonly key: string;
      readonly name: string;
      readonly fields: readonly RowNode[];
    }
  /** One row of this unit: a link's target, the latest reading, a single inverse. */
  | {
      readonly kind: 'row';
      readonly key: string;
      readonly name: string;
      readonly fields: readonly RowNode[];
    }
  /** One row of another unit, read in the same statement; only where the plan is of the whole hub. */
  | {
      readonly kind: 'far';
      readonly key: string;
      readonly name: string;
      readonly hop: number;
      readonly fields: readonly RowNode[];
    }
  /** Rows of another unit that name this one; only where the plan is of the whole hub. */
  | { readonly kind: 'added'; readonly key: string; readonly hop: number; readonly of: RowNode };

/** What is asked of a type's changes. */
export type ChangesNode =
  | Leaf
  | { readonly kind: 'nodes'; readonly key: string; readonly fields: readonly ChangeNode[] };

/** What is asked of one change. */
export type ChangeNode =
  | Leaf
  | { readonly kind: 'row'; readonly key: string; readonly fields: readonly RowNode[] };

/** `slot` numbers the root, so that its binds have names. */
export type RootPlan =
  | {
      readonly kind: 'one';
      readonly slot: number;
      readonly type: string;
      readonly asOf: string | null;
      readonly fields: readonly RowNode[];
    }
  | {
      readonly kind: 'lookup';
      readonly slot: number;
      readonly type: string;
      readonly fields: readonly RowNode[];
    }
  /** Rows of another unit's type by their keys, none of them read: what this unit's rows add to them. */
  | {
      readonly kind: 'stubs';
      readonly slot: number;
      readonly type: string;
      readonly fields: readonly RowNode[];
    }
  | { readonly kind: 'all'; readonly type: string; readonly list: ListNode }
  | { readonly kind: 'groups'; readonly type: string; readonly groups: GroupsNode }
  /** `end`: no row, only the place behind all that there is. */
  | {
      readonly kind: 'changes';
      readonly type: string;
      readonly from: 'beginning' | 'cursor' | 'end';
      readonly fields: readonly ChangesNode[];
    }
  | { readonly kind: 'division'; readonly slot: number; readonly fields: readonly DivisionField[] }
  | { readonly kind: 'divisions'; readonly slot: number; readonly fields: readonly DivisionField[] }
  /** Rows of any unit by their ids, a list of them or the only one; only where the plan is of the whole hub, as is `nearby`. */
  | {
      readonly kind: 'entities';
      readonly slot: number;
      readonly listed: boolean;
      readonly cases: readonly EntityCase[];
    }
  /** What lies around a point, of these types. */
  | {
      readonly kind: 'nearby';
      readonly slot: number;
      readonly types: readonly string[];
      readonly fields: readonly NearbyField[];
    };

/** What is asked of a row where it is of this type. `hop`: null where nothing of it is read (a stub), and its unit stays untouched. */
export type EntityCase = {
  readonly type: string;
  readonly hop: number | null;
  readonly fields: readonly RowNode[];
};

export type NearbyField =
  | Leaf
  | { readonly kind: 'entity'; readonly key: string; readonly cases: readonly EntityCase[] };

/** All roots of an operation, in the order of the answer. */
export type WholePlan = {
  readonly roots: readonly (
    | Leaf
    | { readonly kind: 'hub'; readonly key: string; readonly fragment: number }
    | { readonly kind: 'store'; readonly key: string; readonly plan: RootPlan }
  )[];
};

/** A root field that is ready to be compiled: the plan, the values of its binds, and what its places read. */
export type Planned = {
  readonly plan: RootPlan;
  /** By slot name. */
  readonly values: ReadonlyMap<string, unknown>;
  /** The types whose rows stand in the answer, and those of any unit that its arguments look at. */
  readonly types: ReadonlySet<string>;
  /** The instants that are asked for, by slot name. */
  readonly moments: ReadonlyMap<string, Moment>;
  /** Faults of arguments, by the place where they stand. */
  readonly faults: ReadonlyMap<Selected, GraphQLError>;
  /** The types that a place reads or looks at: while one was never loaded, a fault stands there. */
  readonly reads: ReadonlyMap<Selected, readonly string[]>;
};
