// The codec `gb26875`: what fire-alarm transmission devices tell the monitoring centre (GB/T 26875.3-2011). envelope.ts takes
// frames apart, objects.ts their data; here each command gets its records and its answer.
import type { SourceRecord } from '../../kit/contract.ts';
import type { FrameCodec, FrameItem, FrameOptions, FrameStep } from '../../kit/frame-codec.ts';
import { BEGIN_STREAM, type FrameStream, type Piece, readStream } from '../../kit/frame-stream.ts';
import { type Envelope, envelopeReader, toAnswer } from './envelope.ts';
import { parseUnit } from './objects.ts';

export type Gb26875State = { readonly options: FrameOptions; readonly stream: FrameStream };

const [SENT, CONFIRMED, RESPONDED, DENIED] = [2, 3, 5, 6];

export const gb26875Codec: FrameCodec<Gb26875State> = {
  name: 'gb26875',
  begin: (options) => ({ options, stream: BEGIN_STREAM }),
  step: (state, bytes, now) => advance(state, bytes, now, false),
  end: (state, now) => advance(state, new Uint8Array(0), now, true),
};

function advance(
  { options, stream: before }: Gb26875State,
  bytes: Uint8Array,
  now: number,
  isEnd: boolean,
): FrameStep<Gb26875State> {
  const { frameBytes } = options;
  const { stream, pieces } = readStream(envelopeReader, before, bytes, { frameBytes, isEnd });
  return { state: { options, stream }, items: pieces.map((piece) => toItem(piece, now)) };
}

function toItem(piece: Piece<Envelope>, now: number): FrameItem {
  if (piece.kind === 'refused') return piece;
  const { value, raw, offset } = piece;
  const { command, source: device } = value;
  const content = toContent(value);
  const answer = (code: number) => (command === SENT ? toAnswer(code, value, now) : null);
  if (typeof content === 'string') {
    const refused = { kind: 'refused' as const, reason: 'LENGTH' as const, message: content, offset, raw };
    const reply = answer(DENIED);
    return reply === null ? refused : { ...refused, reply };
  }
  const message = String(command);
  const { serial, version, sentAt } = value;
  return {
    kind: 'frame',
    message,
    device,
    records: content.map((record) => ({
      '@message': message,
      '@device': device,
      serial,
      version,
      sentAt,
      ...record,
    })),
    raw,
    reply: answer(CONFIRMED),
  };
}

/** A text: which length does not fit. */
function toContent({ command, data, sentAt }: Envelope): readonly SourceRecord[] | string {
  if (command === CONFIRMED || command === DENIED) return [];
  // Orders and questions name objects without their values: they are kept as they came.
  if (command !== SENT && command !== RESPONDED) return [{ body: data }];
  const parsed = parseUnit(data, sentAt);
  return typeof parsed === 'string' ? parsed : [parsed];
}
