// What the manifest says of a socket, read once at open: where peers are met, in which protocol, which message belongs to
// which object, how they prove who they are, and how much of the hub one of them may use.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { toMillis } from '../../../schema/duration.ts';
import type { Codecs } from '../../kit/codec.ts';
import type { Known, SourceSettings } from '../../kit/contract.ts';
import type { FrameCodec, FrameOptions, FrameSession } from '../../kit/frame-codec.ts';
import { parsePath } from '../../kit/mapping/columns.ts';
import { refuse, type SocketPlace } from './faults.ts';

export type SocketPlan = {
  readonly place: SocketPlace;
  readonly way: Way;
  readonly codec: FrameCodec;
  readonly frame: FrameOptions;
  /** Peers at a time. */
  readonly connections: number;
  /** How long an ending waits for what is under way. */
  readonly timeoutMs: number;
  /** False: whatever the protocol would answer is not sent (`ack: none`). */
  readonly isAnswered: boolean;
  /** What every peer has to show; null: nothing. */
  readonly proof: Proof | null;
  /** For protocols in which peers register and are asked; null for all others. */
  readonly session: SessionPlan | null;
  /** Who takes a message; null: no object names it. */
  readonly objectOf: (message: string) => ObjectPlan | null;
  /** The object with which goes to the hub what belongs to none. */
  readonly first: string;
};
/** `path`: where its records lie in what a frame says; null: each record of the frame is one. */
export type ObjectPlan = {
  readonly name: string;
  readonly use: 'records' | 'heartbeat' | 'ignore';
  readonly path: readonly string[] | null;
};
/** `asks`: objects that are asked for, by the protocol's word. */
export type SessionPlan = Pick<FrameSession, 'id' | 'password' | 'key' | 'notices'> & {
  readonly asks: readonly { readonly object: string; readonly command: string }[];
};
export type Proof = { readonly column: string; readonly secret: Known };
/** `port` 0: any free one. */
export type Way = (
  | { readonly kind: 'listen'; readonly host: null }
  | { readonly kind: 'connect'; readonly host: string }
) & { readonly port: number; readonly proto: 'tcp' | 'udp' };

const SIP_CODEC = 'gb28181';
const CONNECTIONS = 100;
const FRAME_BYTES = 65_536;
/** What parts of incomplete messages of all peers together may take, were every part as long as a frame may be. */
const PART_BYTES = 536_870_912;
/** Parts of one peer. */
const [LEAST_PARTS, MOST_PARTS] = [16, 256];

const known = z.custom<Known>((value) => typeof value === 'object' && value !== null && 'reveal' in value);
const port = z.union([z.int(), known]);
const proto = z.enum(['tcp', 'udp']);
const assemble = z.object({
  within: z.string().default('PT60S'),
  incomplete: z.enum(['setAside', 'accept']).default('setAside'),
});
const sourceWords = z.object({
  listen: z.object({ port, proto }).optional(),
  connect: z.object({ host: known, port, proto }).optional(),
  codec: z.string(),
  framing: z.string().default('codec'),
  ack: z.enum(['durable', 'none']).default('durable'),
  auth: z
    .union([
      z.literal('none'),
      z.object({ frame: z.object({ column: z.string(), secret: known }) }),
      z.object({ sip: z.object({ id: known, password: known }) }),
    ])
    .default('none'),
  assemble: assemble.optional(),
});
const objectWords = z.object({
  message: z.array(z.string()).optional(),
  use: z.enum(['records', 'heartbeat', 'ignore']).default('records'),
  assemble: assemble.optional(),
  records: z.string().optional(),
  request: z.object({ cmdType: z.string().regex(/^\w{1,40}$/) }).optional(),
});

/**
 * Throws HUB_SOURCE_UNSUPPORTED for protocols that this hub does not speak, HUB_CONFIG_INVALID where a secret
 * is no port.
 */
export function toSocketPlan(settings: SourceSettings, codecs: Codecs): SocketPlan {
  const place = { unit: settings.unit, source: settings.name };
  const words = sourceWords.parse(settings.options);
  // The body of a message is XML; what carries it is a format of its own.
  const codec = codecs.frames.get(words.framing === 'sip' ? SIP_CODEC : words.codec);
  if (codec === undefined)
    throw refuse('HUB_SOURCE_UNSUPPORTED', place, `codec ${words.codec} has no frames for a socket`);
  const objects = settings.objects.map(({ name, options }) => {
    const { records, ...own } = objectWords.parse(options);
    return { name, ...own, path: records === undefined ? null : parsePath(records) };
  });
  const proof = words.auth !== 'none' && 'frame' in words.auth ? words.auth.frame : null;
  const { connections, frameBytes } = settings.peers ?? { connections: CONNECTIONS, frameBytes: FRAME_BYTES };
  const parts = Math.floor(PART_BYTES / connections / frameBytes);
  const { within, incomplete } =
    words.assemble ?? objects.flatMap((object) => object.assemble ?? [])[0] ?? assemble.parse({});
  return {
    place,
    way: toWay(words, place),
    codec,
    frame: {
      frameBytes,
      withinMs: toMillis(within),
      parts: Math.max(LEAST_PARTS, Math.min(MOST_PARTS, parts)),
      incomplete,
      ...(proof === null ? {} : { password: proof.secret.reveal() }),
    },
    connections,
    timeoutMs: settings.timeoutMs,
    isAnswered: words.ack === 'durable',
    proof,
    session: toSession(words, objects, place),
    objectOf: toObjectOf(objects),
    first: objects.find(({ use }) => use === 'records')?.name ?? objects[0]?.name ?? '',
  };
}

/** An object without `message` takes all that no other one names. */
function toObjectOf(
  objects: readonly (ObjectPlan & { readonly message?: readonly string[] | undefined })[],
): SocketPlan['objectOf'] {
  const owners = new Map<string, ObjectPlan>();
  for (const { name, use, path, message } of objects)
    for (const code of message ?? ['*']) owners.set(code, { name, use, path });
  return (message) => owners.get(message) ?? owners.get('*') ?? null;
}

/** What is subscribed to: the commands of notices (`Notify.Catalog`) that objects name. */
function toSession(
  { framing, auth }: z.infer<typeof sourceWords>,
  objects: readonly (Pick<z.infer<typeof objectWords>, 'message' | 'request'> & { readonly name: string })[],
  place: SocketPlace,
): SessionPlan | null {
  if (framing !== 'sip') return null;
  if (auth === 'none' || !('sip' in auth))
    throw refuse(
      'HUB_CONFIG_INVALID',
      place,
      'framing sip needs auth.sip: who may register, and with which password',
    );
  const notices = objects.flatMap(({ message = [] }) => message).filter((code) => code.startsWith('Notify.'));
  return {
    id: auth.sip.id.reveal().trim(),
    password: auth.sip.password.reveal(),
    key: randomBytes(32).toString('hex'),
    notices: [...new Set(notices.map((code) => code.slice('Notify.'.length)))],
    asks: objects.flatMap(({ name, request }) =>
      request === undefined ? [] : [{ object: name, command: request.cmdType }],
    ),
  };
}

function toWay({ listen, connect }: z.infer<typeof sourceWords>, place: SocketPlace): Way {
  if (listen !== undefined)
    return { kind: 'listen', host: null, port: toPort(listen.port, place), proto: listen.proto };
  if (connect === undefined) throw refuse('HUB_CONFIG_INVALID', place, 'a socket has `listen` or `connect`');
  if (connect.proto === 'udp')
    throw refuse('HUB_SOURCE_UNSUPPORTED', place, 'datagrams are listened to; nothing connects for them');
  return { kind: 'connect', host: connect.host.reveal(), port: toPort(connect.port, place), proto: 'tcp' };
}

function toPort(written: number | Known, place: SocketPlace): number {
  const number = typeof written === 'number' ? written : Number(written.reveal().trim() || Number.NaN);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw refuse(
    'HUB_CONFIG_INVALID',
    place,
    'the secret that names its port must be a number from 1 to 65535',
  );
}
