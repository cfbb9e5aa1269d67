// The codec `jt808`: frames of vehicle terminals (JT/T 808-2011 and -2019) as messages, and what the platform answers.
// envelope.ts takes frames apart; here parts become whole messages, messages records, and each gets its answer.
import type { SourceRecord } from '../../kit/contract.ts';
import type {
  Frame,
  FrameCodec,
  FrameItem,
  FrameOptions,
  FrameStep,
  RefusedFrame,
} from '../../kit/frame-codec.ts';
import { type Assemblies, addPart, expire, type Part, toJoined, toRefused } from '../../kit/frame-parts.ts';
import { BEGIN_STREAM, type FrameStream, type Refusal, readStream } from '../../kit/frame-stream.ts';
import { toAuthCode } from './auth-code.ts';
import { type Envelope, envelopeReader, toFrame, toWord } from './envelope.ts';
import { parseBatch, parseLocation } from './location.ts';
import { parseAuthentication, parseRegistration } from './session.ts';

export type Jt808State = {
  readonly options: FrameOptions;
  readonly stream: FrameStream;
  readonly parts: Assemblies<Envelope>;
  /** How many messages the platform has sent: the next one's serial number, of 16 bits. */
  readonly sent: number;
};

const GENERAL = 0x8001;
const REGISTERED = 0x8100;
const [DONE, WRONG, UNKNOWN] = [0, 2, 3];

export const jt808Codec: FrameCodec<Jt808State> = {
  name: 'jt808',
  begin: (options) => ({ options, stream: BEGIN_STREAM, parts: new Map(), sent: 0 }),
  step: (state, bytes, now) => advance(state, bytes, now, false),
  end(state, now) {
    const { state: last, items } = advance(state, new Uint8Array(0), now, true);
    const left = [...last.parts.values()].flatMap((assembly) => toRefused(assembly, 'INCOMPLETE'));
    return { state: { ...last, parts: new Map() }, items: [...items, ...left] };
  },
  codeOf: toAuthCode,
};

function advance(state: Jt808State, bytes: Uint8Array, now: number, isEnd: boolean): FrameStep<Jt808State> {
  const { options } = state;
  const { open, expired } = expire(state.parts, { now, withinMs: options.withinMs });
  const items: FrameItem[] = expired.flatMap((assembly) => toRefused(assembly, 'INCOMPLETE'));
  const { frameBytes } = options;
  const { stream, pieces } = readStream(envelopeReader, state.stream, bytes, { frameBytes, isEnd });
  let next: Jt808State = { ...state, stream, parts: open };
  for (const piece of pieces) {
    if (piece.kind === 'refused') {
      items.push(piece);
      continue;
    }
    const { value, raw, offset } = piece;
    const step = takePart(next, { slot: value.part?.index ?? 1, count: 1, value, raw, offset }, now);
    next = step.state;
    items.push(...step.items);
  }
  return { state: next, items };
}

function takePart(state: Jt808State, part: Part<Envelope>, now: number): FrameStep<Jt808State> {
  const { value } = part;
  const fault = toHeaderFault(value);
  if (fault !== null) return refuse(state, [part], fault);
  if (value.part === null) return takeMessage(state, [part]);
  const { total, index } = value.part;
  // Parts have serial numbers in a row: where the first one's lies tells messages apart.
  const key = `${value.message} ${value.phone} ${total} ${(value.serial - index) & 0xffff}`;
  const added = addPart(state.parts, { key, total, part }, { now, most: state.options.parts });
  const next = { ...state, parts: added.open };
  if (added.whole === null) return { state: next, items: added.refused };
  const step = takeMessage(next, added.whole);
  return { state: step.state, items: [...added.refused, ...step.items] };
}

function toHeaderFault({ body, bodyBytes, isEncrypted, phone, part }: Envelope): Refusal | null {
  if (body.length !== bodyBytes)
    return { reason: 'LENGTH', message: `a body of ${body.length} bytes, the header says ${bodyBytes}` };
  if (!/^\d+$/.test(phone)) return { reason: 'FORMAT', message: 'the terminal number is not BCD' };
  if (isEncrypted) return { reason: 'FORMAT', message: 'the body is encrypted, and the hub has no key' };
  return part === null || (part.index >= 1 && part.index <= part.total)
    ? null
    : { reason: 'FORMAT', message: `part ${part.index} of ${part.total}` };
}

type Content = {
  readonly records: readonly SourceRecord[];
  /** The general reply's result; null: nothing is answered to this message. */
  readonly result: number | null;
  readonly credentials?: Frame['credentials'];
};

function takeMessage(state: Jt808State, parts: readonly Part<Envelope>[]): FrameStep<Jt808State> {
  const [first] = parts;
  if (first === undefined) return { state, items: [] };
  const envelope = { ...first.value, body: toJoined(parts.map(({ value }) => value.body)) };
  const content = toContent(envelope);
  if (typeof content === 'string') return refuse(state, parts, { reason: 'LENGTH', message: content });
  const { records, result, credentials } = content;
  const answered = result === null ? [] : parts.map(({ value }) => value);
  const reply =
    envelope.message === '0100'
      ? toRegistered(envelope, state)
      : toJoined(answered.map((value, at) => toGeneral(value, result ?? DONE, state.sent + at)));
  const { message, phone: device } = envelope;
  const frame: Frame = {
    kind: 'frame',
    message,
    device,
    records: records.map((record) => ({
      '@message': message,
      '@device': device,
      phone: device,
      serial: envelope.serial,
      ...record,
    })),
    raw: toJoined(parts.map(({ raw }) => raw)),
    reply: reply.length === 0 ? null : reply,
    ...(credentials === undefined ? {} : { credentials }),
  };
  return { state: { ...state, sent: state.sent + answered.length }, items: [frame] };
}

/** What a message says; a text: which length does not fit. */
function toContent({ message, is2019, body }: Envelope): Content | string {
  const toOne = (parsed: SourceRecord | string): Content | string =>
    typeof parsed === 'string' ? parsed : { records: [parsed], result: DONE };
  switch (message) {
    case '0001':
      return { records: [], result: null };
    case '0002':
    case '0003':
      return { records: [], result: DONE };
    case '0100':
      return toOne(parseRegistration(body, is2019));
    case '0102': {
      const parsed = parseAuthentication(body, is2019);
      if (typeof parsed === 'string') return parsed;
      const { code, ...rest } = parsed;
      return { records: [rest], result: DONE, credentials: { authCode: code } };
    }
    case '0200':
      return toOne(parseLocation(body));
    case '0704':
      return toOne(parseBatch(body));
    default:
      return { records: [{ body }], result: UNKNOWN };
  }
}

function refuse(state: Jt808State, parts: readonly Part<Envelope>[], fault: Refusal): FrameStep<Jt808State> {
  const items = parts.map(({ raw, offset, value }, at): RefusedFrame => {
    const reply = toGeneral(value, WRONG, state.sent + at);
    return { kind: 'refused', reason: fault.reason, message: fault.message, offset, raw, reply };
  });
  return { state: { ...state, sent: state.sent + parts.length }, items };
}

/** 0x8001: the terminal's serial number, its message, and how it went. */
function toGeneral(to: Envelope, result: number, serial: number): Uint8Array {
  const body = [...toWord(to.serial), ...toWord(Number.parseInt(to.message, 16)), result];
  return toFrame(GENERAL, serial & 0xffff, Uint8Array.from(body), to);
}

/** 0x8100: taken, with the code that the terminal shows from now on. Whether the city knows the terminal, the vehicle register says. */
function toRegistered(to: Envelope, { options, sent }: Jt808State): Uint8Array {
  const { password } = options;
  const code = Buffer.from(password === undefined ? to.phone : toAuthCode(password, to.phone), 'latin1');
  return toFrame(REGISTERED, sent & 0xffff, Uint8Array.from([...toWord(to.serial), DONE, ...code]), to);
}
