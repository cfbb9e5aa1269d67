// A parsed manifest: what all other folders read. Everything optional is filled in, every form carries a complete
// reading for each field it gives, and every name in it is known to exist. Plain JSON: it can cross to a worker thread.
import type { DataClass, Role } from '../../../schema/provenance.ts';
import type { Condition, Literal } from '../contract.ts';

export type Label = { readonly zh: string; readonly en: string };
/** The name of a secret in the environment or vault; never its value. */
export type Secret = { readonly secret: string };
/** ISO 8601 text without months, already checked (`PT5M`). */
export type Iso = string;

export type Unit = {
  readonly unit: string;
  readonly name: Label;
  readonly owner: { readonly contact: string; readonly phone: Secret };
  readonly zone: string;
  readonly sources: readonly SourceSpec[];
  readonly codes: readonly CodeList[];
  readonly types: readonly UnitType[];
  readonly policy: {
    readonly default: DataClass;
    readonly minGroup: number;
    readonly purposes: readonly string[];
  };
  /** SHA-256 of the manifest's text, hex: the version that rows and set-aside records carry. */
  readonly manifest: string;
};

export type SourceKind = 'sql' | 'http' | 'soap' | 'graphql' | 'file' | 'mqtt' | 'socket';
export type Crs = 'WGS84' | 'CGCS2000' | 'GCJ02' | 'BD09' | 'EPSG:4546';
export type Limits = {
  readonly inFlight: number;
  readonly timeout: Iso;
  readonly rate: { readonly calls: number; readonly per: Iso } | null;
  readonly rows: number;
  readonly fileBytes: number;
  readonly connections: number;
  readonly frameBytes: number;
};

export type SourceSpec = {
  readonly name: string;
  readonly kind: SourceKind;
  /** null for sockets, which have `listen` or `connect` among their `settings`. */
  readonly url: Secret | null;
  readonly zone: string;
  readonly crs: Crs | null;
  readonly columnCase: 'exact' | 'ignore';
  readonly limits: Limits;
  /** The kind's own keys, checked by the strict parser (auth, codec, encoding, repair, success, ack, assemble, stable, session, listen, …), as written. */
  readonly settings: { readonly [key: string]: unknown };
  /** Empty for sql, whose forms name tables directly. */
  readonly objects: readonly {
    readonly name: string;
    readonly settings: { readonly [key: string]: unknown };
  }[];
};

export type CodeList = {
  /** The GraphQL enum's name. */
  readonly name: string;
  readonly label: Label | null;
  readonly ignoreCase: boolean;
  /** A hub list (`hub.DataQuality`) onto which raw codes are mapped; then no enum of its own is made. */
  readonly to: string | null;
  readonly values: readonly CodeValue[];
  /** The value that unknown codes land as (counted); null: an unknown code is a fault. */
  readonly other: string | null;
};
export type CodeValue = {
  readonly name: string;
  readonly label: Label | null;
  readonly from: readonly string[];
  readonly band: readonly [number, number] | null;
  readonly unit: string | null;
};

export type UnitType = {
  readonly name: string;
  readonly label: Label;
  readonly description: string | null;
  readonly role: Role;
  /** In order of precedence. */
  readonly forms: readonly Form[];
  /** Names of fields or links. */
  readonly key: readonly string[];
  readonly unique: readonly (readonly string[])[];
  readonly merge: 'row' | 'fields';
  readonly time: string | null;
  readonly valid: { readonly from: string; readonly to: string; readonly yearly: boolean } | null;
  /** Readings: the link to the thing and the name under which it reads there. */
  readonly of: string | null;
  readonly as: string | null;
  readonly deletes: Deletes;
  readonly quiet: {
    readonly feed: Iso | null;
    readonly thing: Iso | null;
    readonly heartbeat: string | null;
  } | null;
  readonly promise: Iso;
  readonly backfill: Iso;
  /** null: for ever. */
  readonly keep: Iso | null;
  readonly history: Iso;
  readonly retains: Iso | null;
  readonly read: 'store' | 'live';
  /** In order; empty = none. */
  readonly division: readonly DivisionWay[];
  readonly class: DataClass;
  /** In manifest order; hidden and derived ones included. */
  readonly fields: readonly Field[];
  readonly links: readonly Link[];
};

export type Deletes = {
  readonly absence: boolean;
  readonly column: string | null;
  readonly when: readonly string[];
  readonly maxPercent: number;
};

export type DivisionWay =
  | { readonly by: 'code'; readonly column: string; readonly digits: number | null }
  | { readonly by: 'name'; readonly columns: readonly string[] }
  | { readonly by: 'point' | 'shape'; readonly field: string }
  | { readonly by: 'link'; readonly link: string };

export type Measure = 'level' | 'amount' | 'rolling' | 'angle' | 'counter';
export type Mask = 'name' | 'phone' | 'idNumber' | 'address' | 'text' | 'grid1km';
export type ConverterName =
  | 'text'
  | 'number'
  | 'integer'
  | 'decimal'
  | 'flag'
  | 'flags'
  | 'code'
  | 'time'
  | 'date'
  | 'monthDay'
  | 'duration'
  | 'point'
  | 'shape'
  | 'divisions'
  | 'plate'
  | 'phone'
  | 'idNumber'
  | 'concat'
  | 'const';

/** The meaning of a field: what the graph shows and the store keeps. How it is read from a record is the form's `Reading`. */
export type Field = {
  readonly name: string;
  readonly label: Label;
  readonly description: string | null;
  readonly converter: ConverterName;
  /** `name` is a GraphQL output type: a scalar, `Point`, `Division`, or an enum's name. */
  readonly graphql: { readonly name: string; readonly list: boolean; readonly isEnum: boolean };
  readonly hidden: boolean;
  readonly class: DataClass;
  readonly mask: Mask | null;
  /** UCUM text; null where none or where `unitBy` names the field whose code decides. */
  readonly unit: string | null;
  readonly unitBy: string | null;
  readonly measure: Measure | null;
  /** ISO duration or the field that holds it; only for amount and rolling. */
  readonly period: { readonly const: Iso } | { readonly field: string } | null;
  /** Added by the hub: `<field>Quality`, `<field>Unit`, `observedAt`; names the field it comes with. */
  readonly derived: { readonly from: string; readonly as: 'quality' | 'unit' | 'observedAt' } | null;
};

export type Link = {
  readonly name: string;
  readonly label: Label;
  readonly to: { readonly unit: string; readonly type: string } | null;
  /** Alternatives: own field → target's field, in the order of the target's key or unique. The first whose fields are all non-null counts. */
  readonly on: readonly LinkOn[];
  readonly inverse: string | null;
  readonly one: boolean;
  readonly current: string | null;
  readonly onMissing: 'keep' | 'wait' | 'setAside';
  readonly nearest: { readonly unit: string; readonly type: string; readonly maxMetres: number } | null;
};
export type LinkOn = {
  readonly pairs: readonly { readonly own: string; readonly target: string }[];
  /** `key`: the target's key can be made from these fields alone. `unique`: it must be looked up in the store. */
  readonly over: 'key' | 'unique';
};

export type Sync = {
  readonly strategy: 'snapshot' | 'window' | 'cursor' | 'push';
  /** null for push and file. */
  readonly every: Iso | null;
  readonly overlap: Iso;
  readonly late: Iso;
  readonly cursor: { readonly column: string; readonly format: string | null } | null;
  readonly scope: readonly string[];
};

export type Form = {
  /** Position among the type's forms: its precedence. */
  readonly index: number;
  readonly source: string;
  readonly object: string;
  readonly shape: { readonly has: readonly string[] } | null;
  readonly where: readonly Condition[];
  readonly extend: readonly {
    readonly object: string;
    readonly as: string;
    readonly on: readonly { readonly its: string; readonly own: string }[];
  }[];
  readonly each: string | null;
  readonly fan: string | null;
  readonly unpivot: {
    readonly columns: readonly { readonly column: string; readonly label: string }[];
    readonly skip: readonly string[];
  } | null;
  readonly only: readonly string[] | null;
  /** False: it says more of rows that stand, and neither makes one nor brings one back. */
  readonly adds: boolean;
  readonly sync: Sync;
  /** One for every field that this form gives, in field order; fields that it lacks (`absent`) are missing here. */
  readonly readings: readonly Reading[];
};

/** How one form reads one field: a converter, its columns and its options, all inheritance resolved. */
export type Reading = {
  readonly field: string;
  readonly converter: ConverterName;
  /** Column names in order; for `point` keyed by role instead (`columns` then lists them all). Empty for `const`. */
  readonly columns: readonly string[];
  readonly point: PointColumns | null;
  readonly flags: readonly { readonly column: string; readonly value: string }[];
  readonly options: ReadingOptions;
  readonly onBad: 'null' | 'setAside';
  readonly optional: boolean;
};

export type PointColumns =
  | { readonly lon: string; readonly lat: string }
  | { readonly text: string; readonly order: 'lonLat' | 'latLon'; readonly by: string }
  | { readonly east: string; readonly north: string };

export type ReadingOptions = {
  readonly nullWhen?: readonly string[];
  readonly emptyAs?: string;
  readonly valueWhen?: { readonly [raw: string]: number };
  readonly part?: { readonly by: string; readonly at: number };
  readonly strip?: string;
  /** Column → width; a field of one column has one entry. */
  readonly pad?: { readonly [column: string]: number };
  readonly case?: 'upper';
  readonly pattern?: string;
  readonly split?: string;
  readonly many?: boolean;
  readonly scale?: string;
  readonly places?: number;
  readonly range?: readonly [number, number] | readonly [Iso, Iso];
  readonly quality?: { readonly column: string; readonly list: string; readonly emptyAs?: string };
  readonly yes?: readonly string[];
  readonly no?: readonly string[];
  readonly when?: readonly string[];
  readonly list?: string;
  readonly formats?: readonly string[];
  readonly future?: Iso;
  /** For duration: s min h d HH.NN. */
  readonly unit?: string;
  readonly unitBy?: string;
  readonly form?: 'decimal' | 'dms' | 'capPolygon' | 'pairs';
  readonly draw?: 'polygon' | 'line';
  readonly by?: 'code' | 'name';
  readonly with?: string;
  readonly suffix?: string;
  readonly const?: Literal;
};
