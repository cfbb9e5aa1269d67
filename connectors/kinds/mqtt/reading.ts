// One message as what it says: for each object that takes some of it, its records and what of it cannot be read. Pure.
import { HubError, isHubError } from '../../../schema/errors.ts';
import type { RawValue, SourceRecord, Unreadable } from '../../kit/contract.ts';
import { toText } from '../../kit/encoding.ts';
import type { Frame, FrameItem } from '../../kit/frame-codec.ts';
import { isRecord, parsePath } from '../../kit/mapping/columns.ts';
import { findItems, mapAt } from '../../kit/web/paths.ts';
import type { ObjectPlan } from './objects.ts';
import type { MqttPlan } from './settings.ts';

export type Message = {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** The broker kept it for whoever subscribes: what it says was so at some time, and is no news. */
  readonly isRetained: boolean;
};

/** What one object has of a message; neither records nor unreadable: a sign of life. */
export type Part = {
  readonly object: string;
  readonly records: readonly SourceRecord[];
  readonly unreadable: readonly Unreadable[];
};

export type Reading = {
  readonly parts: readonly Part[];
  /** The first capture of the topic: who sent it. */
  readonly sender: string | null;
  /** Why it, or some of it, is set aside; null: all of it is sound. */
  readonly refusal: string | null;
};

/** The topic and its captures, which stand in every record and beside every original. */
type Place = { readonly [column: string]: string };
type Table = { readonly records: readonly SourceRecord[]; readonly unreadable: readonly Unreadable[] };

/** Never throws for what a sender sends. `now`: milliseconds, for codecs that answer with a clock. */
export function toReading(plan: MqttPlan, message: Message, now: number): Reading {
  const { topic, payload, isRetained } = message;
  const found = findObjects(plan, topic);
  if (found === null) {
    const words = 'no object of the manifest names this topic';
    return toRefused(plan, [], { topic, payload, words, code: 'HUB_MAP_NO_FORM' }, { '@topic': topic });
  }
  const { objects, captures, lead } = found;
  const place = { ...captures, '@topic': topic };
  const sender = Object.values(captures)[0] ?? null;
  const none = { parts: [], sender, refusal: null };
  // What comes of a document is told by its topic alone: one that is not wanted need not be readable.
  if (lead.reader.as !== 'frames' && lead.use === 'ignore') return none;
  if (lead.reader.as !== 'frames' && lead.use === 'heartbeat')
    return isRetained ? none : { ...none, parts: [{ object: lead.name, records: [], unreadable: [] }] };
  // What takes a retained message away is published without a payload: it says nothing.
  if (payload.length === 0) return none;
  const refused = (words: string) => toRefused(plan, objects, { topic, payload, words }, place, sender);
  if (payload.length > plan.frameBytes * (lead.payload === 'raw' ? 1 : 2))
    return refused(`${payload.length} bytes, more than \`limits.frameBytes\` allows`);
  const bytes = toBytes(payload, lead.payload);
  if (bytes === null) return refused(`its payload is not ${lead.payload}`);
  const parts =
    lead.reader.as === 'frames'
      ? toFrameParts(plan, objects, toFrames(lead.reader, bytes, now), { place, isRetained })
      : toDocumentParts(plan, lead, bytes, { place, payload });
  const refusal = parts.flatMap(({ unreadable }) => unreadable)[0]?.message ?? null;
  return { parts, sender, refusal };
}

type Found = {
  /** The first that names the topic: it decides how the payload is read. */
  readonly lead: ObjectPlan;
  /** It, and those behind it that read the same way and name other messages. */
  readonly objects: readonly ObjectPlan[];
  readonly captures: Place;
};

function findObjects({ objects }: MqttPlan, topic: string): Found | null {
  const named = objects.flatMap((object) => {
    const captures = object.matchers.map((match) => match(topic)).find((one) => one !== null);
    return captures === undefined ? [] : [{ object, captures }];
  });
  const [first] = named;
  if (first === undefined) return null;
  const { object: lead, captures } = first;
  const alike = named
    .map(({ object }) => object)
    .filter(({ reader, payload }) => reader.codec === lead.reader.codec && payload === lead.payload);
  return { lead, objects: alike, captures };
}

/** Null: the payload is not in this form. */
function toBytes(payload: Uint8Array, form: ObjectPlan['payload']): Uint8Array | null {
  if (form === 'raw') return payload;
  const text = Buffer.from(payload).toString('latin1').replaceAll(/\s/g, '');
  if (form === 'hex') return /^([0-9a-f]{2})*$/i.test(text) ? Buffer.from(text, 'hex') : null;
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0 ? Buffer.from(text, 'base64') : null;
}

/** All of it: nothing of a message is left over for the next one. */
function toFrames(
  { codec, options }: Extract<ObjectPlan['reader'], { readonly as: 'frames' }>,
  bytes: Uint8Array,
  now: number,
): readonly FrameItem[] {
  const { state, items } = codec.step(codec.begin(options), bytes, now);
  return [...items, ...codec.end(state, now).items];
}

function toFrameParts(
  plan: MqttPlan,
  objects: readonly ObjectPlan[],
  items: readonly FrameItem[],
  { place, isRetained }: { readonly place: Place; readonly isRetained: boolean },
): readonly Part[] {
  const parts = new Map<string, { object: string; records: SourceRecord[]; unreadable: Unreadable[] }>();
  const partOf = (object: string) => {
    const part = parts.get(object) ?? { object, records: [], unreadable: [] };
    parts.set(object, part);
    return part;
  };
  const first = toFirst(plan, objects);
  for (const item of items) {
    if (item.kind === 'refused') {
      const { raw, reason, message, offset } = item;
      partOf(first).unreadable.push({
        raw: { ...place, '@raw': raw, '@reason': reason, '@offset': offset },
        message: `${reason} at byte ${offset}: ${message}`,
        ...(reason === 'INCOMPLETE' ? { code: 'HUB_MAP_INCOMPLETE' as const } : {}),
      });
      continue;
    }
    const object = objects.find(({ messages }) => messages === null || messages.has(item.message));
    if (object === undefined) partOf(first).unreadable.push(toUnnamed(item, place));
    else if (object.use === 'heartbeat') {
      if (!isRetained) partOf(object.name);
    } else if (object.use === 'records' && item.records.length > 0)
      partOf(object.name).records.push(...item.records.map((record) => ({ ...record, ...place })));
  }
  return [...parts.values()];
}

/** A sound frame that no object names. The bytes of one that shows a password are not kept: what it says is. */
function toUnnamed({ message, device, raw, records, credentials }: Frame, place: Place): Unreadable {
  const said = credentials === undefined ? { '@raw': raw } : { records };
  return {
    raw: { ...place, ...said, '@message': message, '@device': device },
    message: `no object of the manifest names message ${message}`,
    code: 'HUB_MAP_NO_FORM',
  };
}

function toDocumentParts(
  plan: MqttPlan,
  object: ObjectPlan,
  bytes: Uint8Array,
  { place, payload }: { readonly place: Place; readonly payload: Uint8Array },
): readonly Part[] {
  const withPlace = ({ records, unreadable }: Table): readonly Part[] => [
    {
      object: object.name,
      records: records.map((record) => ({ ...record, ...place })),
      unreadable: unreadable.map(({ raw, ...rest }) => ({ ...rest, raw: { ...raw, ...place } })),
    },
  ];
  try {
    const { text } = toText(bytes, plan.encoding);
    if (object.reader.as === 'table') return withPlace(readTable(object.reader.codec, text));
    return withPlace(readTree(toTree(plan, object, text), object));
  } catch (error) {
    if (!isHubError(error)) throw error;
    // Codecs and decoders name the place in the text and show nothing of it.
    return withPlace({
      records: [],
      unreadable: [{ raw: { '@raw': payload }, message: error.message }],
    });
  }
}

type TableReader = Extract<ObjectPlan['reader'], { readonly as: 'table' }>;

function readTable(codec: TableReader['codec'], text: string): Table {
  const reader = codec.open({
    header: { rows: [1], join: '/', columns: null },
    fillDown: [],
    stop: null,
  });
  const [body, rest] = [reader.step(text), reader.end()];
  return {
    records: [...body.records, ...rest.records],
    unreadable: [...body.unreadable, ...rest.unreadable],
  };
}

function toTree({ repair }: MqttPlan, { reader, unwrap }: ObjectPlan, text: string): RawValue {
  if (reader.as !== 'document') return null;
  return unwrap.reduce(
    (tree, { path, codec }) =>
      mapAt(tree, parsePath(path), (inner) =>
        typeof inner === 'string' && inner.trim() !== '' ? codec.decode(inner, { repair: [] }).value : inner,
      ),
    reader.codec.decode(text, { repair }).value,
  );
}

/** A message may be a list of records: devices send together what they kept. */
function readTree(tree: RawValue, { records: path }: ObjectPlan): Table {
  const items = findItems(tree, path === null ? [] : parsePath(path));
  if (items === null)
    throw new HubError(
      'HUB_SOURCE_FORMAT',
      path === null ? 'is neither an object nor a list' : `has no \`${path}\``,
    );
  const records = items.filter(isRecord);
  const unreadable = items.flatMap((item, index) =>
    isRecord(item)
      ? []
      : [
          {
            raw: { '@raw': JSON.stringify(item), '@row': index + 1 },
            message: `element ${index + 1} of the message is no object`,
          },
        ],
  );
  return { records, unreadable };
}

function toFirst({ first }: MqttPlan, objects: readonly ObjectPlan[]): string {
  return objects.find(({ use }) => use === 'records')?.name ?? first;
}

function toRefused(
  plan: MqttPlan,
  objects: readonly ObjectPlan[],
  refused: {
    readonly topic: string;
    readonly payload: Uint8Array;
    readonly words: string;
    readonly code?: 'HUB_MAP_NO_FORM';
  },
  place: Place,
  sender: string | null = null,
): Reading {
  const { payload, words, code } = refused;
  const unreadable: Unreadable = {
    raw: { ...place, '@raw': payload },
    message: words,
    ...(code === undefined ? {} : { code }),
  };
  return {
    parts: [{ object: toFirst(plan, objects), records: [], unreadable: [unreadable] }],
    sender,
    refusal: words,
  };
}
