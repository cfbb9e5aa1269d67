// The batch lookups of a subschema: the fields through which stitching fetches the rows of one unit by their keys.
// Their answers are shared by many places of the operation, so their faults are placed key by key.
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isObjectType,
  Kind,
} from 'graphql';

const MERGE_DIRECTIVE = 'merge';

export type Lookup = {
  readonly field: GraphQLField<unknown, unknown>;
  /** The type whose rows it answers, one a key. */
  readonly type: GraphQLObjectType;
  /** The field of that type that the key is (`code`, `id`). */
  readonly keyField: string;
  /** The list argument that takes the keys: the field's first. */
  readonly keysArg: string;
};

/** Every `@merge(keyField: …)` list field of a subschema's Query, by field name. */
export function toLookups(schema: GraphQLSchema): ReadonlyMap<string, Lookup> {
  const lookups = new Map<string, Lookup>();
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    const keyField = toKeyField(field);
    const type = getNamedType(field.type);
    const keysArg = field.args[0]?.name;
    if (keyField !== null && keysArg !== undefined && isObjectType(type))
      lookups.set(field.name, { field, type, keyField, keysArg });
  }
  return lookups;
}

/** The keys that a delegated lookup asks for, in order; null when they are no list. */
export function toKeys(
  lookup: Lookup,
  node: FieldNode,
  variables: Readonly<Record<string, unknown>>,
): readonly unknown[] | null {
  const keys = getArgumentValues(lookup.field, node, variables)[lookup.keysArg];
  return Array.isArray(keys) ? keys : null;
}

function toKeyField(field: GraphQLField<unknown, unknown>): string | null {
  const directive = field.astNode?.directives?.find((node) => node.name.value === MERGE_DIRECTIVE);
  const value = directive?.arguments?.find((node) => node.name.value === 'keyField')?.value;
  return value?.kind === Kind.STRING ? value.value : null;
}
