// The shape of a field (manifest §7): exactly one of nineteen converters, and the options that this converter takes.
import { z } from 'zod';
import type { ConverterName } from '../model.ts';
import { timeFormat } from './time-format.ts';
import {
  columnName,
  columns,
  iso,
  label,
  listName,
  literal,
  positive,
  raw,
  raws,
  text,
  valueName,
} from './words.ts';

const oneOrMore = z.union([columnName, columns], { error: 'must be a column or a list of columns' });
const decimalText = z.string().regex(/^-?\d+(\.\d+)?$/, 'must be a decimal number in quotes, such as "0.1"');
/** Of padded texts; no key or code is longer. */
const width = positive.max(200);
const range = z.tuple([z.number(), z.number()]).refine(([low, high]) => low <= high, 'must be [least, most]');
const durationRange = z.tuple([iso, iso]);
const pointOptions = {
  scale: decimalText.optional(),
  form: z.enum(['decimal', 'dms']).optional(),
  nullWhen: raws.optional(),
};
const point = z.union(
  [
    z.strictObject({ lon: columnName, lat: columnName, ...pointOptions }),
    z.strictObject({
      text: columnName,
      order: z.enum(['lonLat', 'latLon']),
      by: z.string().min(1).optional(),
      ...pointOptions,
    }),
    z.strictObject({ east: columnName, north: columnName, ...pointOptions }),
  ],
  { error: 'must be { lon, lat }, { text, order } or { east, north }' },
);

const CONVERTER_SHAPES = {
  text: oneOrMore,
  number: columnName,
  integer: columnName,
  decimal: columnName,
  flag: columnName,
  flags: z.record(z.string(), valueName),
  code: columnName,
  time: oneOrMore,
  date: columnName,
  monthDay: columnName,
  duration: columnName,
  point,
  shape: columnName,
  divisions: columnName,
  plate: columnName,
  phone: columnName,
  idNumber: columnName,
  concat: columns,
  const: literal,
} as const satisfies { readonly [Name in ConverterName]: z.ZodType };
export const CONVERTERS = Object.keys(CONVERTER_SHAPES) as readonly ConverterName[];

/** Options of every converter. */
const always = {
  description: text.optional(),
  class: z.enum(['public', 'internal', 'sensitive', 'personal']).optional(),
  mask: z.enum(['name', 'phone', 'idNumber', 'address', 'text', 'grid1km']).optional(),
  hidden: z.boolean().optional(),
};
/** How a raw value is read: options of every converter that a form states anew. */
const reading = {
  optional: z.boolean().optional(),
  onBad: z.enum(['null', 'setAside']).optional(),
  nullWhen: raws.optional(),
  emptyAs: raw.optional(),
};

const OPTIONS = {
  case: z.literal('upper'),
  pattern: text,
  many: z.boolean(),
  unit: z.union([text, z.strictObject({ by: text })], { error: 'must be a UCUM unit or { by: field }' }),
  measure: z.enum(['level', 'amount', 'rolling', 'angle', 'counter']),
  period: z.union([iso, z.strictObject({ field: text })], { error: 'must be a duration or { field: name }' }),
  range: z.union([range, durationRange], { error: 'must be [least, most]' }),
  quality: z.strictObject({ column: columnName, list: listName, emptyAs: raw.optional() }),
  places: z.int().min(0).max(20),
  list: listName,
  part: z.strictObject({ by: z.string().min(1), at: positive }),
  strip: z.string().min(1),
  pad: z.union([width, z.record(z.string(), width)], { error: 'must be a width or { column: width }' }),
  split: z.string().min(1),
  scale: decimalText,
  valueWhen: z.record(z.string(), z.number()),
  yes: raws.min(1),
  no: raws.min(1),
  when: raws.min(1),
  formats: z.array(timeFormat).min(1),
  future: iso,
  form: z.enum(['capPolygon', 'pairs']),
  draw: z.enum(['polygon', 'line']),
  by: z.enum(['code', 'name']),
  with: z.string(),
  suffix: z.string(),
} as const;
export type OptionName = keyof typeof OPTIONS;

/** What each converter takes: `meaning` is inherited by forms, `reading` is stated anew by each (manifest §6). */
export const CONVERTER_OPTIONS: {
  readonly [Name in ConverterName]: {
    readonly meaning: readonly OptionName[];
    readonly reading: readonly OptionName[];
  };
} = {
  text: { meaning: ['case', 'pattern', 'many'], reading: ['part', 'strip', 'pad', 'split'] },
  number: { meaning: ['unit', 'measure', 'period', 'range', 'quality'], reading: ['scale', 'valueWhen'] },
  integer: { meaning: ['unit', 'measure', 'range'], reading: ['valueWhen'] },
  decimal: { meaning: ['unit', 'places', 'range'], reading: [] },
  flag: { meaning: [], reading: ['yes', 'no'] },
  flags: { meaning: ['list'], reading: ['when'] },
  code: { meaning: ['list', 'many'], reading: ['part', 'strip', 'pad'] },
  time: { meaning: [], reading: ['formats', 'future', 'pad'] },
  date: { meaning: [], reading: ['formats'] },
  monthDay: { meaning: [], reading: ['formats'] },
  duration: { meaning: ['range'], reading: ['unit'] },
  point: { meaning: [], reading: [] },
  shape: { meaning: [], reading: ['form', 'draw'] },
  divisions: { meaning: [], reading: ['by'] },
  plate: { meaning: [], reading: ['part', 'strip'] },
  phone: { meaning: [], reading: ['part', 'strip'] },
  idNumber: { meaning: [], reading: [] },
  concat: { meaning: [], reading: ['with', 'suffix'] },
  const: { meaning: ['list'], reading: [] },
};

/** Options that one converter takes in a narrower form than others. */
const NARROWER: { readonly [Name in ConverterName]?: { readonly [Option in OptionName]?: z.ZodType } } = {
  number: { range },
  integer: { range, unit: text },
  decimal: { range, unit: text },
  duration: { range: durationRange, unit: z.enum(['s', 'min', 'h', 'd', 'HH.NN']) },
};

function toOptions(converter: ConverterName, names: readonly OptionName[]): { [name: string]: z.ZodType } {
  return Object.fromEntries(
    names.map((name) => [name, (NARROWER[converter]?.[name] ?? OPTIONS[name]).optional()]),
  );
}

/** A field of a type that is read by this converter. */
function toFieldSchema(converter: ConverterName): z.ZodObject {
  const { meaning, reading: own } = CONVERTER_OPTIONS[converter];
  return z.strictObject({
    ...label,
    ...always,
    ...reading,
    [converter]: CONVERTER_SHAPES[converter],
    ...toOptions(converter, meaning),
    ...toOptions(converter, own),
  });
}

/** A field of a type that its first form lacks (`absent: number`): its meaning alone. */
function toAbsentSchema(converter: ConverterName): z.ZodObject {
  return z.strictObject({
    ...label,
    ...always,
    onBad: reading.onBad,
    absent: z.literal(converter),
    ...toOptions(converter, CONVERTER_OPTIONS[converter].meaning),
  });
}

/** A form's own way of reading a field: converter, columns and reading options; the meaning is inherited. */
function toFormFieldSchema(converter: ConverterName): z.ZodObject {
  return z.strictObject({
    ...reading,
    [converter]: CONVERTER_SHAPES[converter],
    ...toOptions(converter, CONVERTER_OPTIONS[converter].reading),
  });
}

type Schemas = { readonly [Name in ConverterName]: z.ZodType<FieldWords> };
// The strict schemas are made by converter; what they let through is always a choice of FieldWords.
const toSchemas = (make: (converter: ConverterName) => z.ZodObject): Schemas =>
  Object.fromEntries(CONVERTERS.map((converter) => [converter, make(converter)])) as unknown as Schemas;

/** By converter: a field of a type, one that its first form lacks, and a form's own reading of it. */
export const FIELD_SCHEMAS = toSchemas(toFieldSchema);
export const ABSENT_SCHEMAS = toSchemas(toAbsentSchema);
export const FORM_FIELD_SCHEMAS = toSchemas(toFormFieldSchema);

// What lint and resolve read: all words of all converters, each optional.
const anyField = z
  .object({ zh: text, en: text, ...always, ...reading, ...CONVERTER_SHAPES, ...OPTIONS })
  .partial();
export type FieldWords = z.infer<typeof anyField>;
