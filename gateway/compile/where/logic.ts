// What joins conditions, of rows as of groups: `and`, `or` and `not`, from the client's words to SQL. A condition may come out
// unknown where a value is not known; that counts as not true, and `not` asks for "is not true", so that what is fulfilled and
// what is denied are always all of them together.
import { toList } from './conditions.ts';

/** A condition that joins others. */
export type Logic<Node> =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Node[] }
  | { readonly kind: 'not'; readonly of: Node };

/** What `and`, `or` or `not` say; null for any other word. `below` plans one of what is joined, at its place. */
export function planLogic<Node>(
  word: string,
  value: unknown,
  place: string,
  below: (one: unknown, at: string) => Node,
): readonly (Node | Logic<Node>)[] | null {
  const each = (): readonly Node[] => toList(value).map((one, index) => below(one, `${place}[${index}]`));
  switch (word) {
    case 'and':
      return each();
    case 'or':
      return [{ kind: 'any', of: each() }];
    case 'not':
      return [{ kind: 'not', of: below(value, place) }];
    default:
      return null;
  }
}

export function toLogicSql<Node>(node: Logic<Node>, below: (of: Node) => string): string {
  switch (node.kind) {
    case 'all':
      return node.of.length === 0 ? 'true' : `(${node.of.map(below).join(' and ')})`;
    case 'any':
      return node.of.length === 0 ? 'false' : `(${node.of.map(below).join(' or ')})`;
    case 'not':
      return `(${below(node.of)}) is not true`;
  }
}
