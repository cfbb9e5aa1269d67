// The manifest's keys of an http source (manifest §3.1–§3.4), read once at opening. Lint has judged them; what is read here
// is what this kind uses, with its codecs in place of their names.
import { z } from 'zod';
import { toMillis } from '../../../schema/duration.ts';
import type { Codecs, DocumentCodec, TableCodec, TableOptions } from '../../kit/codec.ts';
import type { Known, SourceSettings } from '../../kit/contract.ts';
import type { EncodingWord } from '../../kit/encoding.ts';
import { TABLE_WORDS } from '../../kit/table-words.ts';
import { type HttpPlace, toFault } from './faults.ts';
import { findUnfillable, hasSlot } from './slots.ts';

const known = z.custom<Known>(isKnown, 'must be a secret');
const tree = z.record(z.string(), z.unknown());
const request = z.object({
  method: z.string(),
  path: z.string(),
  query: tree.default({}),
  body: tree.nullable().default(null),
});
const login = z.object({
  request,
  token: z.string(),
  lives: z.string().transform(toMillis),
  send: z.object({ header: z.string(), prefix: z.string().default('') }),
  expired: z
    .object({
      status: z.array(z.int()).default([401]),
      path: z.string().nullable().default(null),
      values: z.array(z.string()).default([]),
    })
    .default({ status: [401], path: null, values: [] }),
});
const auth = z
  .object({
    basic: z.object({ user: known, password: known }).optional(),
    bearer: known.optional(),
    header: z.record(z.string(), known).default({}),
    query: z.record(z.string(), known).default({}),
    login: login.optional(),
  })
  .or(
    z
      .literal('none')
      .transform(() => ({ header: {}, query: {}, basic: undefined, bearer: undefined, login: undefined })),
  );
const source = z.object({
  auth: auth.default({ header: {}, query: {} }),
  codec: z.string().default('json'),
  encoding: z.enum(['utf-8', 'gb18030', 'detect']).default('utf-8'),
  repair: z.array(z.string()).default([]),
  success: z
    .object({ path: z.string(), ok: z.array(z.string()), empty: z.array(z.string()).default([]) })
    .nullable()
    .default(null),
});
const paging = z.object({
  by: z.enum(['page', 'offset', 'token']),
  size: z.int().positive(),
  first: z.int().default(1),
  total: z.string().nullable().default(null),
  next: z.string().nullable().default(null),
  more: z.string().nullable().default(null),
});
const object = z.object({
  request,
  window: z.object({ most: z.string().transform(toMillis) }).optional(),
  paging: paging.nullable().default(null),
  unwrap: z.array(z.object({ path: z.string(), codec: z.string() })).default([]),
  records: z.string().nullable().default(null),
  codec: z.string().optional(),
  ...TABLE_WORDS,
});

export type Request = z.infer<typeof request>;
export type Login = z.infer<typeof login>;
export type Auth = z.infer<typeof auth>;
export type Paging = z.infer<typeof paging>;
export type Reader =
  | { readonly as: 'document'; readonly codec: DocumentCodec }
  | { readonly as: 'table'; readonly codec: TableCodec; readonly options: TableOptions };

export type HttpObject = {
  readonly place: HttpPlace;
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
export type HttpSource = Pick<
  SourceSettings,
  'zone' | 'columnCase' | 'inFlight' | 'timeoutMs' | 'rate' | 'bookCall' | 'fileBytes'
> & {
  readonly place: HttpPlace;
  /** Without a slash at its end. */
  readonly base: URL;
  readonly auth: Auth;
  readonly encoding: EncodingWord;
  readonly repair: readonly string[];
  readonly success: z.infer<typeof source>['success'];
  /** Of the answers to logins. */
  readonly reader: Reader;
  readonly objects: ReadonlyMap<string, HttpObject>;
};

/** Throws HUB_CONFIG_INVALID for a wrong address or key, HUB_SOURCE_UNSUPPORTED for a codec that this hub does not have. */
export function parseSettings(settings: SourceSettings, codecs: Codecs): HttpSource {
  const place = { unit: settings.unit, source: settings.name };
  const own = read(source, settings.options, place);
  const toObject = (name: string, options: unknown): HttpObject => {
    const at = { ...place, object: name };
    const keys = read(object, options, at);
    const slot = findUnfillable(keys.request);
    if (slot !== null)
      throw toFault('HUB_CONFIG_INVALID', at, `the slot ${slot} is unknown, or lacks the format of a time`);
    const hasWindow = hasSlot(keys.request, /^window/);
    return {
      place: at,
      request: keys.request,
      // A cursor names a beginning and no end: each piece of its span would be answered with all that lies behind.
      windowMs: hasWindow ? (keys.window?.most ?? null) : null,
      asksSpan: hasWindow,
      takesSize: hasSlot(keys.request, /^page\.size$/),
      paging: keys.paging,
      reader: toReader(codecs, keys.codec ?? own.codec, keys, at),
      unwrap: keys.unwrap.map(({ path, codec }) => ({ path, codec: toDocument(codecs, codec, at) })),
      records: keys.records,
      print: JSON.stringify(options),
    };
  };
  const { zone, columnCase, inFlight, timeoutMs, rate, fileBytes } = settings;
  return {
    ...{ zone, columnCase, inFlight, timeoutMs, rate, fileBytes, place },
    ...(settings.bookCall === undefined ? {} : { bookCall: settings.bookCall }),
    base: parseBase(settings.url, place),
    auth: own.auth,
    encoding: own.encoding,
    repair: own.repair,
    success: own.success,
    reader: {
      as: 'document',
      codec: toDocument(codecs, codecs.documents.has(own.codec) ? own.codec : 'json', place),
    },
    objects: new Map(settings.objects.map(({ name, options }) => [name, toObject(name, options)])),
  };
}

export function isKnown(value: unknown): value is Known {
  return (
    typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function'
  );
}

function read<T>(schema: z.ZodType<T>, value: unknown, place: HttpPlace): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map((issue) => issue.path.join('.') || '(all)');
  throw toFault(
    'HUB_CONFIG_INVALID',
    place,
    `these keys are not as an http source wants them: ${paths.join(', ')}`,
  );
}

function parseBase(url: string, place: HttpPlace): URL {
  const refuse = (what: string) => toFault('HUB_CONFIG_INVALID', place, `the url ${what}`);
  if (!URL.canParse(url)) throw refuse('is no URL');
  const base = new URL(url);
  if (base.protocol !== 'http:' && base.protocol !== 'https:')
    throw refuse('must begin with http:// or https://');
  if (base.username !== '' || base.password !== '') throw refuse('has credentials; they belong to `auth`');
  base.pathname = base.pathname.replace(/\/+$/, '');
  base.hash = '';
  return base;
}

function toReader(codecs: Codecs, name: string, options: TableOptions, place: HttpPlace): Reader {
  const codec = codecs.tables.get(name);
  if (codec === undefined) return { as: 'document', codec: toDocument(codecs, name, place) };
  const { header, fillDown, stop } = options;
  return { as: 'table', codec, options: { header, fillDown, stop } };
}

function toDocument(codecs: Codecs, name: string, place: HttpPlace): DocumentCodec {
  const codec = codecs.documents.get(name);
  if (codec !== undefined) return codec;
  throw toFault('HUB_SOURCE_UNSUPPORTED', place, `this hub has no codec ${name} for answers over http`);
}
