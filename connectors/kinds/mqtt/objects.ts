// The objects of a broker: which topics and messages they take, and how a payload is read. Part of settings.ts.
import { z } from 'zod';
import type { Codecs, DocumentCodec, TableCodec } from '../../kit/codec.ts';
import type { FrameCodec, FrameOptions } from '../../kit/frame-codec.ts';
import { type MqttPlace, refuse } from './faults.ts';
import { type TopicMatcher, toFilter, toTopicMatcher } from './topics.ts';

export type ObjectPlan = {
  readonly name: string;
  readonly use: 'records' | 'heartbeat' | 'ignore';
  /** As MQTT subscribes to them. */
  readonly filters: readonly string[];
  readonly matchers: readonly TopicMatcher[];
  readonly payload: 'raw' | 'hex' | 'base64';
  readonly reader: Reader;
  /** Null: every message. */
  readonly messages: ReadonlySet<string> | null;
  readonly records: string | null;
  readonly unwrap: readonly { readonly path: string; readonly codec: DocumentCodec }[];
};

export type Reader =
  | { readonly as: 'document'; readonly codec: DocumentCodec }
  | { readonly as: 'table'; readonly codec: TableCodec }
  | { readonly as: 'frames'; readonly codec: FrameCodec; readonly options: FrameOptions };

/** Parts of a message that is cut into several frames must all stand in one payload. */
const [PARTS, WITHIN_MS] = [256, 0];

export const objectWords = z.object({
  topics: z.array(z.string()),
  payload: z.enum(['raw', 'hex', 'base64']).default('raw'),
  codec: z.string().optional(),
  message: z.array(z.string()).optional(),
  use: z.enum(['records', 'heartbeat', 'ignore']).default('records'),
  records: z.string().nullable().default(null),
  unwrap: z.array(z.object({ path: z.string(), codec: z.string() })).default([]),
  assemble: z.unknown().optional(),
});
export type ObjectWords = z.infer<typeof objectWords> & { readonly name: string };

export type ObjectParts = {
  readonly codecs: Codecs;
  /** Of an object that names none. */
  readonly codec: string;
  readonly frameBytes: number;
  readonly place: MqttPlace;
};

/** Throws HUB_SOURCE_UNSUPPORTED for a codec that this hub does not have. */
export function toObjectPlans(objects: readonly ObjectWords[], parts: ObjectParts): readonly ObjectPlan[] {
  return objects.map(({ name, use, topics, payload, codec, message, records, unwrap }) => {
    const place = { ...parts.place, object: name };
    return {
      ...{ name, use, payload, records },
      filters: topics.map(toFilter),
      matchers: topics.map(toTopicMatcher),
      reader: toReader(codec ?? parts.codec, parts, place),
      messages: message === undefined ? null : new Set(message),
      unwrap: unwrap.map((one) => ({ path: one.path, codec: toDocument(one.codec, parts.codecs, place) })),
    };
  });
}

function toReader(name: string, { codecs, frameBytes }: ObjectParts, place: MqttPlace): Reader {
  const frames = codecs.frames.get(name);
  if (frames !== undefined)
    return { as: 'frames', codec: frames, options: { frameBytes, withinMs: WITHIN_MS, parts: PARTS } };
  const table = codecs.tables.get(name);
  return table === undefined
    ? { as: 'document', codec: toDocument(name, codecs, place) }
    : { as: 'table', codec: table };
}

function toDocument(name: string, { documents }: Codecs, place: MqttPlace): DocumentCodec {
  const codec = documents.get(name);
  if (codec !== undefined) return codec;
  throw refuse('HUB_SOURCE_UNSUPPORTED', place, `this hub has no codec ${name} for messages`);
}
