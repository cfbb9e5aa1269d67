// The codec `gb28181`: what video platforms and cameras tell the hub over SIP (GB/T 28181-2011, -2016, -2022). sip.ts takes
// messages apart, content.ts their bodies; here catalogues become whole (catalog.ts), and every request gets its answer.
import type { DocumentCodec } from '../../kit/codec.ts';
import type { Frame, FrameCodec, FrameItem, FrameOptions, FrameStep } from '../../kit/frame-codec.ts';
import { type Assemblies, type Assembly, addPart, expire, toRefused } from '../../kit/frame-parts.ts';
import { BEGIN_STREAM, type FrameReader, type FrameStream, readStream } from '../../kit/frame-stream.ts';
import { type List, type Message, type Noticed, takeNotice, toCatalog, toList, toRecord } from './catalog.ts';
import { type Content, parseContent } from './content.ts';
import { toWelcome } from './registrar.ts';
import { beginSession, type Heard, hearList, hearMessage, type Session, speak } from './session.ts';
import {
  type Header,
  readSip,
  refuse,
  type Sip,
  toHeader,
  toNextBeginning,
  toResponse,
  toUser,
} from './sip.ts';

export type Gb28181State = {
  readonly options: FrameOptions;
  readonly stream: FrameStream;
  readonly parts: Assemblies<Message>;
  /** Catalogues that became whole a short time ago: a message of theirs that comes once more begins no new one. */
  readonly done: readonly string[];
  readonly noticed: Noticed;
  /** null: what a peer says is read, and no more. */
  readonly session: Session | null;
};

const ANSWERED: ReadonlySet<string> = new Set(['MESSAGE', 'NOTIFY', 'REGISTER', 'OPTIONS']);
const ALLOW = { name: 'Allow', value: [...ANSWERED].join(', ') };
/** A start line and what every message has besides. */
const LEAST = 80;
const MOST_DONE = 4;

/** `xml` reads the bodies; it must refuse document types. */
export function toGb28181Codec(xml: DocumentCodec): FrameCodec<Gb28181State> {
  const reader = toReader(xml);
  return {
    name: 'gb28181',
    begin: (options) => ({
      ...{ options, stream: BEGIN_STREAM, parts: new Map(), done: [], noticed: new Map() },
      session: options.session === undefined ? null : beginSession(options.session),
    }),
    step: (state, bytes, now) => toSpoken(advance(reader, state, bytes, now, false), now),
    end(state, now) {
      const { state: last, items } = advance(reader, state, new Uint8Array(0), now, true);
      const left = [...last.parts.values()].flatMap((assembly) => toGivenUp(assembly, last));
      return { state: { ...last, parts: new Map() }, items: [...items, ...left] };
    },
  };
}

/** A body that cannot be read is refused with where it may go on: its length may have been a lie. */
function toReader(xml: DocumentCodec): FrameReader<Message> {
  return {
    least: LEAST,
    next: toNextBeginning,
    read(held) {
      const reading = readSip(held);
      if (reading.kind !== 'frame') return reading;
      const { bytes, value: sip } = reading;
      const fault = (message: string, status: string, more: readonly Header[] = []) =>
        refuse(bytes, { reason: 'FORMAT', message, reply: toResponse(sip, status, more) });
      if ((sip.method !== 'MESSAGE' && sip.method !== 'NOTIFY') || sip.body.length === 0)
        return { kind: 'frame', bytes, value: { sip, content: null } };
      if (!/\bxml\b/i.test(toHeader(sip.headers, 'content-type') ?? ''))
        return fault('a body that is no XML', '415 Unsupported Media Type', [
          { name: 'Accept', value: 'Application/MANSCDP+xml' },
        ]);
      const content = parseContent(sip.body, xml);
      return typeof content === 'string'
        ? fault(content, '400 Bad Request')
        : { kind: 'frame', bytes, value: { sip, content } };
    },
  };
}

function advance(
  reader: FrameReader<Message>,
  before: Gb28181State,
  bytes: Uint8Array,
  now: number,
  isEnd: boolean,
): FrameStep<Gb28181State> {
  const { frameBytes, withinMs } = before.options;
  const { open, expired } = expire(before.parts, { now, withinMs });
  const items: FrameItem[] = expired.flatMap((assembly) => toGivenUp(assembly, before));
  const { stream, pieces } = readStream(reader, before.stream, bytes, { frameBytes, isEnd });
  let state: Gb28181State = { ...before, stream, parts: open };
  if (expired.length > 0) state = withList(state, false, now);
  for (const piece of pieces) {
    if (piece.kind === 'refused') {
      items.push(piece);
      continue;
    }
    const step = take(state, piece, now);
    state = step.state;
    items.push(...step.items);
  }
  return { state, items };
}

type Piece = { readonly value: Message; readonly raw: Uint8Array; readonly offset: number };

function take(before: Gb28181State, piece: Piece, now: number): FrameStep<Gb28181State> {
  const { value, raw } = piece;
  const heard = before.session === null ? null : hearMessage(before.session, value.sip, now);
  const state = heard === null ? before : { ...before, session: heard.session };
  if (heard !== null && heard.sender !== 'proven') {
    // Who has not registered is answered, and not listened to.
    const { credentials: _shown, ...frame } = toFrame(value, raw, now);
    return { state, items: [withSender({ ...frame, records: [] }, heard)] };
  }
  const list = toList(value, state.parts);
  if (list !== null) return takePart(state, piece, { list, heard }, now);
  const noticed = takeNotice(state.noticed, value, state.parts);
  return { state: { ...state, noticed }, items: [withSender(toFrame(value, raw, now), heard)] };
}

function takePart(
  before: Gb28181State,
  { value, raw, offset }: Piece,
  { list, heard }: { readonly list: List; readonly heard: Heard | null },
  now: number,
): FrameStep<Gb28181State> {
  const { options, noticed } = before;
  // A platform sends its next part only when this one is answered: the answer cannot wait for the whole.
  const reply = toReply(value.sip, now);
  const answer = withSender({ ...toFrame(value, raw, now), records: [] }, heard);
  if (before.done.includes(list.key)) return { state: before, items: [answer] };
  const part = { slot: null, count: list.count, value, raw, offset };
  const limits = { now, most: options.parts, bytes: options.parts * options.frameBytes };
  const added = addPart(before.parts, { ...list, part }, limits);
  const state = { ...before, parts: added.open };
  if (added.whole === null) {
    const own = options.incomplete === 'accept' ? { ...toCatalog([part], noticed), reply } : answer;
    return { state, items: [...added.refused, withSender(own, heard)] };
  }
  const count = added.whole.reduce((all, one) => all + one.count, 0);
  const isWhole = count === list.total;
  const frame = {
    ...toCatalog(added.whole, noticed, isWhole),
    reply,
    ...(isWhole ? { whole: true as const } : {}),
  };
  const done = [...before.done, list.key].slice(-MOST_DONE);
  return {
    state: withList({ ...state, done }, isWhole, now),
    items: [...added.refused, withSender(frame, heard)],
  };
}

/** A list has ended: whole, or given up. */
function withList(state: Gb28181State, isWhole: boolean, now: number): Gb28181State {
  const { session, parts } = state;
  return {
    ...state,
    ...(parts.size === 0 ? { noticed: new Map() } : {}),
    session: session === null ? null : hearList(session, 'Catalog', { isWhole, now }),
  };
}

/** What came of a catalogue whose time is over: with `accept`, what its messages said is taken already. */
function toGivenUp(assembly: Assembly<Message>, { options, noticed }: Gb28181State): readonly FrameItem[] {
  return options.incomplete === 'accept'
    ? [{ ...toCatalog(assembly.parts, noticed), records: [], reply: null, incomplete: true }]
    : toRefused(assembly, 'INCOMPLETE');
}

/** Behind what was heard, what the hub says by itself. */
function toSpoken({ state, items }: FrameStep<Gb28181State>, now: number): FrameStep<Gb28181State> {
  if (state.session === null) return { state, items };
  const { session, said } = speak(state.session, { now, withinMs: state.options.withinMs });
  return { state: { ...state, session }, items, ...(said.length === 0 ? {} : { said }) };
}

function withSender(frame: Frame, heard: Heard | null): Frame {
  if (heard === null) return frame;
  // A registration is judged here: its proof goes no further.
  const { credentials: _shown, ...rest } = frame;
  return {
    ...rest,
    ...(heard.reply === undefined ? {} : { reply: heard.reply }),
    sender: heard.sender,
  };
}

function toFrame({ sip, content }: Message, raw: Uint8Array, now: number): Frame {
  const message = toMessage(sip, content);
  const device = toUser(sip.headers, 'from');
  const authorization = toHeader(sip.headers, 'authorization');
  return {
    kind: 'frame',
    message,
    device,
    records: content === null ? [] : [toRecord(message, device, content.values)],
    raw,
    reply: toReply(sip, now),
    ...(authorization === null ? {} : { credentials: { authorization } }),
  };
}

/** The command, `Notify.` before what was subscribed to; the method where there is no body; `200` of a response. */
function toMessage({ method, status }: Sip, content: Content | null): string {
  if (content === null) return method ?? String(status);
  const isNotice = method === 'NOTIFY' || (content.root === 'Notify' && content.command === 'Catalog');
  return isNotice ? `Notify.${content.command}` : content.command;
}

function toReply(sip: Sip, now: number): Uint8Array | null {
  if (sip.method === null || sip.method === 'ACK') return null;
  if (!ANSWERED.has(sip.method)) return toResponse(sip, '405 Method Not Allowed', [ALLOW]);
  if (sip.method !== 'REGISTER') return toResponse(sip, '200 OK');
  const expires = toHeader(sip.headers, 'expires');
  return toWelcome(sip, expires === null || !/^\d{1,10}$/.test(expires) ? null : Number(expires), now);
}
