// Makes a codec of a protocol whose answers rest on the frame alone: it says where its frames begin and end, and what one says.
// Streams and parts are the kit's (frame-stream.ts, frame-parts.ts).
import type { Frame, FrameCodec, FrameItem, FrameOptions, FrameStep } from '../../kit/frame-codec.ts';
import { type Assemblies, addPart, expire, type Part, toJoined, toRefused } from '../../kit/frame-parts.ts';
import {
  BEGIN_STREAM,
  type FrameReader,
  type FrameStream,
  type Reading,
  type Refusal,
  readStream,
} from '../../kit/frame-stream.ts';

/** What the bytes from a beginning on are. `length` counts from it; what is `passed` is known and wanted by nobody. */
export type Cut =
  | { readonly kind: 'more' }
  | { readonly kind: 'frame' | 'passed'; readonly length: number }
  | ({ readonly kind: 'refused'; readonly length: number } & Refusal);

export type Framing = {
  /** False as soon as no frame can begin at `at`, whatever follows the bytes; never false first and true with more of them. */
  begins(bytes: Uint8Array, at: number): boolean;
  /** Asked only where a frame may begin. An answer other than `more` must not change with more bytes. */
  cut(bytes: Uint8Array, limit: number): Cut;
  /** A byte that may stand between frames. */
  isBlank(byte: number): boolean;
};

type Said = Omit<Frame, 'raw'>;
export type Fault = { readonly kind: 'fault' } & Refusal;

/** What one sound piece is: a message, a part of one, or none after all. */
export type Saying =
  | Said
  | Fault
  | {
      readonly kind: 'part';
      /** Equal for all parts of one message of a peer. */
      readonly key: string;
      /** From 1. */
      readonly number: number;
      readonly total: number;
      /** What the protocol answers to a part alone. */
      readonly receipt: Said | null;
    };

export type Protocol = {
  readonly name: string;
  readonly framing: Framing;
  /** `now`: milliseconds. */
  read(raw: Uint8Array, now: number): Saying;
  /** All the parts of one message in order. */
  readParts(raws: readonly Uint8Array[], now: number): Said | Fault;
};

export type FrameState = {
  readonly options: FrameOptions;
  readonly stream: FrameStream;
  readonly open: Assemblies<null>;
};

export function toFault(reason: Refusal['reason'], message: string): Fault {
  return { kind: 'fault', reason, message };
}

export function toFrameCodec(protocol: Protocol): FrameCodec<FrameState> {
  return {
    name: protocol.name,
    begin: (options) => ({ options, stream: BEGIN_STREAM, open: new Map() }),
    step: (state, bytes, now) => advance(protocol, state, bytes, now, false),
    end(state, now) {
      const { state: last, items } = advance(protocol, state, new Uint8Array(0), now, true);
      const left = [...last.open.values()].flatMap((assembly) => toRefused(assembly, 'INCOMPLETE'));
      return { state: { ...last, open: new Map() }, items: [...items, ...left] };
    },
  };
}

function advance(
  protocol: Protocol,
  state: FrameState,
  bytes: Uint8Array,
  now: number,
  isEnd: boolean,
): FrameStep<FrameState> {
  const { frameBytes, withinMs, parts: most } = state.options;
  const { open: kept, expired } = expire(state.open, { now, withinMs });
  const items: FrameItem[] = expired.flatMap((assembly) => toRefused(assembly, 'INCOMPLETE'));
  const reader = toReader(protocol.framing, frameBytes);
  const { stream, pieces } = readStream(reader, state.stream, bytes, { frameBytes, isEnd });
  let open = kept;
  for (const piece of pieces) {
    const said = piece.kind === 'refused' ? piece : protocol.read(piece.raw, now);
    if (said.kind !== 'part') {
      items.push(said.kind === 'refused' ? said : toItem(said, piece, frameBytes));
      continue;
    }
    const { key, number, total, receipt } = said;
    const part: Part<null> = { ...piece, slot: number, count: 1, value: null };
    const added = addPart(open, { key, total, part }, { now, most });
    open = added.open;
    items.push(...added.refused);
    const isKept = added.refused.every(({ offset }) => offset !== piece.offset);
    if (added.whole !== null) items.push(toWhole(protocol, added.whole, now, frameBytes));
    else if (receipt !== null && isKept) items.push({ ...receipt, raw: piece.raw });
  }
  return { state: { ...state, stream, open }, items };
}

function toWhole(protocol: Protocol, parts: readonly Part<null>[], now: number, most: number): FrameItem {
  const raws = parts.map(({ raw }) => raw);
  const offset = Math.min(...parts.map((part) => part.offset));
  return toItem(protocol.readParts(raws, now), { offset, raw: toJoined(raws) }, most);
}

function toItem(
  said: Said | Fault,
  { raw, offset }: Pick<Part<null>, 'raw' | 'offset'>,
  most: number,
): FrameItem {
  if (said.kind === 'frame') return { ...said, raw };
  const { reason, message } = said;
  return { kind: 'refused', reason, message, offset, raw: raw.slice(0, most) };
}

function toReader(framing: Framing, limit: number): FrameReader<null> {
  const next = (held: Uint8Array, from: number): number => {
    let at = from;
    while (at < held.length && !framing.begins(held, at)) at += 1;
    return at;
  };
  const countNoise = (held: Uint8Array): number => {
    let at = 1;
    while (at < held.length && !framing.begins(held, at) && !framing.isBlank(held[at] ?? 0)) at += 1;
    return at;
  };
  return {
    next,
    read(held): Reading<null> {
      if (!framing.begins(held, 0))
        return framing.isBlank(held[0] ?? 0)
          ? { kind: 'gap', bytes: 1 }
          : { kind: 'noise', bytes: countNoise(held) };
      const cut = framing.cut(held, limit);
      if (cut.kind === 'more') return { kind: 'wait' };
      if (cut.kind === 'refused') {
        const { length, reason, message } = cut;
        return { kind: 'refused', bytes: length, reason, message };
      }
      return cut.kind === 'frame'
        ? { kind: 'frame', bytes: cut.length, value: null }
        : { kind: 'gap', bytes: cut.length };
    },
  };
}
