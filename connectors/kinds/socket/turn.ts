// One turn of a peer: what its frames say as batches for the hub, and what the protocol answers once these are durable. Pure.
import type { Batch, SourceRecord, Unreadable } from '../../kit/contract.ts';
import type { Frame, FrameItem, RefusedFrame } from '../../kit/frame-codec.ts';
import type { Heard } from './devices.ts';
import { judgeProof } from './proof.ts';
import type { SocketPlan } from './settings.ts';

/**
 * Of a peer, between its turns. `strays`: refused frames since the last sound one · `device`: as whom it proved itself, where the
 * protocol gives each device a code of its own; null where it does not.
 */
export type Standing = {
  readonly isProven: boolean;
  readonly device: string | null;
  readonly strays: number;
};

export type Turn = {
  readonly batches: readonly Batch[];
  /** In the order of their frames; to be sent when all batches are durable. */
  readonly replies: readonly Uint8Array[];
  readonly standing: Standing;
  /** Sound frames of a peer that proved itself, and what was refused. */
  readonly sound: number;
  readonly heard: Heard;
  /** Why the peer is sent away behind this turn; null: it may stay. What came behind the reason is not taken. */
  readonly away: string | null;
};

/** So many refused frames without a sound one between them, and a peer does not speak this protocol. */
const MOST_STRAYS = 20;
/** The same before it proved itself: what strangers may leave with the hub is little, and enough to be seen. */
const MOST_STRAYS_UNPROVEN = 3;

export function toTurn(
  plan: SocketPlan,
  items: readonly FrameItem[],
  { peer, receivedAt, standing }: { peer: string; receivedAt: string; standing: Standing },
): Turn {
  const batches = new Map<string, { records: SourceRecord[]; unreadable: Unreadable[] }>();
  const replies: Uint8Array[] = [];
  let { isProven, device, strays } = standing;
  const devices = new Map<string, number>();
  let [sound, refused, reason] = [0, 0, null as string | null];
  let away: string | null = null;
  const hasOwnCodes = plan.proof !== null && plan.codec.codeOf !== undefined;
  const batchOf = (object: string) => {
    const batch = batches.get(object) ?? { records: [], unreadable: [] };
    batches.set(object, batch);
    return batch;
  };
  const takeFrame = (frame: Frame): string | null => {
    const judged = judgeProof(frame, plan);
    if (judged === 'wrong') return 'a frame with a wrong password';
    const object = plan.objectOf(frame.message);
    isProven ||= judged === 'shown';
    if (judged === 'shown' && hasOwnCodes) device = frame.device;
    // Before its proof a peer may only do what no record comes of: a terminal registers before it can prove itself.
    if (!isProven && object?.use !== 'ignore') return 'a message before its sender proved itself';
    if (device !== null && frame.device !== device && object?.use !== 'ignore')
      return 'a message of another device than its sender proved itself as';
    if (isProven) {
      sound += 1;
      if (frame.device !== null) devices.set(frame.device, (devices.get(frame.device) ?? 0) + 1);
    }
    strays = 0;
    if (object === null) batchOf(plan.first).unreadable.push(toUnnamed(frame, peer));
    else if (object.use === 'heartbeat') batchOf(object.name);
    else if (object.use === 'records' && frame.records.length > 0)
      batchOf(object.name).records.push(...frame.records.map((record) => ({ ...record, '@peer': peer })));
    return null;
  };
  for (const item of items) {
    if (item.kind === 'refused') {
      refused += 1;
      reason = `${item.reason}: ${item.message}`;
      // Parts whose others were lost are sound by themselves.
      if (item.reason !== 'INCOMPLETE' || !isProven) strays += 1;
      batchOf(plan.first).unreadable.push(toStray(item, peer));
      const most = isProven ? MOST_STRAYS : MOST_STRAYS_UNPROVEN;
      if (strays >= most) away = `${most} refused frames without a sound one`;
    } else away = takeFrame(item);
    if (away !== null) break;
    if (plan.isAnswered && item.reply !== null && item.reply !== undefined) replies.push(item.reply);
  }
  return {
    batches: [...batches].map(([object, { records, unreadable }]) => ({
      object,
      records,
      receivedAt,
      ...(unreadable.length === 0 ? {} : { unreadable }),
    })),
    replies,
    standing: { isProven, device, strays },
    sound,
    heard: { devices, refused, reason },
    away,
  };
}

/** Refused bytes as they came: `@raw`, `@reason`, and `@offset` from the peer's first byte. */
function toStray({ raw, reason, message, offset }: RefusedFrame, peer: string): Unreadable {
  return {
    raw: { '@raw': raw, '@reason': reason, '@offset': offset, '@peer': peer },
    message: `${reason} at byte ${offset}: ${message}`,
    ...(reason === 'INCOMPLETE' ? { code: 'HUB_MAP_INCOMPLETE' as const } : {}),
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
