// The seam between the server and the door of the whole graph: what opens it, what it is asked, what it answers, and what a
// client is told of the way that its operation took.
import type { DocumentNode, GraphQLError } from 'graphql';
import type { OperationContext } from '../subschema/contract.ts';

/** WHOLE: one statement for the operation. STITCHED: the parts of the graph are asked one by one. */
export type Door = 'WHOLE' | 'STITCHED';

export type Reason =
  /** The door is not open for this schema. */
  | 'OFF'
  /** No query, introspection, or variables that do not fit. */
  | 'OPERATION'
  /** A root field whose answer is neither in the store's tables nor known by heart. */
  | 'ROOT'
  /** Such a field further down. */
  | 'FIELD'
  /** An argument, a cursor or the number of rows would be refused: stitching says where and why. */
  | 'FAULT'
  /** Rows as of an earlier instant, or a type's changes: links into other units are told as they are now. */
  | 'PAST'
  /** A type that is read has nothing yet. */
  | 'NOT_LOADED'
  /** The statement failed or took too long. */
  | 'STATEMENT'
  /** The answer has a place that only stitching can tell, or is too large to be written in one piece. */
  | 'ANSWER';

/** `extensions.plan`, for who asks with the header `x-hub-plan: 1`. */
export type PlanReport = {
  readonly door: Door;
  /** Why it was not the whole graph's door. */
  readonly reason?: Reason;
  /** The field (or type) that is the reason. */
  readonly at?: string;
  /** Statements that the operation ran, those of a door that was left among them. */
  readonly statements: number;
  /** Rows of all units in the answer. */
  readonly rows?: number;
};

/** A validated operation. */
export type Question = {
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: OperationContext;
};

export type Declined = { readonly kind: 'DECLINED'; readonly reason: Reason; readonly at: string | null };

export type WholeAnswer =
  /** `text`: the JSON of `data`, without any fault. */
  | { readonly kind: 'ANSWERED'; readonly text: string; readonly rows: number }
  | Declined
  /** The client has left: nobody is to answer. */
  | { readonly kind: 'ENDED'; readonly error: GraphQLError };

export type WholeDoor = {
  /** Never rejects. Adds to the operation's sources only where it answers. */
  run(question: Question): Promise<WholeAnswer>;
};
