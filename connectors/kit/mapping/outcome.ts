// The border between mapping and store: what becomes of a record. Every record ends, for every type that its object
// feeds, in exactly one of these outcomes; nothing else exists (manifest.md, first page).
import type { ErrorCode } from '../../../schema/errors.ts';
import type { DivisionBasis } from '../../../schema/provenance.ts';
import type { SourceRecord } from '../contract.ts';

export type MapFaultCode = Extract<ErrorCode, `HUB_MAP_${string}`>;

/** A mapped value: text · number · boolean · UTC instant or date text · ISO duration · point (WGS84) · GeoJSON · list. */
export type MappedValue =
  | string
  | number
  | boolean
  | null
  | { readonly lon: number; readonly lat: number }
  | { readonly type: string; readonly coordinates: unknown }
  | readonly string[];

/** A field that could not be read, or was noted while being read. `raw` is null where the field is sensitive or personal. */
export type Fault = {
  readonly code: MapFaultCode;
  readonly field: string | null;
  readonly column: string | null;
  readonly raw: string | null;
  readonly message: string;
};

export type MappedLink = {
  readonly link: string;
  /** The target's key when it could be made from the record alone; null when empty or when `lookup` must find it. */
  readonly key: string | null;
  /** Target's fields and values to be found in the store (`on` over a `unique`). */
  readonly lookup: { readonly fields: readonly string[]; readonly values: readonly string[] } | null;
};

export type MappedRow = {
  readonly type: string;
  /** Index of the form that took the record: its precedence. */
  readonly form: number;
  readonly source: string;
  /** Normalised key (schema/identity.ts); null only while a part of it waits for a `lookup`. */
  readonly key: string | null;
  /** By field name; every field that the form gives, hidden and derived ones included. */
  readonly values: { readonly [field: string]: MappedValue };
  readonly links: readonly MappedLink[];
  /** UTC instant of `time`; null for things. */
  readonly observedAt: string | null;
  /** `code` is null for PARENT (read from the linked row at question time) and NONE. */
  readonly division: { readonly code: string | null; readonly basis: DivisionBasis };
  /** The source marked it as deleted (`deletes: column`). */
  readonly deleted: boolean;
  /** The native key's columns as they stood in the record. */
  readonly native: { readonly [column: string]: string | null };
  /** Landed all the same: null fields with their faults, and notes such as a division conflict. */
  readonly faults: readonly Fault[];
  /** SHA-256 (hex) over values, links, division, deleted and faults in a canonical order: equal content, equal hash. */
  readonly hash: string;
};

export type Outcome =
  | { readonly kind: 'row'; readonly row: MappedRow }
  | { readonly kind: 'setAside'; readonly type: string | null; readonly fault: Fault }
  | { readonly kind: 'notOurs'; readonly type: string };

/** What the mapping may know beside the record. */
export type MappingContext = {
  /** Wall clock of the hub, milliseconds since 1970, UTC. */
  readonly now: number;
  readonly receivedAt: string;
  /** `@file`, `@topic`, `@peer`, `@row` and file-name captures, as far as they exist. */
  readonly meta?: SourceRecord;
};

/** The compiled mapping of one object of one source: all the types that it feeds. Pure; made once a manifest. */
export type ObjectMapping = {
  readonly source: string;
  readonly object: string;
  /** Columns to ask of the object itself and of each `extend` table (with the columns that join it). */
  readonly columns: readonly string[];
  /** Columns read of the elements of a list, by the list's column (`each`); absent where no form takes a list apart. */
  readonly items?: Readonly<Record<string, readonly string[]>>;
  readonly extends: readonly {
    readonly object: string;
    readonly as: string;
    readonly on: readonly { readonly its: string; readonly own: string }[];
    readonly columns: readonly string[];
  }[];
  /** Columns that may be missing from the object (`optional: true` everywhere they are used). */
  readonly optional: readonly string[];
  /** Columns that the record's forms need and it does not have at all: asked once for a table that states its columns. */
  lacks(record: SourceRecord): readonly string[];
  /** The outcomes of one record: one or more a type that this object feeds (each/fan/unpivot may give many). */
  map(record: SourceRecord, context: MappingContext): readonly Outcome[];
};
