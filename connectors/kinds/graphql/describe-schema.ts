// What a GraphQL service says of itself (introspection, October 2021 §4), as the columns of the manifest's objects and of the
// root fields that it does not name. Pure; asked by graphql-kind.ts.
import { isHubError } from '../../../schema/errors.ts';
import type { ColumnKind, ObjectShape, RawValue } from '../../kit/contract.ts';
import { toHint } from '../../kit/manifest/shape/suggest.ts';
import { isRecord, parsePath } from '../../kit/mapping/columns.ts';
import type { Contract, Described, Told, WebObject } from '../../kit/web/contract.ts';
import { toFault, toStatusFault, type WebPlace } from '../../kit/web/faults.ts';
import { type FieldTree, findFields, toColumns, toLeafPaths } from '../../kit/web/field-tree.ts';
import { findAt, isList } from '../../kit/web/paths.ts';
import { toTypeText } from './argument-types.ts';
import type { GraphqlRequest } from './words.ts';

const TYPE = 'kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }';
export const ASK_SCHEMA = `query { __schema { queryType { name } types { kind name fields { name args { name defaultValue type { ${TYPE} } } type { ${TYPE} } } } } }`;

type SchemaField = { readonly [name: string]: RawValue };
type Types = ReadonlyMap<string, SchemaField>;

/** HUB_SOURCE_CONTRACT where introspection is off or is none; HUB_SOURCE_SHAPE for what the manifest names and it does not have. */
export function toContract(
  told: Told,
  objects: ReadonlyMap<string, WebObject<GraphqlRequest>>,
  place: WebPlace,
): Contract {
  const schema = readSchema(told, place);
  const types: Types = new Map(
    (isRecord(schema) && isList(schema.types) ? schema.types : [])
      .filter(isRecord)
      .map((type) => [String(type.name), type]),
  );
  const roots = toFields(String(findAt(schema, 'queryType.name') ?? ''), types, () => true);
  const used = new Set([...objects.values()].map(({ request }) => request.root));
  return {
    objects: new Map([...objects].map(([name, object]) => [name, describeObject(object, roots)])),
    others: roots.filter(({ name }) => !used.has(name)).map(toOther),
  };
}

function readSchema(told: Told, place: WebPlace): RawValue {
  const status = toStatusFault(told.status, place);
  if (status !== null && isHubError(status, 'HUB_SOURCE_REFUSED', 'HUB_SOURCE_BUSY') && told.status !== 403)
    throw status;
  const schema = findSchema(told);
  if (schema !== undefined) return schema;
  if (status !== null && told.status >= 500) throw status;
  const why = 'it does not say what it has: introspection is switched off, or this is no GraphQL service';
  throw toFault(
    'HUB_SOURCE_CONTRACT',
    place,
    `${why}; have it switched on for the hub, or name the columns by hand`,
  );
}

function findSchema(told: Told): RawValue | undefined {
  try {
    const schema = findAt(told.read().tree.value, 'data.__schema');
    return isRecord(schema) ? schema : undefined;
  } catch {
    return undefined;
  }
}

function describeObject(
  { request, records, place }: WebObject<GraphqlRequest>,
  roots: readonly FieldTree[],
): Described {
  const root = roots.find(({ name }) => name === request.root);
  if (root === undefined) {
    const hint = toHint(
      request.root,
      roots.map(({ name }) => name),
    );
    throw toFault('HUB_SOURCE_SHAPE', place, `it has no root field ${request.root}${hint}`);
  }
  const fields = findFields(root.fields(), records === null ? [] : parsePath(records));
  if (fields === null)
    throw toFault(
      'HUB_SOURCE_SHAPE',
      place,
      `the type of ${request.root} (${root.native}) has nothing at ${records}`,
    );
  // An ID says who a record is only where it is the only one.
  const ids = fields.filter(({ native, nullable }) => native === 'ID' && !nullable);
  const key = ids.length === 1 ? ids.map(({ name }) => name) : [];
  return { columns: toColumns(fields), key, paths: toLeafPaths(fields) };
}

function toOther(root: FieldTree): ObjectShape {
  return { name: root.name, columns: toColumns(root.fields()), key: [], rows: null };
}

function toFields(
  name: string,
  types: Types,
  isAsked: (field: SchemaField) => boolean,
): readonly FieldTree[] {
  const fields = types.get(name)?.fields;
  if (!isList(fields)) return [];
  return fields
    .filter(isRecord)
    .filter(isAsked)
    .flatMap((field) => {
      const text = toTypeText(field.type);
      return text === null ? [] : [toField(String(field.name), text, types)];
    });
}

function toField(name: string, text: string, types: Types): FieldTree {
  const native = text.replace(/[[\]!]/g, '');
  return {
    name,
    kind: toKind(native, types.get(native)?.kind),
    native,
    nullable: !text.endsWith('!'),
    isList: text.startsWith('['),
    fields: () => toFields(native, types, isPlain),
  };
}

/** Whether a field can be asked for as it is: one that needs an argument cannot, nor one of several types. */
function isPlain({ args }: SchemaField): boolean {
  const needs = (arg: RawValue) =>
    isRecord(arg) && (arg.defaultValue ?? null) === null && toTypeText(arg.type)?.endsWith('!') === true;
  return !(isList(args) && args.some(needs));
}

const SCALARS: readonly (readonly [RegExp, ColumnKind])[] = [
  [/^(String|ID|URL|URI|Email\w*|Phone\w*|UUID)$/, 'text'],
  [/^(Int|Long|BigInt|Short|Byte|U?Int\d*|\w*Integer|Int\d+)$/i, 'integer'],
  [/^(Float|Double)$/i, 'float'],
  [/^(Big)?(Decimal|Money|Numeric)$/i, 'decimal'],
  [/^Bool(ean)?$/i, 'boolean'],
  [/^(Local|Naive)DateTime$/i, 'timestamp'],
  [/^(\w*DateTime\w*|Instant|Timestamp\w*)$/i, 'timestamptz'],
  [/^(Local)?Date$/i, 'date'],
  [/^(Local)?Time$/i, 'time'],
  [/^(JSON\w*|Object|Map|Any)$/i, 'json'],
];

/** Scalars of a service's own are known by the names that people give them. */
function toKind(native: string, kind: RawValue | undefined): ColumnKind {
  if (kind === 'ENUM') return 'text';
  if (kind !== 'SCALAR') return 'json';
  return SCALARS.find(([pattern]) => pattern.test(native))?.[1] ?? 'other';
}
