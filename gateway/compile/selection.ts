// The first step of the compiler: a delegated document becomes a tree of what is asked, with fragments merged, @skip and
// @include decided and arguments coerced. Nothing after this step sees GraphQL syntax.
import { collectFields, collectSubFields } from '@graphql-tools/utils';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getVariableValues,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { toFault } from './fault.ts';

/** One field that is asked, under its response key. */
export type Selected = {
  readonly key: string;
  readonly name: string;
  readonly args: { readonly [name: string]: unknown };
  /** A fault of the arguments: it stands at this place of the answer, the rest is answered. */
  readonly fault: GraphQLError | null;
  /** The named type of the answer. */
  readonly type: string;
  readonly fields: readonly Selected[];
  /** What is asked of it where it is of this object type: of an interface each type is asked its own. Once made, the same. */
  readonly fieldsOf: (type: string) => readonly Selected[];
};

/** The roots of an operation, or the faults that forbid to answer it at all. */
export type Selection =
  | { readonly roots: readonly Selected[]; readonly faults: null }
  | { readonly roots: null; readonly faults: readonly GraphQLError[] };

type Scope = {
  readonly schema: GraphQLSchema;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  readonly variables: { readonly coerced: Record<string, unknown>; readonly sources: Record<string, never> };
};

// Response keys are written into the statement's text: whatever is no GraphQL name must not get there.
const NAME = /^[_A-Za-z][_0-9A-Za-z]*$/;

/** What a query asks of `schema`; the document was validated before, what does not fit all the same is a fault. */
export function toSelection(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>> = {},
  operationName?: string,
): Selection {
  const operation = findOperation(document, operationName);
  const query = schema.getQueryType();
  if (operation === undefined || operation.operation !== 'query' || query == null) {
    return { roots: null, faults: [toFault('HUB_QUERY_INVALID', 'A unit answers exactly one query.')] };
  }
  const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (coerced.errors !== undefined) {
    const faults = coerced.errors.map((error) => toFault('HUB_QUERY_INVALID', error.message));
    return { roots: null, faults };
  }
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
  }
  const scope: Scope = { schema, fragments, variables: { coerced: coerced.coerced, sources: {} } };
  try {
    const { fields } = collectFields(schema, fragments, scope.variables, query, operation.selectionSet);
    return { roots: toFields(scope, query, fields), faults: null };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { roots: null, faults: [toFault('HUB_QUERY_INVALID', error.message)] };
  }
}

function findOperation(document: DocumentNode, name?: string): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const found = name === undefined ? undefined : operations.find((node) => node.name?.value === name);
  return found ?? (operations.length === 1 ? operations[0] : undefined);
}

function toFields(
  scope: Scope,
  parent: GraphQLObjectType,
  fields: ReadonlyMap<string, FieldNode[]>,
): Selected[] {
  return [...fields].map(([key, nodes]) => toSelected(scope, parent, key, nodes));
}

function toSelected(scope: Scope, parent: GraphQLObjectType, key: string, nodes: FieldNode[]): Selected {
  const node = nodes[0];
  const name = node?.name.value ?? '';
  if (!NAME.test(key)) throw new GraphQLError('A response key must be a GraphQL name.');
  if (name === '__typename')
    return { key, name, args: {}, fault: null, type: 'String', fields: [], fieldsOf: () => [] };
  const definition = parent.getFields()[name];
  if (node === undefined || definition === undefined) {
    throw new GraphQLError(`${parent.name} has no field ${name}.`);
  }
  const type = getNamedType(definition.type);
  const fields = isObjectType(type) ? toFieldsBelow(scope, type, nodes) : [];
  return {
    key,
    name,
    ...toArguments(scope, definition, node),
    type: type.name,
    fields,
    fieldsOf: isAbstractType(type) ? toFieldsOf(scope, nodes) : () => fields,
  };
}

function toFieldsBelow(scope: Scope, type: GraphQLObjectType, nodes: FieldNode[]): Selected[] {
  const { schema, fragments, variables } = scope;
  return toFields(scope, type, collectSubFields(schema, fragments, variables, type, nodes).fields);
}

// An interface has as many types as the city knows of, and most are never asked for.
function toFieldsOf(scope: Scope, nodes: FieldNode[]): Selected['fieldsOf'] {
  const known = new Map<string, readonly Selected[]>();
  return (name) => {
    const type = scope.schema.getType(name);
    const fields = known.get(name) ?? (isObjectType(type) ? toFieldsBelow(scope, type, nodes) : []);
    known.set(name, fields);
    return fields;
  };
}

function toArguments(
  scope: Scope,
  definition: Parameters<typeof getArgumentValues>[0],
  node: FieldNode,
): Pick<Selected, 'args' | 'fault'> {
  try {
    return { args: getArgumentValues(definition, node, scope.variables.coerced), fault: null };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { args: {}, fault: toFault('HUB_QUERY_INVALID', error.message) };
  }
}
