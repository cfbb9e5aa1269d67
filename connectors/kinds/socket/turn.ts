// One turn of a peer: what its frames say as batches for the hub, and what the protocol answers once these are durable. Pure.
import type { Batch } from '../../kit/contract.ts';
import type { Frame, FrameItem } from '../../kit/frame-codec.ts';
import { toBatches } from './batches.ts';
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
  const batches = toBatches(plan, { peer, receivedAt });
  const replies: Uint8Array[] = [];
  const devices = new Map<string, number>();
  let { isProven, device, strays } = standing;
  let [sound, refused, reason] = [0, 0, null as string | null];
  let away: string | null = null;
  const stray = (words: string) => {
    strays += 1;
    const most = isProven ? MOST_STRAYS : MOST_STRAYS_UNPROVEN;
    return strays >= most ? `${most} ${words} without a sound one` : null;
  };
  const takeSound = (frame: Frame) => {
    [sound, strays] = [sound + 1, 0];
    if (frame.incomplete === true)
      [refused, reason] = [refused + 1, 'INCOMPLETE: parts of a list never came'];
    if (frame.device !== null) devices.set(frame.device, (devices.get(frame.device) ?? 0) + 1);
    batches.add(frame, plan.objectOf(frame.message));
  };
  const takeFrame = (frame: Frame): string | null => {
    const judged = toStanding(plan, frame, isProven);
    if (judged === 'wrong') return frame.sender === 'wrong' ? stray('wrong passwords') : WRONG;
    isProven = judged !== 'unproven';
    if (judged === 'shown' && hasOwnCodes(plan)) device = frame.device;
    if (isOther(device, frame, plan)) return OTHER;
    if (isProven) takeSound(frame);
    // Before its proof a peer may only do what no record comes of: a terminal registers before it can prove itself.
    else if (frame.sender === undefined) {
      if (plan.objectOf(frame.message)?.use !== 'ignore') return UNPROVEN;
      strays = 0;
    }
    return null;
  };
  for (const item of items) {
    if (item.kind === 'refused') {
      [refused, reason] = [refused + 1, `${item.reason}: ${item.message}`];
      batches.addStray(item);
      // Parts whose others were lost are sound by themselves.
      if (item.reason !== 'INCOMPLETE' || !isProven) away = stray('refused frames');
    } else away = takeFrame(item);
    const isAnswered =
      plan.isAnswered && (away === null || (item.kind === 'frame' && item.sender === 'wrong'));
    if (isAnswered && item.reply !== null && item.reply !== undefined) replies.push(item.reply);
    if (away !== null) break;
  }
  const heard = { devices, refused, reason };
  return { batches: batches.list(), replies, standing: { isProven, device, strays }, sound, heard, away };
}

const WRONG = 'a frame with a wrong password';
const UNPROVEN = 'a message before its sender proved itself';

const OTHER = 'a message of another device than its sender proved itself as';

const hasOwnCodes = ({ proof, codec }: SocketPlan): boolean => proof !== null && codec.codeOf !== undefined;

/** A terminal that proved itself speaks for itself only; it may still register another number. */
const isOther = (device: string | null, frame: Frame, plan: SocketPlan): boolean =>
  device !== null && frame.device !== device && plan.objectOf(frame.message)?.use !== 'ignore';

/** What its protocol says of its sender, where peers register; else what the frame shows, and what was shown before. */
function toStanding(
  plan: SocketPlan,
  frame: Frame,
  isProven: boolean,
): 'shown' | 'proven' | 'unproven' | 'wrong' {
  if (frame.sender !== undefined) return frame.sender;
  const judged = judgeProof(frame, plan);
  if (judged === 'wrong' || judged === 'shown') return judged;
  return isProven ? 'proven' : 'unproven';
}
