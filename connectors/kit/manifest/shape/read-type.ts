// A type's mapping → TypeDraft: head, then forms, fields and links one by one. Called by read-draft.ts.
import { z } from 'zod';
import type { FieldDraft, FormDraft, TypeDraft } from '../draft.ts';
import type { ConverterName } from '../model.ts';
import { atKey, atValue, type Finding, type Path } from '../path.ts';
import { ABSENT_SCHEMAS, CONVERTERS, FIELD_SCHEMAS, FORM_FIELD_SCHEMAS } from './field.ts';
import { isMapping, type Judge, readEach } from './pieces.ts';
import { toHint } from './suggest.ts';
import { formHead, link, typeHead } from './type.ts';
import { fieldName } from './words.ts';

type Refuse = (finding: Finding) => void;

export function readType(name: string, piece: unknown, path: Path, take: Judge, refuse: Refuse): TypeDraft {
  const words = take(typeHead, piece, path);
  const written = isMapping(piece) ? piece : {};
  const forms = Array.isArray(written.from)
    ? written.from.map((form: unknown, index) =>
        readForm(form, index, [...path, 'from', index], take, refuse),
      )
    : null;
  const fields = isMapping(written.fields)
    ? readEach(written.fields, [...path, 'fields'], fieldName, take, (_name, field, here) =>
        readField(field, here, take, refuse),
      )
    : null;
  const links =
    written.links === undefined || isMapping(written.links)
      ? readEach(written.links, [...path, 'links'], fieldName, take, (_name, one, here) =>
          take(link, one, here),
        )
      : null;
  return { name, path, words, forms, fields, links };
}

function readForm(piece: unknown, index: number, path: Path, take: Judge, refuse: Refuse): FormDraft | null {
  const words = take(formHead, piece, path);
  const written = isMapping(piece) ? piece.fields : undefined;
  const fields = readEach(written, [...path, 'fields'], z.string(), take, (_name, field, here) =>
    field === 'absent' ? 'absent' : readFormField(field, here, take, refuse),
  );
  return words === null ? null : { index, path, words, fields };
}

function readFormField(field: unknown, path: Path, take: Judge, refuse: Refuse): FieldDraft | null {
  const converter = toConverter(field, path, refuse, ' or be the word absent');
  if (converter === null) return null;
  const words = take(FORM_FIELD_SCHEMAS[converter], field, path);
  return words === null ? null : { converter, absent: false, words };
}

function readField(field: unknown, path: Path, take: Judge, refuse: Refuse): FieldDraft | null {
  if (isMapping(field) && field.absent !== undefined && toConverters(field).length === 0) {
    const converter = CONVERTERS.find((one) => one === field.absent);
    if (converter === undefined) {
      const hint = toHint(String(field.absent), CONVERTERS);
      refuse(atValue('M001', [...path, 'absent'], `must name a converter${hint}`));
      return null;
    }
    const words = take(ABSENT_SCHEMAS[converter], field, path);
    return words === null ? null : { converter, absent: true, words };
  }
  const converter = toConverter(field, path, refuse, '');
  if (converter === null) return null;
  const words = take(FIELD_SCHEMAS[converter], field, path);
  return words === null ? null : { converter, absent: false, words };
}

function toConverters(field: { readonly [key: string]: unknown }): readonly ConverterName[] {
  return CONVERTERS.filter((one) => Object.hasOwn(field, one));
}

/** The one converter that a field names. */
function toConverter(field: unknown, path: Path, refuse: Refuse, orElse: string): ConverterName | null {
  if (!isMapping(field)) {
    refuse(atValue('M001', path, `must be a mapping that names a converter${orElse}`));
    return null;
  }
  const named = toConverters(field);
  const [first, second] = named;
  if (first !== undefined && second !== undefined) {
    refuse(
      atKey('M001', [...path, second], `a field has one converter, but this names ${named.join(' and ')}`),
    );
    return null;
  }
  if (first !== undefined) return first;
  const near = Object.keys(field)
    .filter((key) => !KNOWN_WORDS.has(key))
    .map((key) => toHint(key, CONVERTERS))
    .find((hint) => hint !== '');
  refuse(atKey('M001', path, `names no converter${orElse}${near ?? `; one of ${CONVERTERS.join(', ')}`}`));
  return null;
}

const KNOWN_WORDS: ReadonlySet<string> = new Set([
  'zh',
  'en',
  'unit',
  'range',
  'list',
  'class',
  'mask',
  'hidden',
]);
