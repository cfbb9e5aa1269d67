// The codec `sl651`: telemetry of hydrological stations (SL 651-2014), HEX/BCD and ASCII, single frames and packets.
import type { Frame } from '../../kit/frame-codec.ts';
import { toJoined } from '../../kit/frame-parts.ts';
import { type Fault, type Saying, toFault, toFrameCodec } from '../frames/frame-codec.ts';
import { parseAsciiBody } from './ascii-body.ts';
import { type Body, isReport } from './body.ts';
import { type Envelope, parseEnvelope, toStation } from './envelope.ts';
import { framing } from './framing.ts';
import { parseHexBody } from './hex-body.ts';
import { toReply } from './reply.ts';

/** Keeps the link up; has no answer (6.6.4.2). */
const KEEP_ALIVE = '2F';

export const sl651Codec = toFrameCodec({
  name: 'sl651',
  framing,
  read(raw, now): Saying {
    const envelope = parseEnvelope(raw);
    if (envelope === null) return toFault('FORMAT', 'a packet does not say which of how many it is');
    if (envelope.packet === null || envelope.packet.total === 1) return toFrame(envelope, now);
    const { address, center, password, function: word, packet } = envelope;
    const key = [toStation(address), center, password, word, packet.total].join(' ');
    return { kind: 'part', key, ...packet, receipt: null };
  },
  readParts(raws, now) {
    const envelopes = raws.map(parseEnvelope).filter((envelope) => envelope !== null);
    const last = envelopes.at(-1);
    if (last === undefined) return toFault('FORMAT', 'no packets');
    return toFrame({ ...last, body: toJoined(envelopes.map(({ body }) => body)) }, now);
  },
});

function toFrame(envelope: Envelope, now: number): Omit<Frame, 'raw'> | Fault {
  const { function: message, isAscii, password } = envelope;
  const device = toStation(envelope.address);
  const body = (isAscii ? parseAsciiBody : parseHexBody)(envelope.body, message, device);
  if (body.kind === 'fault') return body;
  const isKeepAlive = message === KEEP_ALIVE;
  return {
    kind: 'frame',
    message,
    device,
    records: isKeepAlive ? [] : toRecords(envelope, device, body),
    credentials: { password },
    reply: isKeepAlive ? null : toReply(envelope, body.serial, now),
  };
}

/** Of what is no report only the head is known. */
function toRecords({ function: message, center }: Envelope, device: string, body: Body): Frame['records'] {
  const { serial, sentAt, observations } = body;
  const head = {
    '@message': message,
    '@device': device,
    center,
    serial: Number.parseInt(serial, 16),
    sentAt,
  };
  if (!isReport(message)) return [{ ...head, station: device }];
  return observations.map((observation) => ({ ...head, ...observation }));
}
