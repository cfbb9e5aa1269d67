// A client's operation in the plain form that stitching understands. It adds the fields that merging needs (keys,
// `__typename`) under their own names and takes a field that is there already for the same, whatever its @skip says: so
// @skip and @include are decided before, and response keys of the client's that take such a name are lent another one.
import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getOperationAST,
  getVariableValues,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

export type PlainOperation = {
  readonly document: DocumentNode;
  /** What lent response keys begin with; null when there are none. One that says nothing more stands for no field at all. */
  readonly prefix: string | null;
};

type Asked = {
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
};

const TYPENAME = '__typename';

/** Names that stitching drops from an answer or reads for itself. */
const RESERVED = [TYPENAME, '__proto__', 'constructor', 'prototype'];

/** Decides directives and lends response keys; `keyFields` are the fields that types are merged by. Wrong variables are left for the execution to find. */
export function toPlainOperation(
  schema: GraphQLSchema,
  asked: Asked,
  keyFields: ReadonlySet<string>,
): PlainOperation {
  const definitions = getOperationAST(asked.document, asked.operationName)?.variableDefinitions ?? [];
  const { coerced } = getVariableValues(schema, definitions, asked.variables);
  if (coerced === undefined) return { document: asked.document, prefix: null };
  const isLent = (key: string): boolean => keyFields.has(key) || RESERVED.includes(key);
  const prefix = toFreshPrefix(asked.document);
  let lent = false;
  const toLent = (field: FieldNode, key: string): FieldNode => {
    lent = true;
    return { ...field, alias: { kind: Kind.NAME, value: `${prefix}${key}` } };
  };
  const toFieldPlain = (field: FieldNode): FieldNode => {
    const key = field.alias?.value ?? field.name.value;
    const plain = withoutConditions(field);
    return key === field.name.value || !isLent(key) ? plain : toLent(plain, key);
  };
  const toSelectionPlain = (node: SelectionNode): SelectionNode[] => {
    if (!isIncluded(node, coerced)) return [];
    return [node.kind === Kind.FIELD ? toFieldPlain(node) : withoutConditions(node)];
  };
  const document = visit(asked.document, {
    SelectionSet(node: SelectionSetNode, _key, parent) {
      const plain = node.selections.flatMap(toSelectionPlain);
      // Stitching takes `__typename` out of inline fragments and drops those that are left empty: an object of which nothing
      // else is asked would be asked for nothing. Under another name it stays.
      const isDropped = isInlineFragment(parent) && plain.every(isBareTypename);
      const selections = isDropped ? plain.map((field) => toLent(field, TYPENAME)) : plain;
      if (isSame(selections, node.selections)) return undefined;
      // A set must not be empty: it asks for a name that no client sees.
      if (selections.length === 0) lent = true;
      return { ...node, selections: selections.length === 0 ? [toNoField(prefix)] : selections };
    },
  });
  return { document, prefix: lent ? prefix : null };
}

/** Data of the answer with the client's own response keys; a new value. */
export function toClientKeys(value: unknown, prefix: string): unknown {
  if (Array.isArray(value)) return value.map((element) => toClientKeys(element, prefix));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== prefix);
  // A response key may be `__proto__`: entries become own properties, whatever their name.
  return Object.fromEntries(
    entries.map(([key, below]) => [toOwnKey(key, prefix), toClientKeys(below, prefix)]),
  );
}

export function toClientPath(
  path: readonly (string | number)[],
  prefix: string,
): readonly (string | number)[] {
  return path.map((step) => (typeof step === 'string' ? toOwnKey(step, prefix) : step));
}

function toOwnKey(key: string, prefix: string): string {
  return key.startsWith(prefix) ? key.slice(prefix.length) : key;
}

function isIncluded(node: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false;
}

function isInlineFragment(parent: ASTNode | readonly ASTNode[] | undefined): boolean {
  return parent !== undefined && 'kind' in parent && parent.kind === Kind.INLINE_FRAGMENT;
}

function isBareTypename(node: SelectionNode): node is FieldNode {
  return node.kind === Kind.FIELD && node.alias === undefined && node.name.value === TYPENAME;
}

function withoutConditions<Node extends SelectionNode>(node: Node): Node {
  const kept = node.directives?.filter(({ name }) => name.value !== 'skip' && name.value !== 'include');
  return kept === undefined || kept.length === node.directives?.length ? node : { ...node, directives: kept };
}

function toNoField(prefix: string): FieldNode {
  const name = { kind: Kind.NAME as const, value: TYPENAME };
  return { kind: Kind.FIELD, alias: { kind: Kind.NAME, value: prefix }, name };
}

function isSame(left: readonly ASTNode[], right: readonly ASTNode[]): boolean {
  return left.length === right.length && left.every((node, index) => node === right[index]);
}

/** A prefix that no response key of the document has. */
function toFreshPrefix(document: DocumentNode): string {
  let prefix = 'hub_';
  visit(document, {
    Field({ alias, name }: FieldNode) {
      while ((alias ?? name).value.startsWith(prefix)) prefix = `${prefix}_`;
    },
  });
  return prefix;
}
