// What the manifest says of a broker, read once at open: where it is, as whom the hub comes, how messages are acknowledged,
// and which object takes a message. Lint has judged it; what this kind does not do is refused here.
import { z } from 'zod';
import { toMillis } from '../../../schema/duration.ts';
import type { Codecs } from '../../kit/codec.ts';
import type { Known, SourceSettings } from '../../kit/contract.ts';
import type { EncodingWord } from '../../kit/encoding.ts';
import { type MqttPlace, refuse } from './faults.ts';
import { type ObjectPlan, type ObjectWords, objectWords, toObjectPlans } from './objects.ts';

export type MqttPlan = {
  readonly place: MqttPlace;
  readonly server: { readonly host: string; readonly port: number; readonly isTls: boolean };
  readonly credentials: { readonly user: Known; readonly password: Known } | null;
  readonly qos: 0 | 1 | 2;
  /** Null: the broker keeps nothing while the hub is away. */
  readonly session: { readonly client: string; readonly expiresSeconds: number } | null;
  /** False: a message is acknowledged as it comes (`ack: none`, or qos 0, which has no acknowledgement). */
  readonly isDurable: boolean;
  /** Messages that are not acknowledged yet, at most. */
  readonly inFlight: number;
  /** The longest payload that is taken apart; longer ones are set aside. */
  readonly frameBytes: number;
  /** For the connection, with its subscriptions; how long an ending waits for what is under way. */
  readonly timeoutMs: number;
  readonly encoding: EncodingWord;
  readonly repair: readonly string[];
  /** In the manifest's order. */
  readonly objects: readonly ObjectPlan[];
  /** The object with which goes to the hub what belongs to none. */
  readonly first: string;
};

const FRAME_BYTES = 65_536;
const PORTS = { mqtt: 1883, mqtts: 8883 } as const;
/** MQTT 5, 3.1.2.11.2: the largest number there is means for ever. */
const MOST_SECONDS = 0xff_ff_ff_fe;

const known = z.custom<Known>((value) => typeof value === 'object' && value !== null && 'reveal' in value);
const qos = z.union([z.literal(0), z.literal(1), z.literal(2)]);
const sourceWords = z.object({
  auth: z
    .union([z.literal('none'), z.object({ basic: z.object({ user: known, password: known }) })])
    .default('none'),
  codec: z.string().default('json'),
  encoding: z.enum(['utf-8', 'gb18030', 'detect']).default('utf-8'),
  repair: z.array(z.string()).default([]),
  qos: qos.default(1),
  session: z.object({ client: z.string(), expires: z.string() }).optional(),
  ack: z.enum(['durable', 'none']).default('durable'),
  assemble: z.unknown().optional(),
});

/** Throws HUB_CONFIG_INVALID where the secret is no broker's address, HUB_SOURCE_UNSUPPORTED for what this hub does not read. */
export function toMqttPlan(settings: SourceSettings, codecs: Codecs): MqttPlan {
  const place = { unit: settings.unit, source: settings.name };
  const words = sourceWords.parse(settings.options);
  const objects = settings.objects.map(
    ({ name, options }): ObjectWords => ({ name, ...objectWords.parse(options) }),
  );
  if (words.assemble !== undefined || objects.some(({ assemble }) => assemble !== undefined))
    throw refuse(
      'HUB_SOURCE_UNSUPPORTED',
      place,
      'assemble: parts in several messages are not joined by this hub yet',
    );
  const frameBytes = settings.peers?.frameBytes ?? FRAME_BYTES;
  const { session } = words;
  return {
    place,
    server: toServer(settings.url, place),
    credentials: words.auth === 'none' ? null : words.auth.basic,
    qos: words.qos,
    session:
      session === undefined
        ? null
        : {
            client: session.client,
            expiresSeconds: Math.min(MOST_SECONDS, Math.ceil(toMillis(session.expires) / 1000)),
          },
    isDurable: words.ack === 'durable' && words.qos > 0,
    inFlight: settings.inFlight,
    frameBytes,
    timeoutMs: settings.timeoutMs,
    encoding: words.encoding,
    repair: words.repair,
    objects: toObjectPlans(objects, { codecs, codec: words.codec, frameBytes, place }),
    first: objects.find(({ use }) => use === 'records')?.name ?? objects[0]?.name ?? '',
  };
}

function toServer(url: string, place: MqttPlace): MqttPlan['server'] {
  const wrong = (words: string) =>
    refuse('HUB_CONFIG_INVALID', place, `the secret that names its url ${words}`);
  if (!URL.canParse(url)) throw wrong('must be like mqtts://broker.example:8883');
  const { protocol, hostname, port, username, password } = new URL(url);
  const scheme = protocol.slice(0, -1);
  if (scheme !== 'mqtt' && scheme !== 'mqtts') throw wrong('must begin with mqtt:// or mqtts://');
  if (hostname === '') throw wrong('names no host');
  if (username !== '' || password !== '') throw wrong('has credentials; they belong to `auth`');
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port: port === '' ? PORTS[scheme] : Number(port), isTls: scheme === 'mqtts' };
}
