// What the frames of one turn bring, as batches for the hub: one for each object that they are of, and one for each whole list.
import type { Batch, SourceRecord, Unreadable } from '../../kit/contract.ts';
import type { Frame, RefusedFrame } from '../../kit/frame-codec.ts';
import { isRecord } from '../../kit/mapping/columns.ts';
import { findItems } from '../../kit/web/paths.ts';
import type { ObjectPlan, SocketPlan } from './settings.ts';

export type Batches = {
  /** A sound frame, and whose message it is; null: no object names it. */
  add(frame: Frame, object: ObjectPlan | null): void;
  addStray(frame: RefusedFrame): void;
  list(): readonly Batch[];
};

export function toBatches(
  plan: SocketPlan,
  { peer, receivedAt }: { readonly peer: string; readonly receivedAt: string },
): Batches {
  const batches = new Map<string, { records: SourceRecord[]; unreadable: Unreadable[] }>();
  const wholes: Batch[] = [];
  const batchOf = (object: string) => {
    const batch = batches.get(object) ?? { records: [], unreadable: [] };
    batches.set(object, batch);
    return batch;
  };
  const withPeer = (record: SourceRecord): SourceRecord => ({ ...record, '@peer': peer });
  return {
    add: (frame, object) => {
      // Of a protocol in which peers register, what says nothing is the conversation alone.
      if (object === null && frame.sender !== undefined && frame.records.length === 0) return;
      if (object === null) batchOf(plan.first).unreadable.push(toUnnamed(frame, peer));
      else if (object.use === 'heartbeat') batchOf(object.name);
      else if (object.use === 'records' && frame.records.length > 0) {
        const records = toObjectRecords(frame, object)?.map(withPeer);
        if (records === undefined) batchOf(object.name).unreadable.push(toListless(frame, peer));
        else if (frame.whole === true) wholes.push({ object: object.name, records, receivedAt, whole: true });
        else batchOf(object.name).records.push(...records);
      }
    },
    addStray: (frame) => batchOf(plan.first).unreadable.push(toStray(frame, peer)),
    list: () => [
      ...[...batches].map(([object, { records, unreadable }]) => ({
        ...{ object, records, receivedAt },
        ...(unreadable.length === 0 ? {} : { unreadable }),
      })),
      ...wholes,
    ],
  };
}

/** Where the object's records lie in what a frame says; each keeps who said it. null: they are not where they should be. */
function toObjectRecords({ records }: Frame, { path }: ObjectPlan): readonly SourceRecord[] | null {
  if (path === null) return records;
  const lists = records.map((record) => {
    const { '@message': message = null, '@device': device = null } = record;
    const items = findItems(record, path);
    return (
      items?.filter(isRecord).map((item) => ({ '@message': message, '@device': device, ...item })) ?? null
    );
  });
  return lists.includes(null) ? null : lists.flatMap((list) => list ?? []);
}

/** Refused bytes as they came: `@raw`, `@reason`, and `@offset` from the peer's first byte. */
function toStray({ raw, reason, message, offset }: RefusedFrame, peer: string): Unreadable {
  return {
    raw: { '@raw': raw, '@reason': reason, '@offset': offset, '@peer': peer },
    message: `${reason} at byte ${offset}: ${message}`,
    ...(reason === 'INCOMPLETE' ? { code: 'HUB_MAP_INCOMPLETE' as const } : {}),
  };
}

/** A message that has no list where its object's records should lie. */
function toListless({ message, device, raw }: Frame, peer: string): Unreadable {
  return {
    raw: { '@raw': raw, '@message': message, '@device': device, '@peer': peer },
    message: `message ${message} has no list where \`records\` says`,
  };
}

/** A sound frame that no object names. The bytes of one that shows a password are not kept: what it says is. */
function toUnnamed({ message, device, raw, records, credentials }: Frame, peer: string): Unreadable {
  const said = credentials === undefined ? { '@raw': raw } : { records };
  return {
    raw: { ...said, '@message': message, '@device': device, '@peer': peer },
    message: `no object of the manifest names message ${message}`,
    code: 'HUB_MAP_NO_FORM',
  };
}
