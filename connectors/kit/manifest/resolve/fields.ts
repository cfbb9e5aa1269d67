// A type's fields → what the graph shows and the store keeps (manifest §7), with those that the hub adds. Called by type.ts.
import type { DataClass } from '../../../../schema/provenance.ts';
import type { Draft, FieldDraft, TypeDraft } from '../draft.ts';
import type { Field } from '../model.ts';
import { toGraphqlType } from './readings.ts';

/** In manifest order; `<field>Quality`, `<field>Unit` and `observedAt` stand behind the field that they come with. */
export function toFields(type: TypeDraft, draft: Draft, inherited: DataClass): Field[] | null {
  const fields: Field[] = [];
  for (const [name, own] of type.fields ?? []) {
    if (own === null) return null;
    const field = toField(name, own, draft, inherited);
    if (field === null) return null;
    fields.push(field, ...toDerived(field, own, type));
  }
  return fields;
}

function toField(name: string, own: FieldDraft, draft: Draft, inherited: DataClass): Field | null {
  const { converter, words } = own;
  const graphql = toGraphqlType(own, draft);
  if (graphql === null || words.zh === undefined || words.en === undefined) return null;
  const measured = converter === 'number' || converter === 'integer';
  return {
    name,
    label: { zh: words.zh, en: words.en },
    description: words.description ?? null,
    converter,
    graphql,
    hidden: words.hidden ?? false,
    class: words.class ?? inherited,
    mask: words.mask ?? null,
    // The unit of a duration says how the raw is read; the field itself is an ISO duration.
    unit: typeof words.unit === 'string' && converter !== 'duration' ? words.unit : null,
    unitBy: typeof words.unit === 'object' ? words.unit.by : null,
    measure: measured ? (words.measure ?? 'level') : null,
    period: toPeriod(words.period),
    derived: null,
  };
}

function toPeriod(period: FieldDraft['words']['period']): Field['period'] {
  if (period === undefined) return null;
  return typeof period === 'string' ? { const: period } : { field: period.field };
}

function toDerived(field: Field, { words }: FieldDraft, type: TypeDraft): Field[] {
  const derived: Field[] = [];
  const plain = { ...field, description: null, unit: null, unitBy: null, measure: null, period: null };
  // A personal field's companions would tell what it hides: nothing of them is shown either.
  const mask: Field['mask'] = field.mask === null ? null : 'text';
  if (words.quality !== undefined)
    derived.push({
      ...plain,
      name: `${field.name}Quality`,
      label: { zh: `${field.label.zh}质量`, en: `Quality of ${field.label.en}` },
      graphql: { name: 'DataQuality', list: false, isEnum: true },
      converter: 'code',
      mask,
      derived: { from: field.name, as: 'quality' },
    });
  if (field.unitBy !== null)
    derived.push({
      ...plain,
      name: `${field.name}Unit`,
      label: { zh: `${field.label.zh}单位`, en: `Unit of ${field.label.en}` },
      graphql: { name: 'String', list: false, isEnum: false },
      converter: 'text',
      mask,
      derived: { from: field.name, as: 'unit' },
    });
  // Every reading and event answers to observedAt, whatever its own word for it is.
  if (type.words?.time === field.name && type.words.role !== 'thing' && field.name !== 'observedAt')
    derived.push({
      ...plain,
      name: 'observedAt',
      hidden: false,
      mask,
      derived: { from: field.name, as: 'observedAt' },
    });
  return derived;
}
