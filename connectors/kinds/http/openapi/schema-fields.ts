// From a JSON Schema as OpenAPI 3.0 and 3.1 write it to fields. References lead within the document; what is one of several
// shapes stays a value. Pure.
import type { ColumnKind, RawValue } from '../../../kit/contract.ts';
import { isRecord } from '../../../kit/mapping/columns.ts';
import type { FieldTree } from '../../../kit/web/field-tree.ts';
import { findText, isList } from '../../../kit/web/paths.ts';

const MOST_REFERENCES = 32;

/** The fields of what a schema describes, or of its elements. */
export function toSchemaFields(schema: RawValue, document: RawValue): readonly FieldTree[] {
  const whole = resolveReference(schema, document);
  if (!isRecord(whole)) return [];
  if (whole.items !== undefined) return toSchemaFields(whole.items, document);
  const required = new Set(isList(whole.required) ? whole.required : []);
  const own = isRecord(whole.properties) ? Object.entries(whole.properties) : [];
  const inherited = isList(whole.allOf) ? whole.allOf.flatMap((part) => toSchemaFields(part, document)) : [];
  const fields = own.map(([name, part]) => toField(name, part, required.has(name), document));
  return [...inherited.filter(({ name }) => !fields.some((field) => field.name === name)), ...fields];
}

/** What a `$ref` of this document leads to; null for one that leads nowhere, or in a circle. */
export function resolveReference(value: RawValue, document: RawValue): RawValue {
  let here = value;
  for (let steps = 0; isRecord(here) && typeof here.$ref === 'string'; steps++) {
    if (steps >= MOST_REFERENCES) return null;
    here = findPointer(here.$ref, document);
  }
  return here;
}

/** RFC 6901, as a fragment. */
function findPointer(reference: string, document: RawValue): RawValue {
  let here: RawValue = document;
  for (const part of reference.slice(2).split('/')) {
    const name = toText(part).replaceAll('~1', '/').replaceAll('~0', '~');
    const next = isRecord(here) && Object.hasOwn(here, name) ? here[name] : null;
    here = next ?? null;
  }
  return here;
}

function toText(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function toField(name: string, schema: RawValue, isRequired: boolean, document: RawValue): FieldTree {
  const own = resolveReference(schema, document);
  const isArray = isRecord(own) && own.items !== undefined;
  const given = isArray ? (own.items ?? null) : schema;
  const one = resolveReference(given, document);
  const { type, format } = toType(one);
  const reference = isRecord(given) ? findText(given, '$ref') : null;
  const plain = format === '' ? type : `${type} (${format})`;
  return {
    name,
    kind: toKind(type, format),
    // A type is known by its name, so that one within itself is seen to be.
    native: reference === null ? plain : reference.slice(reference.lastIndexOf('/') + 1),
    nullable: !isRequired || toTypes(own).includes('null') || findText(own, 'nullable') === 'true',
    isList: isArray,
    fields: () => toSchemaFields(one, document),
  };
}

/** 3.0 has one type, 3.1 may have a list of them; `null` among them is no type of its own. */
function toTypes(schema: RawValue): readonly string[] {
  const type = isRecord(schema) ? schema.type : null;
  return (isList(type) ? type : [type]).filter((one) => typeof one === 'string');
}

function toType(schema: RawValue): { readonly type: string; readonly format: string } {
  const types = toTypes(schema).filter((type) => type !== 'null');
  const [only = isRecord(schema) && (schema.properties ?? schema.allOf) !== undefined ? 'object' : 'any'] =
    types;
  return { type: types.length > 1 ? 'any' : only, format: findText(schema, 'format') ?? '' };
}

function toKind(type: string, format: string): ColumnKind {
  switch (type) {
    case 'integer':
      return 'integer';
    case 'number':
      return format === 'decimal' ? 'decimal' : 'float';
    case 'boolean':
      return 'boolean';
    case 'string':
      return TEXTS.get(format) ?? 'text';
    case 'object':
    case 'array':
      return 'json';
    default:
      return 'other';
  }
}

const TEXTS: ReadonlyMap<string, ColumnKind> = new Map([
  ['date-time', 'timestamptz'],
  ['date', 'date'],
  ['time', 'time'],
  ['decimal', 'decimal'],
  ['int64', 'integer'],
]);
