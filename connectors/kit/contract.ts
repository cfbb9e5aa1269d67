// The connector contract: what a kind of legacy system (sql, http, file, …) gives to the hub. It knows nothing of
// GraphQL and nothing of any unit. Declared first, opened later; capabilities are declared, not found out by failing.

/**
 * A value as a source gives it, before any conversion:
 * text · number (only where a double holds it exactly as sent) · boolean · null · bytes · lists and objects (JSON, XML).
 * Integers beyond 2^53, decimals and money are text with all their digits. A timestamp with a zone is ISO 8601 text with
 * its offset; one without is `yyyy-MM-dd HH:mm:ss[.ffffff]`, the wall clock that stands in the table: no driver may move it.
 */
export type RawValue =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly RawValue[]
  | { readonly [name: string]: RawValue };

/** A record by the column names that were asked for (a source resolves their case; the record keeps the asker's). */
export type SourceRecord = { readonly [column: string]: RawValue };

export type ColumnKind =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'timestamp'
  | 'timestamptz'
  | 'date'
  | 'time'
  | 'bytes'
  | 'json'
  | 'other';

export type ColumnShape = {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly native: string;
  readonly nullable: boolean;
};

/** A table, view, message or sheet that stands in the source. `key` is empty where the source declares none. */
export type ObjectShape = {
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  readonly key: readonly string[];
  /** An estimate, never an exact count; null when the source has none. */
  readonly rows: number | null;
  /** A few records as they came, where they had to be read or could be: citizens' data, to be shown and never to be kept. */
  readonly sample?: readonly SourceRecord[];
};

export type FilterOp =
  | 'eq'
  | 'ne'
  | 'in'
  | 'notIn'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'between'
  | 'isNull'
  | 'notNull'
  | 'startsWith';

/** All conditions hold. `value`: one literal, a list (`in`, `notIn`) or `[low, high]` (`between`, both included). `ne` and `notIn` hold for null. */
export type Condition = {
  readonly column: string;
  readonly op: FilterOp;
  readonly value?: Literal | readonly Literal[];
};
export type Literal = string | number | boolean;

export type SelectRequest = {
  readonly columns: readonly string[];
  /**
   * Columns that are read of the elements of a list, by that list's column (`each`). Whoever must be told what to give (a
   * GraphQL service) gives these; others give such a list as it is.
   */
  readonly items?: Readonly<Record<string, readonly string[]>>;
  readonly filter?: readonly Condition[];
  /** Ascending. A source completes it to a total order by the object's key; see `keyHint` for objects that declare none. */
  readonly order?: readonly string[];
  /** Columns that together name a record, for objects without a declared key. */
  readonly keyHint?: readonly string[];
  readonly limit: number;
  /** A cursor that this source handed out for the same object, filter and order. */
  readonly after?: string;
  /** The span of time that is asked for, both ends included, UTC instants: for sources that answer by time (`spans`). */
  readonly span?: Span;
  /** The one delivery that is read: for sources that give `deliveries`. */
  readonly delivery?: string;
  /** A digest of each record beside it: for sources that `digest`. */
  readonly digest?: boolean;
};
export type Span = { readonly from: string; readonly to: string };

export type Page = {
  readonly records: readonly SourceRecord[];
  /** Where the next page begins, even after the last record read; null only when there was nothing to stand on. */
  readonly cursor: string | null;
  /** True when nothing lay behind this page at the time of asking. */
  readonly last: boolean;
  /**
   * On the last page of a whole list: the source said itself how much there is (a list's total, a file that was read to its
   * end), and as much came, on this page and those before it.
   */
  readonly counted?: true;
  /** Conditions that the source did not evaluate: the caller must. */
  readonly unpushed: readonly Condition[];
  /** Lines or elements that could not be taken apart; absent when all could. The caller sets them aside. */
  readonly unreadable?: readonly Unreadable[];
  /** How often each named repair of the manifest was needed; absent when none was. */
  readonly repairs?: Readonly<Record<string, number>>;
  /** One a record, in order, where they were asked for: see `Digest`. */
  readonly digests?: readonly Digest[];
};

/**
 * A whole number of 64 bits as text, made by the source itself over the columns asked of a record: equal content, equal
 * digest. Opaque: it is only ever compared with what the same source says of the same columns.
 */
export type Digest = string;

/** What lies in an object, counted by the source itself, without a record leaving it. */
export type DigestRequest = {
  /** Those that a record's digest is made over, in the order in which `select` asked for them. */
  readonly columns: readonly string[];
  readonly filter?: readonly Condition[];
  /** Pieces of time by a column of date or timestamp; null: the whole object is one piece. */
  readonly bucket: { readonly column: string; readonly per: 'hour' | 'day' } | null;
};

export type BucketDigest = {
  /** Where the piece begins, as the wall clock that stands in the table (`yyyy-MM-dd HH:mm:ss`); null: the one piece, or records without a time. */
  readonly from: string | null;
  readonly count: number;
  /** Sum of the records' digests, a whole number as text. */
  readonly sum: string;
};

/**
 * `raw` is the original as a record (`{ '@raw', '@file', '@row' }`): what is set aside. `message` shows no value of it. `code`
 * says more than that it cannot be taken apart: a message that no object names, parts whose others never came.
 */
export type Unreadable = {
  readonly raw: SourceRecord;
  readonly message: string;
  readonly code?: 'HUB_MAP_RECORD' | 'HUB_MAP_NO_FORM' | 'HUB_MAP_INCOMPLETE';
};

/** What a legacy system leaves to be fetched, such as a file in a folder: read whole or not at all, then put away. */
export type Delivery = {
  /** By place and content: the same file once more has the same id. */
  readonly id: string;
  /** For people: the file's name. */
  readonly name: string;
  /** UTC instant at which it was complete. */
  readonly receivedAt: string;
  /** What its name says by the manifest's pattern (`@county`); absent when the pattern takes nothing out of it. */
  readonly captures?: Readonly<Record<string, string>>;
};
/** `taken`: every record is durable. `passed`: a newer whole list took its place, it was not read. `refused`: cannot be read at all. */
export type DeliveryEnd =
  | { readonly state: 'taken' | 'passed' }
  | { readonly state: 'refused'; readonly error: Error };

/** One answer a key, in key order: the record, null when there is none, or that key's error. */
export type KeyAnswer = SourceRecord | null | Error;

export type ReadManyRequest = {
  readonly columns: readonly string[];
  /** The columns that the keys' values stand for. Two records for one key are that key's error (HUB_MAP_EXTEND_MANY). */
  readonly by: readonly string[];
  readonly keys: readonly (readonly Literal[])[];
};

/** What a source sent at once: durable together, acknowledged together. */
export type Batch = {
  readonly object: string;
  /** `@peer` and `@topic` stand in the record, as far as they exist. */
  readonly records: readonly SourceRecord[];
  /** UTC instant. */
  readonly receivedAt: string;
  /**
   * What came and could not be taken apart; absent when all could. The caller sets it aside, and it is acknowledged. Neither
   * this nor a record: a sign of life.
   */
  readonly unreadable?: readonly Unreadable[];
  /** A list that was asked for, and is whole by its own count: what is not in it is not there any more. */
  readonly whole?: true;
};

export type Capabilities = {
  readonly describe: boolean;
  /** describe() tells what every record has, as a table does: a run holds it against what is known. Else it tells what may be expected. */
  readonly declares: boolean;
  readonly readMany: boolean;
  readonly select: boolean;
  readonly scan: boolean;
  readonly listen: boolean;
  /** Answers by a span of time, whatever order it answers in. */
  readonly spans: boolean;
  /** Gives deliveries: its `select` and `scan` read one delivery at a time. */
  readonly deliveries: boolean;
  /** Gives digests: of each record, and summed over pieces of time. */
  readonly digests: boolean;
  /** Conditions that the source itself can evaluate. */
  readonly filter: readonly FilterOp[];
};

export type CallOptions = { readonly signal?: AbortSignal };

/**
 * `every`: how often objects with a request of their own are asked for, milliseconds. `signal`: gives up beginning to listen. `onEnd`: told once when the source stops listening by itself (the broker is gone): the
 * caller ends it and listens anew. `onDevices`: told how the hub stands with those who send; must not throw, is not waited for.
 */
export type ListenOptions = CallOptions & {
  readonly every?: ReadonlyMap<string, number>;
  readonly onEnd?: (error: Error) => void;
  readonly onDevices?: (notices: readonly DeviceNotice[]) => void;
};

/** News of one sender (terminal, station, client) of a source that is listened to. No data of the department, and nothing hangs on it. */
export type DeviceNotice = {
  /** As the protocol names it. A connection that never says who it is has no notice. */
  readonly device: string;
  /** The address it spoke from, without its port, or the topic; null where there is neither. */
  readonly peer: string | null;
  /** `connected` with its first sound frame on a connection, `heard` with later ones, `disconnected` when that connection ends. */
  readonly state: 'connected' | 'heard' | 'disconnected';
  /** UTC instant. */
  readonly at: string;
  /** Sound and refused frames since its notice before. */
  readonly frames: number;
  readonly refused: number;
  /** Why the hub sent it away, or what was refused last; null: nothing of the kind. Shows no value. */
  readonly reason: string | null;
};

/** `again`: also what was settled before and comes once more: a whole list that comes back says what is there now. */
export type DeliveriesOptions = CallOptions & { readonly again?: boolean };

/** An opened source. Every method rejects with a HubError (HUB_SOURCE_…); none throws a driver's error or shows a secret. */
export type Source = {
  readonly capabilities: Capabilities;

  /** What is there. With names: only those, in that order; a name that is not there is HUB_SOURCE_SHAPE. */
  describe(names?: readonly string[], options?: CallOptions): Promise<readonly ObjectShape[]>;

  /** Must not reorder, drop or merge answers: same length and order as `keys`. */
  readMany(object: string, request: ReadManyRequest, options?: CallOptions): Promise<readonly KeyAnswer[]>;

  /** One page in a stable total order. Must not hold a lock or a transaction after it returns. */
  select(object: string, request: SelectRequest, options?: CallOptions): Promise<Page>;

  /** All pages from `after` on, each resumable from its cursor. Must not read ahead more than one page. */
  scan(object: string, request: SelectRequest, options?: CallOptions): AsyncIterable<Page>;

  /** Counts and sums by piece, ascending; pieces in which nothing lies are left out. A filter that it cannot evaluate is HUB_SOURCE_UNSUPPORTED; what `select` would hand back as `unpushed` because it brings a few too many counts those too. */
  digest(object: string, request: DigestRequest, options?: CallOptions): Promise<readonly BucketDigest[]>;

  /**
   * One a source, for all its types. `onRecords` resolves when the batch is durable; only then does the source send the
   * protocol's acknowledgement. When it rejects, nothing is acknowledged and the sender sends it again. A connection must
   * not give its next batch before the one before is answered: what is not taken yet stays with the sender. Resolves to a
   * function that ends listening: it takes nothing new, lets the batches under way be answered, and closes.
   */
  listen(onRecords: (batch: Batch) => Promise<void>, options?: ListenOptions): Promise<() => Promise<void>>;

  /**
   * The deliveries of an object that are complete and were not settled yet, oldest first. What comes once more as it was is
   * not given; what came, was replaced by something else, and is written anew is.
   */
  deliveries(object: string, options?: DeliveriesOptions): Promise<readonly Delivery[]>;

  /** Puts a delivery away, so that it is given no more; must not lose it. Settling twice is harmless. */
  settle(object: string, delivery: string, end: DeliveryEnd, options?: CallOptions): Promise<void>;

  /** Ends calls under way with HUB_SOURCE_CLOSED and leaves nothing open. Calling it twice is harmless. */
  close(): Promise<void>;
};

/** Where a source is and how much of it may be used at once. */
export type AccessSettings = {
  readonly unit: string;
  readonly name: string;
  readonly url: string;
  readonly zone: string;
  readonly inFlight: number;
  readonly timeoutMs: number;
  readonly pageRows: number;
};

/** What a kind needs to open a source; secrets are resolved by the caller, clocks and codecs come with the kind. */
export type SourceSettings = AccessSettings & {
  /** Calls that the department allows in a time; null: no limit. */
  readonly rate: { readonly calls: number; readonly perMs: number } | null;
  /**
   * Books the next call in the allowance that all processes share which read this source: milliseconds until it may go out,
   * or null, nothing booked, when that is longer than `patienceMs`. Absent where nothing is shared: then the source keeps
   * its own pace.
   */
  readonly bookCall?: (pace: CallPace) => Promise<number | null>;
  readonly fileBytes: number;
  /** For sources that others connect to: how many at a time, and the longest frame. Absent: the manifest's defaults. */
  readonly peers?: { readonly connections: number; readonly frameBytes: number };
  readonly columnCase: 'exact' | 'ignore';
  /** The kind's own keys as the manifest has them (manifest §3), each `{ secret: NAME }` replaced by `Known`. */
  readonly options: { readonly [key: string]: unknown };
  /** Empty for sql, whose objects are its tables. */
  readonly objects: readonly {
    readonly name: string;
    readonly options: { readonly [key: string]: unknown };
  }[];
};

/** So many calls at once, the others with so much time between them. */
export type CallPace = { readonly burst: number; readonly everyMs: number; readonly patienceMs: number };

/** A secret with its value, in the place where the manifest names it. Must not be printed: `toString` and JSON give `***`. */
export type Known = { readonly reveal: () => string; toString(): string; toJSON(): string };

/** A transport. Opening must not fail because the legacy system is down: the first call does. */
export type ConnectorKind = {
  readonly kind: string;
  readonly capabilities: Capabilities;
  open(settings: SourceSettings): Promise<Source>;
};
