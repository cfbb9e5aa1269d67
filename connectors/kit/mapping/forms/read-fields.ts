// The fields that one form gives, read from one frame: values, and the faults of those that could not be read.
import type { Field, Form, Reading, UnitType } from '../../manifest/model.ts';
import { compileColumn, type Frame } from '../columns.ts';
import { toCode } from '../converters/code.ts';
import type { MappingTools } from '../converters/converter.ts';
import { CONVERTERS } from '../converters/table.ts';
import type { Fault, MappedValue } from '../outcome.ts';
import { toShownText } from '../raw-text.ts';
import { compileSingle, type FieldReader } from '../read-value.ts';
import { Remark } from '../remark.ts';

export type ReadFields = {
  readonly values: { readonly [field: string]: MappedValue };
  readonly faults: readonly Fault[];
  /** The fault of a field that may not be null for being bad: the row does not land. */
  readonly fatal: Fault | null;
};

type FieldPlan = {
  readonly field: string;
  readonly read: FieldReader;
  readonly setAside: boolean;
  /** Fields that come with this one (`observedAt`, `<field>Unit`), from its value or from another's. */
  readonly copies: readonly { readonly field: string; readonly of: (values: Values) => MappedValue }[];
  readonly toFault: (remark: Remark, frame: Frame) => Fault;
};
type Values = { [field: string]: MappedValue };

const NO_FAULTS: readonly Fault[] = [];

/** Compiles the readings of a form, with the fields that the hub derives from them. */
export function compileFields(
  type: UnitType,
  form: Form,
  tools: MappingTools,
): (frame: Frame, now: number) => ReadFields {
  const plans = form.readings.flatMap((reading) => toPlans(type, form, reading, tools));
  const copies = plans.flatMap((plan) => plan.copies);
  return (frame, now) => {
    const values: Values = {};
    let faults: Fault[] | null = null;
    for (const plan of plans) {
      const value = plan.read(frame, now);
      if (!(value instanceof Remark)) {
        values[plan.field] = value;
        continue;
      }
      const fault = plan.toFault(value, frame);
      if (value.value === undefined && plan.setAside) return { values, faults: NO_FAULTS, fatal: fault };
      values[plan.field] = value.value ?? null;
      if (faults === null) faults = [];
      faults.push(fault);
    }
    for (const copy of copies) values[copy.field] = copy.of(values);
    return { values, faults: faults ?? NO_FAULTS, fatal: null };
  };
}

/** The names of all fields that a form gives, derived ones included. */
export function toGivenFields(type: UnitType, form: Form): readonly string[] {
  const given = new Set(form.readings.map((reading) => reading.field));
  const derived = type.fields.filter((field) => field.derived !== null && given.has(field.derived.from));
  return [...given, ...derived.map((field) => field.name)];
}

function toPlans(type: UnitType, form: Form, reading: Reading, tools: MappingTools): readonly FieldPlan[] {
  const field = type.fields.find(({ name }) => name === reading.field);
  if (field === undefined || field.derived !== null) return [];
  const derived = type.fields.filter((other) => other.derived?.from === field.name);
  const plan: FieldPlan = {
    field: field.name,
    read: CONVERTERS[reading.converter](reading, field, tools),
    setAside: reading.onBad === 'setAside',
    copies: derived.flatMap((other) => toCopies(other, reading, form, tools)),
    toFault: compileFault(field, reading),
  };
  return [plan, ...derived.flatMap((other) => toQualityPlans(other, reading, tools))];
}

function toCopies(field: Field, reading: Reading, form: Form, tools: MappingTools): FieldPlan['copies'] {
  if (field.derived?.as === 'observedAt')
    return [{ field: field.name, of: (values) => values[reading.field] ?? null }];
  if (field.derived?.as !== 'unit') return [];
  const by = reading.options.unitBy;
  const list = form.readings.find((other) => other.field === by)?.options.list;
  if (by === undefined || list === undefined) return [{ field: field.name, of: () => null }];
  const codes = tools.codeList(list);
  const toUnit = (value: MappedValue | undefined): string | null =>
    typeof value === 'string' ? codes.unitOf(value) : null;
  return [{ field: field.name, of: (values) => toUnit(values[by]) }];
}

// The quality of a value stands in a column of its own and may be unknown while the value is good.
function toQualityPlans(field: Field, reading: Reading, tools: MappingTools): readonly FieldPlan[] {
  const { quality } = reading.options;
  if (field.derived?.as !== 'quality' || quality === undefined) return [];
  const list = tools.codeList(quality.list);
  const own: Reading = {
    ...reading,
    field: field.name,
    converter: 'code',
    columns: [quality.column],
    options: quality.emptyAs === undefined ? {} : { emptyAs: quality.emptyAs },
    onBad: 'null',
  };
  const read = compileSingle(own, (text) => toCode(list, text));
  return [{ field: field.name, read, setAside: false, copies: [], toFault: compileFault(field, own) }];
}

/** Faults of sensitive and personal fields never show what was read. */
function compileFault(field: Field, { columns }: Reading): (remark: Remark, frame: Frame) => Fault {
  const isShown = field.class !== 'sensitive' && field.class !== 'personal';
  const readers = columns.map((column) => ({ column, read: compileColumn(column) }));
  const named = columns.length === 0 ? null : columns.join(' ');
  return (remark, frame) => {
    const asked = readers.filter(({ column }) => remark.column === null || column === remark.column);
    const texts = isShown ? asked.flatMap(({ read }) => toShownText(read(frame)) ?? []) : [];
    return {
      code: remark.code,
      field: field.name,
      column: remark.column ?? named,
      raw: texts.length === 0 ? null : texts.join(' '),
      message: `${field.name} ${remark.message}`,
    };
  };
}
