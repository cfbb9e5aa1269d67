// What shape/ hands to lint/ and resolve/: every piece of a manifest that could be judged by itself. A piece with a
// fault is null: it exists, but nothing may be concluded from it, so that one fault does not bring others with it.
import type { ConverterName, SourceKind } from './model.ts';
import type { Path } from './path.ts';
import type { CodeListWords, CodeValueWords } from './shape/codes.ts';
import type { FieldWords } from './shape/field.ts';
import type { ManifestWords, PolicyWords } from './shape/manifest.ts';
import type { ObjectWords, SourceWords } from './shape/source.ts';
import type { FormWords, LinkWords, TypeWords } from './shape/type.ts';

export type ObjectDraft = {
  readonly path: Path;
  readonly words: ObjectWords | null;
  readonly written: unknown;
};

export type SourceDraft = {
  readonly name: string;
  readonly path: Path;
  readonly kind: SourceKind | null;
  readonly words: SourceWords | null;
  /** The mapping as it stands in the file. */
  readonly written: { readonly [key: string]: unknown };
  readonly objects: ReadonlyMap<string, ObjectDraft>;
};

export type CodeListDraft = {
  readonly name: string;
  readonly path: Path;
  readonly words: CodeListWords | null;
  readonly values: ReadonlyMap<string, CodeValueWords | null>;
};

/** `absent`: the type declares the field's kind, but its own reading is none. */
export type FieldDraft = {
  readonly converter: ConverterName;
  readonly absent: boolean;
  readonly words: FieldWords;
};

export type FormDraft = {
  readonly index: number;
  readonly path: Path;
  readonly words: FormWords;
  /** null: faulty. */
  readonly fields: ReadonlyMap<string, FieldDraft | 'absent' | null>;
};

export type TypeDraft = {
  readonly name: string;
  readonly path: Path;
  readonly words: TypeWords | null;
  /** null: a form with a fault; the list is null when `from` is no list. */
  readonly forms: readonly (FormDraft | null)[] | null;
  /** null: `fields` is no mapping, so that nothing is known of the names. */
  readonly fields: ReadonlyMap<string, FieldDraft | null> | null;
  readonly links: ReadonlyMap<string, LinkWords | null> | null;
};

export type Draft = {
  readonly written: unknown;
  readonly head: ManifestWords | null;
  readonly policy: PolicyWords | null;
  readonly sources: ReadonlyMap<string, SourceDraft>;
  readonly codes: ReadonlyMap<string, CodeListDraft>;
  readonly types: ReadonlyMap<string, TypeDraft>;
};
