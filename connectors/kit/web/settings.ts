// The manifest's keys of a source over HTTP (manifest §3.1–§3.4), read once at opening. Lint has judged them; what is read
// here is what these kinds use, with their codecs in place of names.
import type { z } from 'zod';
import type { Codecs, DocumentCodec, TableOptions } from '../codec.ts';
import type { SourceSettings } from '../contract.ts';
import type { Reader, WebKind, WebObject, WebSource } from './contract.ts';
import { toFault, type WebPlace } from './faults.ts';
import { findUnfillable, hasSlot } from './slots.ts';
import { objectWords, sourceWords } from './words.ts';

/** Throws HUB_CONFIG_INVALID for a wrong address or key, HUB_SOURCE_UNSUPPORTED for a codec that this hub does not have. */
export function parseSettings<Request>(
  settings: SourceSettings,
  codecs: Codecs,
  web: Pick<WebKind<Request>, 'kind' | 'codec' | 'request'>,
): WebSource<Request> {
  const place = { unit: settings.unit, source: settings.name };
  const own = read(web.kind, sourceWords, settings.options, place);
  const codec = own.codec ?? web.codec;
  const toObject = (name: string, options: unknown): WebObject<Request> => {
    const at = { ...place, object: name };
    const keys = read(web.kind, objectWords, options, at);
    const slot = findUnfillable(keys.request);
    if (slot !== null)
      throw toFault('HUB_CONFIG_INVALID', at, `the slot ${slot} is unknown, or lacks the format of a time`);
    const hasWindow = hasSlot(keys.request, /^window/);
    return {
      place: at,
      request: read(web.kind, web.request, keys.request, at),
      // A cursor names a beginning and no end: each piece of its span would be answered with all that lies behind.
      windowMs: hasWindow ? (keys.window?.most ?? null) : null,
      asksSpan: hasWindow,
      takesSize: hasSlot(keys.request, /^page\.size$/),
      paging: keys.paging,
      reader: toReader(codecs, keys.codec ?? codec, keys, at),
      unwrap: keys.unwrap.map((one) => ({ path: one.path, codec: toDocument(codecs, one.codec, at) })),
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
    contract: own.contract,
    reader: {
      as: 'document',
      codec: toDocument(codecs, codecs.documents.has(codec) ? codec : 'json', place),
    },
    objects: new Map(settings.objects.map(({ name, options }) => [name, toObject(name, options)])),
  };
}

function read<T>(kind: string, schema: z.ZodType<T>, value: unknown, place: WebPlace): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map((issue) => issue.path.join('.') || '(all)');
  throw toFault(
    'HUB_CONFIG_INVALID',
    place,
    `these keys are not as a source of kind ${kind} wants them: ${paths.join(', ')}`,
  );
}

function parseBase(url: string, place: WebPlace): URL {
  const refuse = (what: string) => toFault('HUB_CONFIG_INVALID', place, `the url ${what}`);
  if (!URL.canParse(url)) throw refuse('is no URL');
  const base = new URL(url);
  if (base.protocol !== 'http:' && base.protocol !== 'https:')
    throw refuse('must begin with http:// or https://');
  if (base.username !== '' || base.password !== '') throw refuse('has credentials; they belong to `auth`');
  base.hash = '';
  return base;
}

function toReader(codecs: Codecs, name: string, options: TableOptions, place: WebPlace): Reader {
  const codec = codecs.tables.get(name);
  if (codec === undefined) return { as: 'document', codec: toDocument(codecs, name, place) };
  const { header, fillDown, stop } = options;
  return { as: 'table', codec, options: { header, fillDown, stop } };
}

function toDocument(codecs: Codecs, name: string, place: WebPlace): DocumentCodec {
  const codec = codecs.documents.get(name);
  if (codec !== undefined) return codec;
  throw toFault('HUB_SOURCE_UNSUPPORTED', place, `this hub has no codec ${name} for answers over http`);
}
