// Reading a delegated document: which response keys an executor was asked for under a type, fragments spread and
// @skip/@include decided. The located errors stand on these keys.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** The fields that one response key stands for: several nodes when a document repeats it. */
export type Selected = ReadonlyMap<string, readonly FieldNode[]>;

/** What was asked of an executor. */
export type Asked = {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Response keys of the operation itself. */
  readonly root: Selected;
  /** Response keys below these nodes for an object of this type; the same answer for the same nodes. */
  below(type: GraphQLObjectType, nodes: readonly FieldNode[]): Selected;
};

/** Reads the only operation of a delegated document; null when it holds none or the schema lacks its root type. */
export function toAsked(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): Asked | null {
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const rootType = operation === undefined ? null : schema.getRootType(operation.operation);
  if (operation === undefined || !rootType) return null;
  const collect = toCollector(schema, document, variables);
  const known = new Map<readonly FieldNode[], Map<GraphQLObjectType, Selected>>();
  return {
    schema,
    operation,
    variables,
    root: collect(rootType, [operation.selectionSet]),
    below(type, nodes) {
      const byType = known.get(nodes) ?? new Map<GraphQLObjectType, Selected>();
      known.set(nodes, byType);
      const found = byType.get(type) ?? collect(type, toSelectionSets(nodes));
      byType.set(type, found);
      return found;
    },
  };
}

function toSelectionSets(nodes: readonly FieldNode[]): SelectionSetNode[] {
  return nodes.flatMap((node) => (node.selectionSet === undefined ? [] : [node.selectionSet]));
}

function toCollector(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): (type: GraphQLObjectType, sets: readonly SelectionSetNode[]) => Selected {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);

  const applies = (type: GraphQLObjectType, condition: string | undefined): boolean => {
    if (condition === undefined || condition === type.name) return true;
    const named = schema.getType(condition);
    return isAbstractType(named) && schema.isSubType(named, type);
  };

  return (type, sets) => {
    const selected = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    const visit = (selection: SelectionNode): void => {
      if (!isIncluded(selection, variables)) return;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = selected.get(key);
        if (nodes === undefined) selected.set(key, [selection]);
        else nodes.push(selection);
        return;
      }
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (inner === undefined || !applies(type, inner.typeCondition?.name.value)) return;
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        if (spread.has(selection.name.value)) return;
        spread.add(selection.name.value);
      }
      inner.selectionSet.selections.forEach(visit);
    };
    for (const set of sets) set.selections.forEach(visit);
    return selected;
  };
}

function isIncluded(node: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false;
}
