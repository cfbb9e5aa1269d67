// One vehicle's terminal: registers, proves itself, and sends its position at each of its marks; what it cannot send it keeps, and
// sends as a batch when there is a network again.
import type { Instant } from '../clock/sandbox-clock.ts';
import { type Answer, type FrameOut, openTcpSender } from '../sender/tcp-sender.ts';
import { toChance } from '../storm/noise.ts';
import { MINUTE } from '../storm/storm.ts';
import { type Fix, RECORD_EVERY, SEND_EVERY, toFix, toMarks } from './drive.ts';
import {
  encodeAuthentication,
  encodeBatch,
  encodeMessage,
  encodePosition,
  encodeRegistration,
  MESSAGES,
  openAnswerReader,
  toDamaged,
  toSaid,
} from './jt808.ts';
import type { Vehicle } from './vehicle.ts';

/** Times of the wall clock, milliseconds; `answeredAt` null: not yet. */
export type SentPosition = {
  readonly vehicle: Vehicle;
  readonly fix: Fix;
  readonly sentAt: number;
  readonly answeredAt: number | null;
};

/** Shares of positions, or of spans of ten minutes, in which something odd happens; 0: never. */
export type Oddities = {
  /** Sent once more with another check byte. */
  readonly damaged: number;
  /** Sent twice. */
  readonly doubled: number;
  /** Of spans: five minutes without network. */
  readonly offline: number;
  /** Of vehicles: the first code that is shown is a wrong one. */
  readonly wrongCode: number;
};

export type TerminalOptions = {
  readonly port: number;
  readonly seed: number;
  readonly intervalMs: number;
  readonly oddities: Oddities;
  /** The clock that its positions tell. */
  readonly now: () => Instant;
  /** At each position that is written to the line, and again when it is answered. */
  readonly note: (position: SentPosition) => void;
  readonly count: (what: Counted) => void;
  /** Real milliseconds between two connections; 500 when absent. */
  readonly retryMs?: number | undefined;
  readonly patienceMs?: number | undefined;
};
export const COUNTED = [
  'positions',
  'batches',
  'parts',
  'doubled',
  'damaged',
  'wrongCodes',
  'refused',
] as const;
export type Counted = (typeof COUNTED)[number];

export type Terminal = {
  /** Sends what is due by now. */
  look(): void;
  /** Positions that are due and not answered, those left aside that its being offline keeps. */
  waiting(): number;
  isConnected(): boolean;
  setAway(isAway: boolean): void;
  close(): Promise<void>;
};

const EPISODE = 10 * MINUTE;
const OFFLINE_LASTS = 5 * MINUTE;
/** Positions of a batch at most; a body of so many goes in several frames. */
const BATCH = 60;
/** A day at one in ten seconds: what is older is lost, as in a real terminal's memory. */
const MOST_KEPT = 8640;

export function openTerminal(vehicle: Vehicle, options: TerminalOptions): Terminal {
  const { seed, oddities, now, note, count } = options;
  const every = vehicle.isRegistered ? options.intervalMs : RECORD_EVERY;
  let [serial, lastAt, beatAt] = [0, now() - every, now()];
  let [isAway, isOffline, sending] = [false, false, 0];
  let kept: Fix[] = [];
  const chance = (...parts: number[]) => toChance(seed, 112, vehicle.index, ...parts);
  const toOut = (message: number, body: Buffer): FrameOut & { readonly frames: readonly Buffer[] } => {
    const frames = encodeMessage(vehicle, message, serial, body);
    serial = (serial + frames.length) & 0xffff;
    // Parts are answered together: the last one's answer is the message's.
    return { key: String((serial - 1) & 0xffff), bytes: Buffer.concat(frames), frames };
  };
  const sender = openTcpSender({
    port: options.port,
    openReader: openAnswerReader,
    introduce: toIntroduction(vehicle, toOut, chance(1) < oddities.wrongCode, count),
    ...(options.retryMs === undefined ? {} : { retryMs: options.retryMs }),
    ...(options.patienceMs === undefined ? {} : { patienceMs: options.patienceMs }),
  });
  const send = (message: number, body: Buffer, fixes: readonly Fix[]) => {
    const out = toOut(message, body);
    if (out.frames.length > 1) count('parts');
    const sentAt = Date.now();
    for (const fix of fixes) note({ vehicle, fix, sentAt, answeredAt: null });
    sending += fixes.length;
    const hear = (answer: Answer) => {
      sending -= fixes.length;
      if (toSaid(answer).result !== 0) return count('refused');
      for (const fix of fixes) note({ vehicle, fix, sentAt, answeredAt: Date.now() });
    };
    sender.send(out).then(hear, () => undefined);
    return out;
  };
  const sendPosition = (fix: Fix) => {
    const mark = Math.floor(fix.at / 1000);
    const out = send(MESSAGES.position, encodePosition(fix), [fix]);
    count('positions');
    if (chance(2, mark) < oddities.doubled) {
      send(MESSAGES.position, encodePosition(fix), [fix]);
      count('doubled');
    }
    if (chance(3, mark) < oddities.damaged && sender.shout(toDamaged(out.frames[0] ?? Buffer.alloc(0))))
      count('damaged');
  };
  const turn = (at: Instant) => {
    const episode = Math.floor(at / EPISODE);
    const wasOffline = isOffline || isAway;
    isOffline = at - episode * EPISODE < OFFLINE_LASTS && chance(4, episode) < oddities.offline;
    if (wasOffline === (isOffline || isAway)) return;
    if (isOffline || isAway) sender.cut({ isAway: true });
    else sender.back();
  };
  const sendKept = () => {
    for (let fixes = kept.splice(0, BATCH); fixes.length > 0; fixes = kept.splice(0, BATCH)) {
      send(MESSAGES.batch, encodeBatch(fixes), fixes);
      count('batches');
    }
  };
  return {
    look() {
      const at = now();
      if (!isAway) turn(at);
      const isOnline = sender.isConnected() && !isOffline && !isAway;
      for (const mark of toMarks(vehicle, every, lastAt, at)) {
        const fix = toFix(seed, vehicle, mark);
        if (isOnline && at - mark <= 6 * SEND_EVERY) sendPosition(fix);
        else kept.push(fix);
      }
      lastAt = Math.max(lastAt, at);
      kept = kept.slice(-MOST_KEPT);
      if (!isOnline) return;
      sendKept();
      if (at - beatAt < MINUTE) return;
      beatAt = at;
      sender.send(toOut(MESSAGES.heartbeat, Buffer.alloc(0))).catch(() => undefined);
    },
    waiting: () => sending + (isOffline || isAway ? 0 : kept.length),
    isConnected: sender.isConnected,
    setAway(away) {
      isAway = away;
      if (away) sender.cut({ isAway: true });
      else if (!isOffline) sender.back();
    },
    close: sender.close,
  };
}

/** Registers once, shows the code on every connection; a code that is refused is forgotten, and asked for anew. */
function toIntroduction(
  vehicle: Vehicle,
  toOut: (message: number, body: Buffer) => FrameOut,
  isWrongAtFirst: boolean,
  count: (what: Counted) => void,
) {
  let code: string | null = null;
  let isWrong = isWrongAtFirst;
  return async (ask: (frame: FrameOut) => Promise<Answer>): Promise<void> => {
    if (code === null) {
      const said = toSaid(await ask(toOut(MESSAGES.register, encodeRegistration(vehicle))));
      if (said.result !== 0) throw new Error(`the registration was refused: ${said.result}`);
      code = said.code;
    }
    const shown = isWrong ? 'of another platform' : code;
    if (isWrong) count('wrongCodes');
    isWrong = false;
    try {
      const { result } = toSaid(
        await ask(toOut(MESSAGES.authenticate, encodeAuthentication(vehicle, shown))),
      );
      if (result !== 0) throw new Error(`the code was refused: ${result}`);
    } catch (error) {
      code = null;
      throw error;
    }
  };
}
