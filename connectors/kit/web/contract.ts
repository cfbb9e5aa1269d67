// The seam between what all services over HTTP have in common (this folder) and what makes a kind of them (kinds/http, soap,
// graphql): which keys an object's `request` has, how a page is asked for, and how an answer is judged.
import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Codecs, DocumentCodec, TableCodec, TableOptions } from '../codec.ts';
import type { ObjectShape, RawValue, SourceSettings } from '../contract.ts';
import type { EncodingWord } from '../encoding.ts';
import type { WebPlace } from './faults.ts';
import type { Fill } from './slots.ts';
import type { Auth, Paging, Success } from './words.ts';

/** A kind of service: declared here, opened by open-web-source.ts. */
export type WebKind<Request> = {
  /** The manifest's word. */
  readonly kind: string;
  /** The codec of answers where the manifest names none. */
  readonly codec: string;
  /** The keys of an object's `request`. */
  readonly request: z.ZodType<Request>;
  open(source: WebSource<Request>, codecs: Codecs): Speech<Request>;
};

/** How one source is spoken to. */
export type Speech<Request> = {
  /** What goes over the wire for one page; a login's header is added behind it. */
  toRequest(question: Question<Request>, line: Line): WebRequest | Promise<WebRequest>;
  /** Throws what is wrong with an answer; gives back the tree in which the manifest's paths begin. Pure. */
  judge(told: Told, question: Question<Request>): Heard;
  /** What the service says that it has; HUB_SOURCE_CONTRACT with the reason where that is refused. */
  describe(line: Line): Promise<Contract>;
};

/** `objects`: those of the manifest that the contract describes, by name. `others`: what it has beside. */
export type Contract = {
  readonly objects: ReadonlyMap<string, Described>;
  readonly others: readonly ObjectShape[];
};
/** Of one record. `paths`: what must be asked for to see all of it. */
export type Described = Pick<ObjectShape, 'columns' | 'key'> & { readonly paths: readonly string[] };

/** One page as it is asked for. `columns`: paths within a record, those of its lists included; none means all there is. */
export type Question<Request> = {
  readonly object: WebObject<Request>;
  readonly fill: Fill;
  readonly columns: readonly string[];
};

/** A way to ask the service something else on the way, within the call's time and the source's places and pace. */
export type Line = { ask(request: WebRequest, reader: Reader): Promise<Told> };

export type WebRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body: { readonly type: string; readonly text: string } | null;
};
export type WebAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Uint8Array;
};

/** An answer that is taken apart only if somebody wants to know; `read` throws what is wrong with its bytes or its text. Nothing is unwrapped yet. */
export type Told = { readonly status: number; read(): Heard };
/** `tree` is null where the answer is a table. */
export type Heard = { readonly text: string; readonly tree: Tree };
export type Tree = { readonly value: RawValue; readonly repaired: readonly string[] };

export type Reader =
  | { readonly as: 'document'; readonly codec: DocumentCodec }
  | { readonly as: 'table'; readonly codec: TableCodec; readonly options: TableOptions };

/** An object as the manifest has it (§3.4). */
export type WebObject<Request = unknown> = {
  readonly place: WebPlace;
  readonly request: Request;
  /** The longest interval of one request; null: as long as is asked for. */
  readonly windowMs: number | null;
  /** The request names a beginning and an end. */
  readonly asksSpan: boolean;
  readonly takesSize: boolean;
  readonly paging: Paging | null;
  readonly reader: Reader;
  readonly unwrap: readonly { readonly path: string; readonly codec: DocumentCodec }[];
  readonly records: string | null;
  /** The object's own keys as text, secrets hidden: what a cursor belongs to. */
  readonly print: string;
};

export type WebSource<Request = unknown> = Pick<
  SourceSettings,
  'zone' | 'columnCase' | 'inFlight' | 'timeoutMs' | 'rate' | 'bookCall' | 'fileBytes'
> & {
  readonly place: WebPlace;
  readonly base: URL;
  readonly auth: Auth;
  readonly encoding: EncodingWord;
  readonly repair: readonly string[];
  readonly success: Success | null;
  /** Where the service's contract stands, as a reference against its address; null: the manifest does not say. */
  readonly contract: string | null;
  /** Of the answers to logins. */
  readonly reader: Reader;
  readonly objects: ReadonlyMap<string, WebObject<Request>>;
};
