// What must be equal in all subschemas before they are stitched. Stitching would merge two definitions of one name by
// union, with a warning at most; here each difference is a fault that names both units and what differs.
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  print,
  visit,
} from 'graphql';
import { toLookups } from './lookups.ts';

export type NamedSchema = { readonly name: string; readonly schema: GraphQLSchema };

/** Types that several units extend by design, beside those that have a batch lookup. */
const ALWAYS_MERGED = ['Division', 'Unit'];

/**
 * Every conflict between the subschemas, one sentence each; empty when they fit. Merged types and interfaces may have
 * other fields in each unit, but a field that two give must be the same; a root field may be given once only;
 * everything else must be the same in all.
 */
export function toConflicts(subschemas: readonly NamedSchema[]): string[] {
  const merged = new Set(ALWAYS_MERGED);
  for (const { schema } of subschemas)
    for (const { type } of toLookups(schema).values()) merged.add(type.name);

  const first = new Map<string, { readonly unit: string; readonly type: GraphQLNamedType }>();
  const conflicts: string[] = [];
  for (const { name: unit, schema } of subschemas) {
    const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || (isScalarType(type) && isSpecifiedScalarType(type))) continue;
      const other = first.get(type.name);
      if (other === undefined) {
        first.set(type.name, { unit, type });
        continue;
      }
      const rule = [...roots].some((root) => root === type)
        ? 'disjoint'
        : merged.has(type.name) || isInterfaceType(type)
          ? 'overlapping'
          : 'equal';
      const difference = toDifference(other.type, type, rule, { other: other.unit, own: unit });
      if (difference !== null) conflicts.push(difference);
    }
  }
  return [...conflicts, ...toDirectiveConflicts(subschemas)];
}

type Rule = 'equal' | 'overlapping' | 'disjoint';
type Units = { readonly other: string; readonly own: string };

function toDifference(
  other: GraphQLNamedType,
  own: GraphQLNamedType,
  rule: Rule,
  units: Units,
): string | null {
  const [otherKind, ownKind] = [toKindName(other), toKindName(own)];
  if (otherKind !== ownKind)
    return `${own.name} is ${otherKind} in ${units.other} and ${ownKind} in ${units.own}.`;
  const [left, right] = [toMembers(other), toMembers(own)];
  const shared = [...left.keys()].filter((name) => right.has(name));
  if (rule === 'disjoint')
    return shared.length === 0
      ? null
      : `${own.name} has ${shared.join(', ')} in both ${units.other} and ${units.own}: a root field belongs to one unit.`;

  const faults = shared
    .filter((name) => left.get(name) !== right.get(name))
    .map((name) => `"${left.get(name)}" in ${units.other}, "${right.get(name)}" in ${units.own}`);
  if (rule === 'equal') {
    const onlyLeft = [...left.keys()].filter((name) => !right.has(name));
    const onlyRight = [...right.keys()].filter((name) => !left.has(name));
    if (onlyLeft.length > 0) faults.push(`${onlyLeft.join(', ')} only in ${units.other}`);
    if (onlyRight.length > 0) faults.push(`${onlyRight.join(', ')} only in ${units.own}`);
  }
  return faults.length === 0 ? null : `${ownKind} ${own.name} differs: ${faults.join('; ')}.`;
}

/** Members by name, as SDL without descriptions: fields, input fields, enum values, union members. */
function toMembers(type: GraphQLNamedType): Map<string, string> {
  if (isUnionType(type)) return new Map(type.getTypes().map((member) => [member.name, member.name]));
  if (isEnumType(type)) return toPrinted(type.getValues());
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
    return toPrinted(Object.values(type.getFields()));
  return new Map();
}

type Member = { readonly name: string; readonly astNode?: Parameters<typeof print>[0] | null | undefined };

function toPrinted(members: readonly Member[]): Map<string, string> {
  return new Map(members.map(({ name, astNode }) => [name, astNode ? toPlainText(astNode) : name]));
}

function toPlainText(node: Parameters<typeof print>[0]): string {
  const plain = visit(node, {
    enter: (child) =>
      'description' in child && child.description !== undefined
        ? { ...child, description: undefined }
        : undefined,
  });
  return print(plain).replace(/\s+/g, ' ');
}

function toKindName(type: GraphQLNamedType): string {
  if (isInputObjectType(type)) return 'input';
  if (isObjectType(type)) return 'type';
  if (isInterfaceType(type)) return 'interface';
  if (isEnumType(type)) return 'enum';
  return isUnionType(type) ? 'union' : 'scalar';
}

function toDirectiveConflicts(subschemas: readonly NamedSchema[]): string[] {
  const first = new Map<string, { readonly unit: string; readonly text: string }>();
  const conflicts: string[] = [];
  for (const { name: unit, schema } of subschemas)
    for (const directive of schema.getDirectives()) {
      const text = directive.astNode ? toPlainText(directive.astNode) : null;
      if (text === null) continue;
      const other = first.get(directive.name);
      if (other === undefined) first.set(directive.name, { unit, text });
      else if (other.text !== text)
        conflicts.push(
          `directive @${directive.name} differs: "${other.text}" in ${other.unit}, "${text}" in ${unit}.`,
        );
    }
  return conflicts;
}
