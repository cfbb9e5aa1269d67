// Pages as Relay's cursor connections have them: the nodes behind a cursor, and whether more follow.
import { GraphQLError } from 'graphql';

export type PageArgs = { readonly first?: number | null; readonly after?: string | null };

const LARGEST_PAGE = 50;
const PREFIX = 'offset:';

export function toConnection<Item, Node>(
  items: readonly Item[],
  { first, after }: PageArgs,
  toNode: (item: Item) => Node,
) {
  const size = first ?? 20;
  if (size < 1 || size > LARGEST_PAGE) throw new GraphQLError(`first 须为 1 至 ${LARGEST_PAGE}`);
  const start = after == null ? 0 : parseCursor(after);
  const shown = items.slice(start, start + size);
  const end = start + shown.length;
  return {
    nodes: shown.map(toNode),
    totalCount: items.length,
    pageInfo: { endCursor: shown.length === 0 ? null : toCursor(end), hasNextPage: end < items.length },
  };
}

function toCursor(offset: number): string {
  return Buffer.from(`${PREFIX}${offset}`).toString('base64');
}

function parseCursor(cursor: string): number {
  const text = Buffer.from(cursor, 'base64').toString('utf8');
  const offset = text.startsWith(PREFIX) ? Number(text.slice(PREFIX.length)) : Number.NaN;
  if (!Number.isInteger(offset) || offset < 0) throw new GraphQLError('after 不是本服务给出的游标');
  return offset;
}
