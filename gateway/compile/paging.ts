// The paging arguments of a connection: which end of the list, how many rows, between which cursors.
import { GraphQLError } from 'graphql';
import { type CursorOf, parseCursor } from './cursor.ts';
import { toFault } from './fault.ts';

/** Rows of a list that neither says `first` nor `last`. */
export const PAGE_ROWS = 20;
/** Rows that one list may hand out at a time. */
export const PAGE_CAP = 1000;

export type Page = {
  readonly forward: boolean;
  readonly limit: number;
  /** Order values of the row behind which (before which) the page lies. */
  readonly after: readonly (string | null)[] | null;
  readonly before: readonly (string | null)[] | null;
};

type Args = { readonly [name: string]: unknown };

/** The page that a connection's arguments ask for; a GraphQLError (HUB_QUERY_LIMIT, HUB_QUERY_CURSOR) where they ask for none. */
export function toPage(args: Args, of: CursorOf, key: Buffer): Page | GraphQLError {
  const { first, last } = args;
  if (first != null && last != null) {
    return toFault('HUB_QUERY_LIMIT', 'Arguments "first" and "last" exclude each other: give one of them.');
  }
  for (const [name, value] of Object.entries({ first, last })) {
    if (value == null) continue;
    if (typeof value !== 'number' || value < 0 || value > PAGE_CAP) {
      return toFault('HUB_QUERY_LIMIT', `Argument "${name}" must be 0 to ${PAGE_CAP}, but got: ${value}`);
    }
  }
  const after = toPosition('after', args.after, of, key);
  if (after instanceof GraphQLError) return after;
  const before = toPosition('before', args.before, of, key);
  if (before instanceof GraphQLError) return before;
  const limit = first ?? last ?? PAGE_ROWS;
  return { forward: last == null, limit: Number(limit), after, before };
}

function toPosition(
  name: string,
  cursor: unknown,
  of: CursorOf,
  key: Buffer,
): readonly (string | null)[] | null | GraphQLError {
  if (cursor == null) return null;
  const values = parseCursor(String(cursor), of, key);
  if (values !== null) return values;
  return toFault(
    'HUB_QUERY_CURSOR',
    `Argument "${name}" is no cursor of this list of ${of[1]} in this order: take it from pageInfo or edges, unchanged.`,
  );
}
