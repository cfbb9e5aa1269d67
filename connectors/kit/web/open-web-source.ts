// An open source over HTTP, of whatever kind: one answer of the service is one page. A request is planned purely, asked within the source's places
// and pace, and taken apart; what is behind it stands in the cursor.
import { setMaxListeners } from 'node:events';
import type { Codecs } from '../codec.ts';
import type { CallOptions, Capabilities, ConnectorKind, Page, SelectRequest, Source } from '../contract.ts';
import type { Clock } from '../resilience/clock.ts';
import { type Content, toContent } from './answer.ts';
import type { Line, WebKind, WebObject, WebSource } from './contract.ts';
import { type Limits, openConversation } from './conversation.ts';
import { parseCursor, toCursor, toFingerprint } from './cursor.ts';
import { withCut } from './cut.ts';
import { describeWeb, type Sample } from './describe-web.ts';
import { toFault, type WebPlace } from './faults.ts';
import { toBegin, toFacts, toFill, toPageRecords, toPaths } from './page.ts';
import { type Position, toNext } from './position.ts';
import { parseSettings } from './settings.ts';
import type { Fill } from './slots.ts';
import { PUBLIC_TARGETS, type Targets } from './targets.ts';

/** `counties`: the city's county codes, for the slot `division.codes`. `targets`: none given, only public addresses. */
export type WebParts = {
  readonly codecs: Codecs;
  readonly clock: Clock;
  readonly counties: readonly string[];
  readonly targets?: Targets;
};

const WEB_CAPABILITIES: Capabilities = {
  describe: true,
  // An answer declares no shape: what one of them lacks says nothing about the others.
  declares: false,
  readMany: false,
  select: true,
  scan: true,
  listen: false,
  spans: true,
  deliveries: false,
  digests: false,
  filter: [],
};

export function toWebConnector<Request>(web: WebKind<Request>, parts: WebParts): ConnectorKind {
  const { kind } = web;
  return {
    kind,
    capabilities: WEB_CAPABILITIES,
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
  const speech = web.open(source, parts.codecs);
  const conversation = openConversation(source, { clock, targets }, closing.signal);

  /** One call: whatever is asked on its way shares its time. */
  const call = <T>(
    at: WebPlace,
    signal: AbortSignal | undefined,
    work: (limits: Limits, line: Line) => Promise<T>,
  ): Promise<T> => {
    const { timeoutMs } = source;
    const until = clock.now() + timeoutMs;
    return withCut({ place: at, timeoutMs, closing: closing.signal, signal }, clock, (inner) => {
      const limits = { signal: inner, until };
      return work(limits, {
        ask: (asked, reader) => conversation.ask(asked, { place: at, reader }, limits),
      });
    });
  };
  const askContent = async (
    object: WebObject<Request>,
    request: SelectRequest,
    start: Position,
    limits: Limits,
    line: Line,
  ): Promise<{ readonly content: Content; readonly fill: Fill }> => {
    const fill = toFill(start, object, request, { zone: source.zone, counties });
    const question = { object, fill, columns: toPaths(request) };
    const told = await conversation.ask(await speech.toRequest(question, line), object, limits);
    return { content: toContent(speech.judge(told, question), source, object, start.read), fill };
  };
  const readPage = async (
    object: WebObject<Request>,
    request: SelectRequest,
    limits: Limits,
    line: Line,
  ): Promise<Page> => {
    const fingerprint = toFingerprint(object, request);
    const unpushed = request.filter ?? [];
    const start =
      request.after === undefined
        ? toBegin(object, request)
        : parseCursor(request.after, fingerprint, object);
    if (start.isDone) return { records: [], cursor: request.after ?? null, last: true, unpushed };
    const { content, fill } = await askContent(object, request, start, limits, line);
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
  const select = (name: string, request: SelectRequest, options?: CallOptions) =>
    call({ ...place, object: name }, options?.signal, (limits, line) =>
      readPage(findObject(source, name), request, limits, line),
    );
  const sample = async (
    object: WebObject<Request>,
    columns: readonly string[],
    options?: CallOptions,
  ): Promise<Sample> =>
    call(object.place, options?.signal, async (limits, line) => {
      const request = { columns, limit: SAMPLE_ROWS, ...toSampleSpan(object, clock.now()) };
      const { content } = await askContent(object, request, toBegin(object, request), limits, line);
      return { items: content.items, total: content.total };
    });
  const refuse = async (why: string): Promise<never> => {
    throw toFault('HUB_SOURCE_UNSUPPORTED', place, why);
  };
  return {
    capabilities: WEB_CAPABILITIES,
    describe: (names, options) =>
      describeWeb(source, names, {
        contract: () => call(place, options?.signal, (_, line) => speech.describe(line)),
        sample: (object, paths) => sample(object, paths, options),
      }),
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

const SAMPLE_ROWS = 20;
const SAMPLE_MS = 86_400_000;

/** The newest interval that the service answers at once, a day where it sets no bound. */
function toSampleSpan({ asksSpan, windowMs }: WebObject, now: number): Pick<SelectRequest, 'span'> {
  if (!asksSpan) return {};
  const from = new Date(now - Math.min(windowMs ?? SAMPLE_MS, SAMPLE_MS));
  return { span: { from: from.toISOString(), to: new Date(now).toISOString() } };
}
