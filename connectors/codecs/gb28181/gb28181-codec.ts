// The codec `gb28181`: what video platforms and cameras tell the hub over SIP (GB/T 28181-2011, -2016, -2022). sip.ts takes
// messages apart, content.ts their bodies; here catalogues become whole, and every request gets its answer.
import type { DocumentCodec } from '../../kit/codec.ts';
import type { RawValue, SourceRecord } from '../../kit/contract.ts';
import type { Frame, FrameCodec, FrameItem, FrameOptions, FrameStep } from '../../kit/frame-codec.ts';
import {
  type Assemblies,
  type Assembly,
  addPart,
  expire,
  type Part,
  toJoined,
  toRefused,
} from '../../kit/frame-parts.ts';
import { BEGIN_STREAM, type FrameReader, type FrameStream, readStream } from '../../kit/frame-stream.ts';
import { type Content, isTree, parseContent } from './content.ts';
import { type Header, readSip, refuse, type Sip, toHeader, toNextBeginning, toResponse } from './sip.ts';

type Message = { readonly sip: Sip; readonly content: Content | null };

export type Gb28181State = {
  readonly options: FrameOptions;
  readonly stream: FrameStream;
  readonly parts: Assemblies<Message>;
};

const ANSWERED: ReadonlySet<string> = new Set(['MESSAGE', 'NOTIFY', 'REGISTER', 'OPTIONS']);
const ALLOW = { name: 'Allow', value: [...ANSWERED].join(', ') };
/** A start line and what every message has besides. */
const LEAST = 80;
const BEIJING = 8 * 3_600_000;

/** `xml` reads the bodies; it must refuse document types. */
export function toGb28181Codec(xml: DocumentCodec): FrameCodec<Gb28181State> {
  const reader = toReader(xml);
  return {
    name: 'gb28181',
    begin: (options) => ({ options, stream: BEGIN_STREAM, parts: new Map() }),
    step: (state, bytes, now) => advance(reader, state, bytes, now, false),
    end(state, now) {
      const { state: last, items } = advance(reader, state, new Uint8Array(0), now, true);
      const left = [...last.parts.values()].flatMap((assembly) => toGivenUp(assembly, state.options));
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
  state: Gb28181State,
  bytes: Uint8Array,
  now: number,
  isEnd: boolean,
): FrameStep<Gb28181State> {
  const { options } = state;
  const { open, expired } = expire(state.parts, { now, withinMs: options.withinMs });
  const items: FrameItem[] = expired.flatMap((assembly) => toGivenUp(assembly, options));
  const { frameBytes } = options;
  const { stream, pieces } = readStream(reader, state.stream, bytes, { frameBytes, isEnd });
  let parts = open;
  for (const piece of pieces) {
    if (piece.kind === 'refused') {
      items.push(piece);
      continue;
    }
    const { value, raw, offset } = piece;
    const list = toList(value);
    if (list === null) {
      items.push(toFrame(value, raw, now));
      continue;
    }
    const part = { slot: null, count: list.count, value, raw, offset };
    const added = addPart(parts, { ...list, part }, { now, most: options.parts });
    parts = added.open;
    // A platform sends its next part only when this one is answered: the answer cannot wait for the whole.
    const reply = toReply(value.sip, now);
    const frame = added.whole === null ? { ...toFrame(value, raw, now), records: [] } : toWhole(added.whole);
    items.push(...added.refused, { ...frame, reply });
  }
  return { state: { options, stream, parts }, items };
}

type List = { readonly key: string; readonly total: number; readonly count: number };

/** Which catalogue a message is a part of; null for all others, and for one that does not say how many it has. */
function toList({ content }: Message): List | null {
  if (content?.root !== 'Response' || content.command !== 'Catalog') return null;
  const { DeviceID: device, SN: number, SumNum: sum } = content.values;
  const total = typeof sum === 'string' && /^\s*\d{1,7}\s*$/.test(sum) ? Number(sum) : null;
  return total === null
    ? null
    : { key: JSON.stringify([device, number]), total, count: toItems(content).length };
}

function toItems({ values }: Content): readonly RawValue[] {
  const { DeviceList: list } = values;
  return isTree(list) && Array.isArray(list.Item) ? list.Item : [];
}

/** What came of a catalogue whose time is over. */
function toGivenUp(assembly: Assembly<Message>, { incomplete }: FrameOptions): readonly FrameItem[] {
  return incomplete === 'accept'
    ? [{ ...toWhole(assembly.parts), reply: null, incomplete: true }]
    : toRefused(assembly, 'INCOMPLETE');
}

/** One record with the devices of all parts. */
function toWhole(parts: readonly Part<Message>[]): Omit<Frame, 'reply'> {
  const items = parts.flatMap(({ value }) => (value.content === null ? [] : toItems(value.content)));
  const values = { ...parts[0]?.value.content?.values, DeviceList: { Item: items } };
  const device = toDevice(parts[0]?.value.sip);
  return {
    kind: 'frame',
    message: 'Catalog',
    device,
    records: [toRecord('Catalog', device, values)],
    raw: toJoined(parts.map(({ raw }) => raw)),
  };
}

function toFrame({ sip, content }: Message, raw: Uint8Array, now: number): Frame {
  const message = toMessage(sip, content);
  const device = toDevice(sip);
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

function toRecord(message: string, device: string | null, values: SourceRecord): SourceRecord {
  return { '@message': message, ...(device === null ? {} : { '@device': device }), ...values };
}

/** The command, `Notify.` before what was subscribed to; the method where there is no body; `200` of a response. */
function toMessage({ method, status }: Sip, content: Content | null): string {
  if (content === null) return method ?? String(status);
  const isNotice = method === 'NOTIFY' || (content.root === 'Notify' && content.command === 'Catalog');
  return isNotice ? `Notify.${content.command}` : content.command;
}

/** The user of From: 20 digits. */
function toDevice(sip: Sip | undefined): string | null {
  const from = sip === undefined ? null : toHeader(sip.headers, 'from');
  return /sips?:([^@;>\s]{1,64})@/i.exec(from ?? '')?.[1] ?? null;
}

function toReply(sip: Sip, now: number): Uint8Array | null {
  if (sip.method === null || sip.method === 'ACK') return null;
  if (!ANSWERED.has(sip.method)) return toResponse(sip, '405 Method Not Allowed', [ALLOW]);
  if (sip.method !== 'REGISTER') return toResponse(sip, '200 OK');
  const expires = toHeader(sip.headers, 'expires');
  // Devices set their clocks by the answer to their registration (9.10).
  const date = { name: 'Date', value: new Date(now + BEIJING).toISOString().slice(0, -1) };
  return toResponse(sip, '200 OK', [
    date,
    ...(expires === null ? [] : [{ name: 'Expires', value: expires }]),
  ]);
}
