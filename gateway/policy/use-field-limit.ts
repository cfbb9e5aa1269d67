// How many fields an operation may select once its fragments are written out: fragments that spread each other twice
// double with each step, and a short document becomes a selection that nobody can plan.
import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { HubError } from '../../schema/errors.ts';

/** Fields of an operation, written out; without fragments MAX_TOKENS is the narrower limit. */
const MAX_FIELDS = 10_000;

/** A validation rule: an operation that selects more than `cap` fields, each fragment counted at each spread, is HUB_QUERY_LIMIT. */
export function toFieldRule(cap = MAX_FIELDS): (context: ValidationContext) => ASTVisitor {
  return (context) => {
    const counts = new Map<string, number>();
    const countSpread = (name: string): number => {
      const known = counts.get(name);
      if (known !== undefined) return known;
      // Set before the fragment is read: one that spreads itself (another rule's fault) ends here.
      counts.set(name, 0);
      const fragment = context.getFragment(name);
      const count = fragment ? countFields(fragment.selectionSet) : 0;
      counts.set(name, count);
      return count;
    };
    const countFields = (set: SelectionSetNode): number => {
      let count = 0;
      for (const selection of set.selections) {
        if (selection.kind === Kind.FRAGMENT_SPREAD) count += countSpread(selection.name.value);
        else {
          if (selection.kind === Kind.FIELD) count += 1;
          if (selection.selectionSet !== undefined) count += countFields(selection.selectionSet);
        }
      }
      return count;
    };
    return {
      OperationDefinition(node: OperationDefinitionNode): void {
        if (countFields(node.selectionSet) <= cap) return;
        const name = node.name === undefined ? 'The operation' : `Operation ${node.name.value}`;
        const message = `${name} selects more than ${cap} fields once its fragments are written out; the gateway takes ${cap}. Ask in several operations.`;
        const originalError = new HubError('HUB_QUERY_LIMIT', message);
        context.reportError(new GraphQLError(message, { nodes: node, originalError }));
      },
    };
  };
}
