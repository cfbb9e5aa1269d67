// Unit → schema.graphql, the lock that is committed and reviewed (manifest §13): object types and enums only, in the
// manifest's order, so that a diff of the lock is a diff of meaning. The hub adds everything else when it composes.
import { parse, print } from 'graphql';
import type { CodeList, Field, Label, Link, Unit, UnitType } from './model.ts';

const HEADER = '# Derived from unit.yaml by `hub connector build`. Do not edit.\n\n';

/** The derived schema of a unit, canonically printed. Types of other units stand in it by name only. */
export function toUnitSdl(unit: Unit): string {
  const lists = unit.codes.filter((list) => list.to === null);
  const text = [...unit.types.map(toTypeText), ...lists.map(toEnumText)].join('\n');
  return `${HEADER}${print(parse(text, { noLocation: true }))}\n`;
}

const BASIS = [
  'id: ID!',
  'source: Source!',
  'location: Point',
  'division: Division',
  'divisionBasis: DivisionBasis!',
];

function toTypeText(type: UnitType): string {
  const location = type.fields.find((field) => field.name === 'location' && !field.hidden);
  const basis = BASIS.map((line) =>
    line.startsWith('location') && location !== undefined ? `${toDocText(location)}\n${line}` : line,
  );
  const fields = type.fields.filter((field) => !field.hidden && field.name !== 'location');
  const reading =
    type.of === null || type.as === null
      ? ''
      : ` @reading(of: ${JSON.stringify(type.of)}, as: ${JSON.stringify(type.as)})`;
  const lines = [...basis, ...type.links.map(toLinkText), ...fields.map(toFieldText)];
  return `${toDocText(type)}\ntype ${type.name} implements Entity${reading} {\n${lines.join('\n')}\n}`;
}

function toLinkText(link: Link): string {
  const target = link.to ?? link.nearest;
  return target === null ? '' : `${toDocText({ ...link, description: null })}\n${link.name}: ${target.type}`;
}

function toFieldText(field: Field): string {
  const { graphql } = field;
  const type = graphql.list ? `[${graphql.name}!]` : graphql.name;
  return `${toDocText(field)}\n${field.name}: ${type}${toMeasureText(field)}`;
}

function toMeasureText({ measure, unit }: Field): string {
  if (measure === null) return '';
  const of = unit === null ? '' : `unit: ${JSON.stringify(unit)}, `;
  return ` @measure(${of}kind: ${measure.toUpperCase()})`;
}

function toEnumText(list: CodeList): string {
  const values = list.values.map(({ name, label }) =>
    label === null ? name : `${toDoc(label, null)}\n${name}`,
  );
  const other =
    list.other !== null && !list.values.some(({ name }) => name === list.other) ? [list.other] : [];
  const doc = list.label === null ? '' : `${toDoc(list.label, null)}\n`;
  return `${doc}enum ${list.name} {\n${[...values, ...other].join('\n')}\n}`;
}

function toDocText({
  label,
  description,
}: {
  readonly label: Label;
  readonly description: string | null;
}): string {
  return toDoc(label, description);
}

/** `"水位 · Stage. Above the datum."`, on one line; JSON's escapes are GraphQL's. */
function toDoc({ zh, en }: Label, description: string | null): string {
  const text = description === null ? `${zh} · ${en}` : `${zh} · ${en}. ${description}`;
  return JSON.stringify(text.replaceAll(/\s+/gu, ' ').trim());
}
