// What an answer may cost in places: a lookup of many keys multiplies each field that is asked of a row, and each of
// these places passes through the stitching, whether a value stands there, null or an error.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { HubError } from '../../schema/errors.ts';
import type { OperationContext, SubschemaExecutor } from '../subschema/contract.ts';
import { type Lookup, toKeys } from './lookups.ts';
import type { Asked } from './selection.ts';

/** Keys × fields of one request to one unit: all divisions of the city (3,500) with 56 fields of a unit each. */
export const PLACE_CAP = 200_000;

/** The context of an operation that can be ended as a whole. */
export type RefusableContext = OperationContext & { readonly refuse?: (error: HubError) => void };

/**
 * Ends the whole operation with HUB_QUERY_LIMIT where a request asks for more places than `cap`. An error at each of
 * them would cost more than the answer, so the unit is not asked and this request never ends; the operation does.
 */
export function isBeyondPlaces(
  asked: Asked,
  lookups: ReadonlyMap<string, Lookup>,
  request: Parameters<SubschemaExecutor>[0],
  cap = PLACE_CAP,
): boolean {
  const { refuse } = (request.context ?? {}) as Partial<RefusableContext>;
  if (refuse === undefined) return false;
  const places = countPlaces(asked, lookups, request.document);
  if (places <= cap) return false;
  const [asksFor, takes] = [places, cap].map((value) => value.toLocaleString('en'));
  const text = `The operation asks for ${asksFor} values of one unit at once; the gateway takes ${takes}. Ask for fewer fields or fewer divisions (\`divisions(level: …)\`), or in several operations.`;
  refuse(new HubError('HUB_QUERY_LIMIT', text));
  return true;
}

function countPlaces(asked: Asked, lookups: ReadonlyMap<string, Lookup>, document: DocumentNode): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  let places = 0;
  for (const nodes of asked.root.values()) {
    const [node] = nodes;
    const lookup = lookups.get(node?.name.value ?? '');
    const keys = node === undefined || lookup === undefined ? null : toKeys(lookup, node, asked.variables);
    if (keys !== null) places += keys.length * countFields(nodes, fragments);
  }
  return places;
}

function countFields(
  nodes: readonly Pick<FieldNode, 'selectionSet'>[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): number {
  const count = (set: SelectionSetNode | undefined): number =>
    (set?.selections ?? []).reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + 1 + count(selection.selectionSet);
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      return sum + count(inner?.selectionSet);
    }, 0);
  return nodes.reduce((sum, node) => sum + count(node.selectionSet), 0);
}
