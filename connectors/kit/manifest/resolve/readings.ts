// How one form reads one field once inheritance is resolved (manifest §6): its own entry replaces converter, columns
// and reading options; the meaning comes from the type. Read by lint/ and by resolve/.

import { HUB_CODE_LISTS } from '../../../../schema/lists/hub-lists.ts';
import type { Draft, FieldDraft, FormDraft, TypeDraft } from '../draft.ts';
import type { ConverterName, Field } from '../model.ts';
import type { Path } from '../path.ts';
import { CONVERTER_OPTIONS, type FieldWords } from '../shape/field.ts';

export type FormReading = FieldDraft & {
  readonly field: string;
  /** Where the entry stands: at the form, or at the type whose entry the form inherits whole. */
  readonly path: Path;
};

/** A form's reading of a field; `lacking` when the form does not give it, `unknown` when an entry is faulty. */
export function toFormReading(
  type: TypeDraft,
  form: FormDraft,
  field: string,
): FormReading | 'lacking' | 'unknown' {
  const own = form.fields.get(field);
  const declared = type.fields?.get(field);
  if (own === null || declared == null) return 'unknown';
  if (own === 'absent') return 'lacking';
  if (own !== undefined)
    return { ...own, words: toInherited(declared, own), field, path: [...form.path, 'fields', field] };
  if (declared.absent || (form.words.only !== undefined && !form.words.only.includes(field)))
    return 'lacking';
  return { ...declared, field, path: [...type.path, 'fields', field] };
}

/** All readings of a form, in the order of the type's fields. */
export function toFormReadings(type: TypeDraft, form: FormDraft): FormReading[] {
  return [...(type.fields?.keys() ?? [])].flatMap((field) => {
    const reading = toFormReading(type, form, field);
    return typeof reading === 'string' ? [] : [reading];
  });
}

function toInherited(declared: FieldDraft, own: FieldDraft): FieldWords {
  const { words } = declared;
  const inherited: { [key: string]: unknown } = { onBad: words.onBad };
  for (const option of CONVERTER_OPTIONS[own.converter].meaning) inherited[option] = words[option];
  // The unit of a duration says how the raw is read, but is called a unit: it holds until a form says otherwise.
  if (own.converter === 'duration' && declared.converter === 'duration') inherited.unit = words.unit;
  const given = Object.entries({ ...inherited, ...own.words }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

/** The columns that a field is read from, in order. */
export function toColumns({ converter, absent, words }: FieldDraft): string[] {
  if (absent || converter === 'const') return [];
  if (converter === 'point') return words.point === undefined ? [] : toPointColumns(words.point);
  if (converter === 'flags') return Object.keys(words.flags ?? {});
  const columns = words[converter];
  if (typeof columns === 'string') return [columns];
  return Array.isArray(columns) ? [...columns] : [];
}

function toPointColumns(point: NonNullable<FieldWords['point']>): string[] {
  if ('lon' in point) return [point.lon, point.lat];
  return 'text' in point ? [point.text] : [point.east, point.north];
}

const SCALARS: { readonly [Name in ConverterName]: string | null } = {
  text: 'String',
  number: 'Float',
  integer: 'Int',
  decimal: 'Decimal',
  flag: 'Boolean',
  flags: null,
  code: null,
  time: 'DateTime',
  date: 'Date',
  monthDay: 'MonthDay',
  duration: 'Duration',
  point: 'Point',
  shape: 'GeoJSON',
  divisions: 'Division',
  plate: 'String',
  phone: 'PhoneNumber',
  idNumber: 'IdNumber',
  concat: 'String',
  const: null,
};

/** The GraphQL type that a converter with its options yields (manifest §7); null when its code list is not known. */
export function toGraphqlType(field: FieldDraft, draft: Pick<Draft, 'codes'>): Field['graphql'] | null {
  const { converter, words } = field;
  const list =
    converter === 'flags' ||
    converter === 'divisions' ||
    words.many === true ||
    (converter === 'text' && words.split !== undefined);
  if (converter === 'integer') return { name: isLong(words) ? 'Long' : 'Int', list: false, isEnum: false };
  const scalar = SCALARS[converter];
  if (scalar !== null) return { name: scalar, list, isEnum: false };
  if (words.list !== undefined) {
    const name = toEnumName(words.list, draft);
    return name === null ? null : { name, list, isEnum: true };
  }
  return converter === 'const' ? toConstType(words.const) : null;
}

const INT_MAX = 2 ** 31 - 1;

/** Without a range a column is taken as 32-bit: the manifest alone cannot know better; the dry run can (M091). */
function isLong({ range }: FieldWords): boolean {
  return (
    range?.some((bound) => typeof bound === 'number' && (bound > INT_MAX || bound < -INT_MAX - 1)) ?? false
  );
}

/** The enum that a code list stands for: its own, or the hub list onto which it maps. */
export function toEnumName(list: string, { codes }: Pick<Draft, 'codes'>): string | null {
  const hub = HUB_CODE_LISTS.get(list);
  if (hub !== undefined) return hub.enumName;
  const own = codes.get(list);
  if (own?.words == null) return null;
  return own.words.to === undefined ? list : (HUB_CODE_LISTS.get(own.words.to)?.enumName ?? null);
}

function toConstType(value: FieldWords['const']): Field['graphql'] | null {
  if (typeof value === 'string') return { name: 'String', list: false, isEnum: false };
  if (typeof value === 'boolean') return { name: 'Boolean', list: false, isEnum: false };
  if (value === undefined) return null;
  return { name: Number.isInteger(value) ? 'Int' : 'Float', list: false, isEnum: false };
}
