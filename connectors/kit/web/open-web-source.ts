// An open source over HTTP, of whatever kind: one answer of the service is one page. A request is planned purely, asked within the source's places
// and pace, and taken apart; what is behind it stands in the cursor.
import { setMaxListeners } from 'node:events';
import type { Codecs } from '../codec.ts';
import type { CallOptions, ConnectorKind, Page, SelectRequest, Source } from '../contract.ts';
import type { Clock } from '../resilience/clock.ts';
import { toDigest } from '../sealed-cursor.ts';
import { type Content, toContent } from './answer.ts';
import type { Line, WebKind, WebObject, WebSource } from './contract.ts';
import { type Limits, openConversation } from './conversation.ts';
import { parseCursor, toCursor, toFingerprint } from './cursor.ts';
import { withCut } from './cut.ts';
import { toFault } from './faults.ts';
import { type Position, toNext, toStart } from './position.ts';
import { toNames, toRecords } from './records.ts';
import { parseSettings } from './settings.ts';
import type { Fill } from './slots.ts';
import { PUBLIC_TARGETS, type Targets } from './targets.ts';
import { parseSpan, toWindow } from './windows.ts';

/** Pages shorter than this may well be equal by chance. */
const TELLING_PAGE = 20;

/** `counties`: the city's county codes, for the slot `division.codes`. `targets`: none given, only public addresses. */
export type WebParts = {
  readonly codecs: Codecs;
  readonly clock: Clock;
  readonly counties: readonly string[];
  readonly targets?: Targets;
};

export function toWebConnector<Request>(web: WebKind<Request>, parts: WebParts): ConnectorKind {
  const { kind, capabilities } = web;
  return {
    kind,
    capabilities,
    open: async (settings) => openWebSource(web, parseSettings(settings, parts.codecs, web), parts),
  };
}

/** Connects to nothing yet. */
function openWebSource<Request>(web: WebKind<Request>, source: WebSource<Request>, parts: WebParts): Source {
  const { place } = source;
  const { clock, counties, targets = PUBLIC_TARGETS } = parts;
  const closing = new AbortController();
  // Every call under way listens.
  setMaxListeners(0, closing.signal);
  const speech = web.open(source);
  const conversation = openConversation(source, { clock, targets }, closing.signal);

  const readPage = async (
    object: WebObject<Request>,
    request: SelectRequest,
    limits: Limits,
  ): Promise<Page> => {
    const fingerprint = toFingerprint(object, request);
    const unpushed = request.filter ?? [];
    const start =
      request.after === undefined
        ? toBegin(object, request)
        : parseCursor(request.after, fingerprint, object);
    if (start.isDone) return { records: [], cursor: request.after ?? null, last: true, unpushed };
    const fill = toFill(start, object, request, { zone: source.zone, counties });
    const line: Line = {
      ask: (asked, reader) => conversation.ask(asked, { place: object.place, reader }, limits),
    };
    const question = { object, fill, columns: toPaths(request) };
    const told = await conversation.ask(await speech.toRequest(question, line), object, limits);
    const content = toContent(speech.judge(told, question), source, object, start.read);
    const next = toNext(start, toFacts(content, fill.size), object);
    const isNothing = next.isDone && content.items.length === 0 && request.after === undefined;
    return {
      ...toPageRecords(content, source, object, request.columns),
      cursor: isNothing ? null : toCursor(fingerprint, next),
      last: next.isDone,
      // Of several intervals each is counted by itself, and nothing counts them all.
      ...(next.isDone && content.total !== null && start.span === null ? { counted: true as const } : {}),
      unpushed,
      ...(Object.keys(content.repairs).length === 0 ? {} : { repairs: content.repairs }),
    };
  };
  const select = (name: string, request: SelectRequest, options?: CallOptions) => {
    const limits = {
      place: { ...place, object: name },
      timeoutMs: source.timeoutMs,
      closing: closing.signal,
    };
    const until = clock.now() + source.timeoutMs;
    return withCut({ ...limits, signal: options?.signal }, clock, (signal) =>
      readPage(findObject(source, name), request, { signal, until }),
    );
  };
  const refuse = async (why: string): Promise<never> => {
    throw toFault('HUB_SOURCE_UNSUPPORTED', place, why);
  };
  return {
    capabilities: web.capabilities,
    describe: () => refuse('an answer over http declares no columns; read a page to see some'),
    readMany: () => refuse('records are not asked for by key over http'),
    select,
    async *scan(name, request, options) {
      let after = request.after;
      for (;;) {
        const page = await select(name, after === undefined ? request : { ...request, after }, options);
        yield page;
        if (page.last || page.cursor === null) return;
        after = page.cursor;
      }
    },
    digest: () => refuse('a service over http gives no digests'),
    listen: () => refuse('a service over http sends nothing by itself'),
    deliveries: () => refuse('a service over http has answers, no deliveries'),
    settle: () => refuse('a service over http has answers, no deliveries'),
    close: async () => {
      closing.abort();
      conversation.close();
    },
  };
}

function findObject<Request>({ objects, place }: WebSource<Request>, name: string): WebObject<Request> {
  const object = objects.get(name);
  if (object !== undefined) return object;
  const known = [...objects.keys()].join(', ') || 'none';
  throw toFault(
    'HUB_SOURCE_SHAPE',
    { ...place, object: name },
    `the manifest has no such object; it has: ${known}`,
  );
}

function toBegin({ asksSpan, place }: WebObject, { span }: SelectRequest): Position {
  if (span === undefined && asksSpan)
    throw toFault('HUB_SOURCE_UNSUPPORTED', place, 'it answers by time only; ask with a span');
  if (span === undefined) return toStart(null);
  const interval = parseSpan(span);
  if (interval === null)
    throw toFault('HUB_INTERNAL', place, 'a span must be two instants, the earlier first');
  return toStart(interval);
}

function toFill(
  { span, window, pages, read, token }: Position,
  { windowMs, paging, takesSize }: WebObject,
  { columns, limit }: SelectRequest,
  around: Pick<Fill, 'zone' | 'counties'>,
): Fill {
  const length = paging?.size ?? limit;
  return {
    ...around,
    window: span === null ? null : toWindow(span, windowMs, window),
    number: (paging?.first ?? 1) + pages,
    offset: read,
    // Only an offset does not depend on the length of the pages before it.
    size: paging?.by === 'offset' && takesSize ? Math.min(length, limit) : length,
    token,
    columns: toNames(columns),
  };
}

/** What is read of a record and of the lists in it; what comes with every record (`@…`) left out. */
function toPaths({ columns, items = {} }: SelectRequest): readonly string[] {
  const inLists = Object.entries(items).flatMap(([list, names]) => names.map((name) => `${list}.${name}`));
  return [...columns, ...inLists].filter((column) => !column.startsWith('@'));
}

function toFacts({ items, unreadable, total, token }: Content, size: number) {
  const isTelling = items.length >= TELLING_PAGE && items.length >= size;
  return {
    count: items.length + unreadable.length,
    size,
    total,
    token,
    mark: isTelling ? toDigest(items) : null,
  };
}

function toPageRecords(
  content: Content,
  { columnCase }: WebSource,
  { reader, place }: WebObject,
  columns: readonly string[],
): Pick<Page, 'records' | 'unreadable'> {
  // Lines of a table carry their number unasked.
  const asked = reader.as === 'table' ? [...columns, '@row'] : columns;
  const { records, unreadable } = toRecords(content.items, asked, columnCase, place);
  const all = [...content.unreadable, ...unreadable];
  return all.length === 0 ? { records } : { records, unreadable: all };
}
