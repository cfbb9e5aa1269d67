// What a lint rule is, and the walks that most rules share. A rule judges a Draft by itself, skips what is null (faulty
// elsewhere) and never throws.
import type { Draft, FormDraft, ObjectDraft, SourceDraft, TypeDraft } from '../draft.ts';
import type { Finding, Path } from '../path.ts';
import { type FormReading, toColumns, toFormReadings } from '../resolve/readings.ts';
import type { SyncWords, TypeWords } from '../shape/type.ts';

export type RuleOptions = { readonly folder: string };
export type Rule = (draft: Draft, options: RuleOptions) => readonly Finding[];

/** A type whose head has no fault. */
export type WholeType = TypeDraft & { readonly words: TypeWords };

export function toWholeTypes(draft: Draft): WholeType[] {
  return [...draft.types.values()].flatMap((type) =>
    type.words === null ? [] : [{ ...type, words: type.words }],
  );
}

/** A form with its type and, as far as they exist, its source and object. */
export type FormPlace = {
  readonly type: WholeType;
  readonly form: FormDraft;
  readonly source: SourceDraft | null;
  readonly object: ObjectDraft | null;
};

export function toForms(draft: Draft): FormPlace[] {
  return toWholeTypes(draft).flatMap((type) => formsOf(type, draft));
}

export function formsOf(type: WholeType, draft: Draft): FormPlace[] {
  return (type.forms ?? []).flatMap((form) => {
    if (form === null) return [];
    const source = draft.sources.get(form.words.source) ?? null;
    return [{ type, form, source, object: source?.objects.get(form.words.object) ?? null }];
  });
}

/** The sync of a form: its own, or the type's; null when neither says. */
export function toSync({ type, form }: FormPlace): { readonly sync: SyncWords; readonly path: Path } | null {
  if (form.words.sync !== undefined) return { sync: form.words.sync, path: [...form.path, 'sync'] };
  return type.words.sync === undefined ? null : { sync: type.words.sync, path: [...type.path, 'sync'] };
}

/**
 * Whether what no form reads is truly unread: a faulty form, or one that names what does not exist, may be the one that
 * was meant to read it.
 */
export function areFormsKnown(draft: Draft): boolean {
  const whole = [...draft.types.values()].every(
    (type) => type.words !== null && type.forms?.includes(null) === false,
  );
  return (
    whole &&
    toForms(draft).every(
      ({ source, object }) => source !== null && (source.kind === 'sql' || object !== null),
    )
  );
}

export type ReadingPlace = FormPlace & { readonly reading: FormReading };

/** Each distinct entry once: a form's own ones, and the type's with the first form that inherits them. */
export function toReadings(draft: Draft): ReadingPlace[] {
  const seen = new Set<string>();
  return toForms(draft).flatMap((place) =>
    toFormReadings(place.type, place.form).flatMap((reading) => {
      const key = JSON.stringify(reading.path);
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ ...place, reading }];
    }),
  );
}

export type ColumnUse = { readonly column: string; readonly path: Path };

/** Every column that a form uses, with where it is named. */
export function toColumnUses(place: FormPlace): ColumnUse[] {
  const { type, form } = place;
  const uses: ColumnUse[] = [];
  for (const reading of toFormReadings(type, form)) {
    const { converter, path, words } = reading;
    for (const column of toColumns(reading)) uses.push({ column, path: [...path, converter] });
    if (words.quality !== undefined)
      uses.push({ column: words.quality.column, path: [...path, 'quality', 'column'] });
  }
  for (const [index, condition] of (form.words.where ?? []).entries())
    uses.push({ column: condition.column, path: [...form.path, 'where', index, 'column'] });
  for (const [index, way] of type.words.division.entries()) {
    const path = [...type.path, 'division', index];
    if (way === 'none') continue;
    if ('code' in way) uses.push({ column: way.code, path: [...path, 'code'] });
    if ('name' in way) for (const column of way.name) uses.push({ column, path: [...path, 'name'] });
  }
  const { deletes } = type.words;
  if (deletes?.column !== undefined)
    uses.push({ column: deletes.column, path: [...type.path, 'deletes', 'column'] });
  const sync = toSync(place);
  if (sync?.sync.cursor !== undefined)
    uses.push({ column: sync.sync.cursor.column, path: [...sync.path, 'cursor', 'column'] });
  return uses;
}

/** One finding a path and id, however many forms lead to it. */
export function toDistinct(findings: readonly Finding[]): Finding[] {
  const seen = new Map(findings.map((finding) => [JSON.stringify([finding.id, finding.path]), finding]));
  return [...seen.values()];
}

/** Whether a type has this field or link, as far as that can be known. */
export function hasName(type: TypeDraft, name: string): boolean {
  return hasField(type, name) || hasLink(type, name);
}
export function hasField(type: TypeDraft, name: string): boolean {
  return type.fields === null || type.fields.has(name);
}
export function hasLink(type: TypeDraft, name: string): boolean {
  return type.links === null || type.links.has(name);
}
/** Names of a type's fields and links, for "did you mean". */
export function toNames(type: TypeDraft): string[] {
  return [...(type.fields?.keys() ?? []), ...(type.links?.keys() ?? [])];
}
