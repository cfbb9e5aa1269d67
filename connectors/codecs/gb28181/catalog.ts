// Catalogues of devices that come in many messages (GB/T 28181 annex N): which belong together, when they are whole, and
// what notices that came meanwhile change in them. Pure.
import type { RawValue, SourceRecord } from '../../kit/contract.ts';
import type { Frame } from '../../kit/frame-codec.ts';
import { type Assemblies, type Part, toJoined } from '../../kit/frame-parts.ts';
import { type Content, isTree } from './content.ts';
import { type Sip, toUser } from './sip.ts';

export type Message = { readonly sip: Sip; readonly content: Content | null };
export type List = { readonly key: string; readonly total: number; readonly count: number };

/** What was told of devices while a catalogue was coming: newer than what the catalogue says of them. */
export type Noticed = ReadonlyMap<string, SourceRecord>;

/** Which catalogue a message is a part of; null for all others, and for one that does not say how many it has. */
export function toList({ content }: Message, open: Assemblies<Message>): List | null {
  if (content?.root !== 'Response' || content.command !== 'Catalog') return null;
  const { DeviceID: device, SN: number, SumNum: sum } = content.values;
  const total = typeof sum === 'string' && /^\s*\d{1,7}\s*$/.test(sum) ? Number(sum) : null;
  if (total === null) return null;
  const key = JSON.stringify([device, number]);
  return { key, total, count: countNew(content, open.get(key)?.parts ?? []) };
}

/** Devices that no part named before: one that comes twice does not stand for one that was lost. */
function countNew(content: Content, parts: readonly Part<Message>[]): number {
  const known = new Set(parts.flatMap(({ value }) => toItems(value.content).map(toId)));
  let count = 0;
  for (const id of toItems(content).map(toId)) {
    if (id === null || !known.has(id)) count += 1;
    known.add(id);
  }
  return count;
}

function toItems(content: Content | null): readonly SourceRecord[] {
  const list = content?.values.DeviceList;
  return isTree(list) && Array.isArray(list.Item) ? list.Item.filter(isTree) : [];
}

const toId = ({ DeviceID: id }: SourceRecord): string | null => (typeof id === 'string' ? id.trim() : null);

/** One frame of these messages, with the devices of all. */
export function toCatalog(
  parts: readonly Part<Message>[],
  noticed: Noticed,
  isWhole = false,
): Omit<Frame, 'reply'> {
  const [first] = parts;
  const listed = parts.flatMap(({ value }) => toItems(value.content));
  const items = listed.flatMap((item) => toNewer(item, noticed));
  if (isWhole) items.push(...toAdded(listed, noticed));
  const device = first === undefined ? null : toUser(first.value.sip.headers, 'from');
  const values = { ...first?.value.content?.values, DeviceList: { Item: items as readonly RawValue[] } };
  return {
    kind: 'frame',
    message: 'Catalog',
    device,
    records: [toRecord('Catalog', device, values)],
    raw: toJoined(parts.map(({ raw }) => raw)),
  };
}

export function toRecord(message: string, device: string | null, values: SourceRecord): SourceRecord {
  return { '@message': message, ...(device === null ? {} : { '@device': device }), ...values };
}

const STATES = ['ON', 'OFF', 'VLOST', 'DEFECT'];

function toNewer(item: SourceRecord, noticed: Noticed): readonly SourceRecord[] {
  const id = toId(item);
  const notice = id === null ? undefined : noticed.get(id);
  const event = typeof notice?.Event === 'string' ? notice.Event.trim().toUpperCase() : '';
  if (notice === undefined) return [item];
  if (event === 'DEL') return [];
  if (STATES.includes(event)) return [{ ...item, Status: event }];
  const { Event: _told, ...whole } = notice;
  return [{ ...item, ...whole }];
}

/** Devices that came into being after the list had passed their place. */
function toAdded(listed: readonly SourceRecord[], noticed: Noticed): readonly SourceRecord[] {
  const known = new Set(listed.map(toId));
  return [...noticed].flatMap(([id, { Event: event = null, ...item }]) =>
    !known.has(id) && (event === 'ADD' || event === 'UPDATE') ? [item] : [],
  );
}

/** What a notice adds to those before; nothing is remembered while no catalogue is coming. */
export function takeNotice(noticed: Noticed, { content }: Message, open: Assemblies<Message>): Noticed {
  if (open.size === 0) return noticed.size === 0 ? noticed : new Map();
  if (content?.root !== 'Notify' || content.command !== 'Catalog') return noticed;
  const next = new Map(noticed);
  for (const item of toItems(content)) {
    const id = toId(item);
    if (id !== null && next.size < MOST_NOTICED) next.set(id, item);
  }
  return next;
}

/** Beyond, a catalogue may say what was so when it began; the next one is right again. */
const MOST_NOTICED = 10_000;
