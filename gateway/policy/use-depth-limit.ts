// How deeply an operation may be nested: links between units form circles, and each turn multiplies the rows.
import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  Lexer,
  type OperationDefinitionNode,
  type SelectionSetNode,
  Source,
  TokenKind,
  type ValidationContext,
} from 'graphql';
import { HubError } from '../../schema/errors.ts';

/** Nested fields of an operation; the deepest sensible question about the city needs about ten. */
const MAX_DEPTH = 15;

/** Nested brackets of a document, arguments included: more would exhaust the parser's stack before any rule can speak. */
const MAX_BRACKETS = 100;

/** Tokens that the parser reads before it gives up (`maxTokens` of graphql-js). */
export const MAX_TOKENS = 10_000;

/**
 * A validation rule: an operation nested more deeply than `cap` is HUB_QUERY_DEPTH, with its depth and the cap.
 * Fragments count where they are spread; introspection (`__schema`, `__type`) does not count.
 */
export function toDepthRule(cap = MAX_DEPTH): (context: ValidationContext) => ASTVisitor {
  return (context) => {
    const depths = new Map<string, number>();
    return {
      OperationDefinition(node: OperationDefinitionNode): void {
        const depth = toDepth(node.selectionSet, (name) => context.getFragment(name), depths);
        if (depth <= cap) return;
        const name = node.name === undefined ? 'The operation' : `Operation ${node.name.value}`;
        const message = `${name} is nested ${depth} fields deep; the gateway takes ${cap}. Ask in two steps.`;
        const originalError = new HubError('HUB_QUERY_DEPTH', message);
        context.reportError(new GraphQLError(message, { nodes: node, originalError }));
      },
    };
  };
}

/** Refuses a document whose brackets are nested beyond MAX_BRACKETS with HUB_QUERY_DEPTH; other faults are the parser's to find. */
export function checkBrackets(text: string, cap = MAX_BRACKETS): void {
  const lexer = new Lexer(new Source(text));
  let depth = 0;
  try {
    for (let tokens = 0; tokens < MAX_TOKENS; tokens += 1) {
      const { kind } = lexer.advance();
      if (kind === TokenKind.EOF) return;
      if (kind === TokenKind.BRACE_L || kind === TokenKind.BRACKET_L || kind === TokenKind.PAREN_L)
        depth += 1;
      else if (kind === TokenKind.BRACE_R || kind === TokenKind.BRACKET_R || kind === TokenKind.PAREN_R)
        depth -= 1;
      if (depth > cap)
        throw new HubError(
          'HUB_QUERY_DEPTH',
          `The document nests more than ${cap} brackets; the gateway takes ${cap}.`,
        );
    }
  } catch (error) {
    if (error instanceof HubError) throw error;
  }
}

type FindFragment = (name: string) => FragmentDefinitionNode | null | undefined;

function toDepth(set: SelectionSetNode, find: FindFragment, depths: Map<string, number>): number {
  let deepest = 0;
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      if (selection.name.value.startsWith('__')) continue;
      const below = selection.selectionSet === undefined ? 0 : toDepth(selection.selectionSet, find, depths);
      deepest = Math.max(deepest, 1 + below);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      deepest = Math.max(deepest, toDepth(selection.selectionSet, find, depths));
    } else {
      deepest = Math.max(deepest, toFragmentDepth(selection.name.value, find, depths));
    }
  }
  return deepest;
}

function toFragmentDepth(name: string, find: FindFragment, depths: Map<string, number>): number {
  const known = depths.get(name);
  if (known !== undefined) return known;
  // Set before the fragment is read: one that spreads itself (another rule's fault) ends here.
  depths.set(name, 0);
  const fragment = find(name);
  const depth = fragment ? toDepth(fragment.selectionSet, find, depths) : 0;
  depths.set(name, depth);
  return depth;
}
