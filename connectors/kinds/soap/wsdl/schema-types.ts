// From the types of a WSDL (XML Schema 1.0) to fields. Types are found by their local name: prefixes are gone, and two
// namespaces of one service rarely say one name twice. Pure.
import type { ColumnKind, RawValue, SourceRecord } from '../../../kit/contract.ts';
import { isRecord } from '../../../kit/mapping/columns.ts';
import type { FieldTree } from '../../../kit/web/field-tree.ts';
import { findAt } from '../../../kit/web/paths.ts';
import { toElements } from './read-wsdl.ts';

export type SchemaTypes = {
  /** What an element of this name holds; none for a name that no schema has. */
  element(name: string): readonly FieldTree[];
  type(name: string): readonly FieldTree[];
};

type Named = ReadonlyMap<string, SourceRecord>;

export function toSchemaTypes(schemas: readonly SourceRecord[]): SchemaTypes {
  const named = (kind: string): Named =>
    new Map(
      schemas.flatMap((schema) =>
        toElements(schema[kind])
          .filter(isRecord)
          .map((one) => [String(one.$name ?? ''), one] as const),
      ),
    );
  const [elements, complex, simple] = [named('element'), named('complexType'), named('simpleType')];

  const toContent = (complexType: RawValue | undefined): readonly FieldTree[] => {
    if (!isRecord(complexType)) return [];
    const extension = findAt(complexType, 'complexContent.extension');
    const base = isRecord(extension) ? ofType(toLocal(extension.$base)) : [];
    return [...base, ...toParticles(isRecord(extension) ? extension : complexType)];
  };
  const toParticles = (group: SourceRecord): readonly FieldTree[] => [
    ...['sequence', 'all', 'choice'].flatMap((word) =>
      toElements(group[word])
        .filter(isRecord)
        .flatMap((inner) => [
          ...toElements(inner.element)
            .filter(isRecord)
            .map((one) => toField(one, word === 'choice')),
          ...toParticles(inner),
        ]),
    ),
    ...toElements(group.attribute)
      .filter(isRecord)
      .map((one) => toAttribute(one)),
  ];
  const ofType = (name: string): readonly FieldTree[] => toContent(complex.get(name));
  const ofElement = (element: SourceRecord | undefined): readonly FieldTree[] => {
    if (element === undefined) return [];
    return element.complexType === undefined
      ? ofType(toLocal(element.$type))
      : toContent(element.complexType);
  };
  const toSimple = (name: string, depth = 0): string => {
    const base = findAt(simple.get(name) ?? null, 'restriction.$base');
    return typeof base === 'string' && depth < 8 ? toSimple(toLocal(base), depth + 1) : name;
  };
  const toField = (given: SourceRecord, isChoice: boolean): FieldTree => {
    const element = given.$ref === undefined ? given : (elements.get(toLocal(given.$ref)) ?? given);
    const type = toLocal(element.$type ?? findAt(element, 'simpleType.restriction.$base'));
    const most = String(given.$maxOccurs ?? '1');
    const isOptional = isChoice || given.$minOccurs === '0' || element.$nillable === 'true';
    const isComplex = element.complexType !== undefined || complex.has(type);
    return {
      name: String(element.$name ?? toLocal(given.$ref)),
      kind: isComplex ? 'json' : toKind(toSimple(type)),
      native: type === '' ? `element ${String(element.$name)}` : type,
      nullable: isOptional,
      isList: most !== '0' && most !== '1',
      fields: () => ofElement(element),
    };
  };
  const toAttribute = (one: SourceRecord): FieldTree => ({
    name: `$${String(one.$name ?? '')}`,
    kind: toKind(toSimple(toLocal(one.$type))),
    native: toLocal(one.$type),
    nullable: one.$use !== 'required',
    isList: false,
    fields: () => [],
  });
  return { element: (name) => ofElement(elements.get(name)), type: ofType };
}

/** A qualified name without its prefix. */
export function toLocal(name: RawValue | undefined): string {
  const text = typeof name === 'string' ? name : '';
  return text.slice(text.indexOf(':') + 1);
}

const KINDS: ReadonlyMap<string, ColumnKind> = new Map([
  ...[
    'byte',
    'short',
    'int',
    'long',
    'integer',
    'unsignedByte',
    'unsignedShort',
    'unsignedInt',
    'unsignedLong',
  ].map((name) => [name, 'integer'] as const),
  ...['nonNegativeInteger', 'positiveInteger', 'nonPositiveInteger', 'negativeInteger'].map(
    (name) => [name, 'integer'] as const,
  ),
  ...[
    'string',
    'normalizedString',
    'token',
    'anyURI',
    'NMTOKEN',
    'ID',
    'language',
    'base64Binary',
    'hexBinary',
  ].map((name) => [name, 'text'] as const),
  ['decimal', 'decimal'],
  ['float', 'float'],
  ['double', 'float'],
  ['boolean', 'boolean'],
  // With or without a zone: the schema does not say.
  ['dateTime', 'timestamp'],
  ['date', 'date'],
  ['time', 'time'],
]);

function toKind(type: string): ColumnKind {
  return KINDS.get(type) ?? 'other';
}
