// The conversation with one platform: only who registered is heard, and whoever did is asked. Pure; gb28181-codec.ts tells it
// of every message, of lists that came and of time that passed.
import type { FrameSession } from '../../kit/frame-codec.ts';
import { type Asked, type Asking, beginAsking, keepAsking, takeList, takeResponse } from './asking.ts';
import { judgeRegister, type Registration } from './registrar.ts';
import { type Sip, toResponse } from './sip.ts';

export type Session = {
  readonly words: FrameSession;
  readonly registration: Registration | null;
  readonly asking: Asking | null;
  /** The last number of a request of the hub's. */
  readonly serial: number;
};

export type Heard = {
  readonly session: Session;
  readonly sender: 'proven' | 'unproven' | 'wrong';
  /** In place of what the message would be answered; absent: that stands. */
  readonly reply?: Uint8Array | null;
};

export const beginSession = (words: FrameSession): Session => ({
  ...{ words, registration: null, asking: null, serial: 0 },
});

export function hearMessage(before: Session, sip: Sip, now: number): Heard {
  const session = withoutOld(before, now);
  const { words, registration, asking } = session;
  if (sip.method === 'REGISTER') {
    const judged = judgeRegister(sip, registration, words, now);
    const isNew = judged.registration !== null && registration === null;
    return {
      session: {
        ...session,
        registration: judged.registration,
        asking:
          judged.registration === null ? null : isNew ? beginAsking(words, session.serial, now) : asking,
      },
      sender: judged.sender,
      reply: judged.reply,
    };
  }
  if (registration === null || asking === null)
    // A platform that is told so registers anew: the hub may have been started again.
    return { session, sender: 'unproven', reply: toDeclined(sip) };
  const isResponse = sip.status !== null;
  return {
    session: isResponse ? { ...session, asking: takeResponse(asking, sip, now) } : session,
    sender: 'proven',
  };
}

/** What the hub says now. */
export function speak(
  before: Session,
  at: { readonly now: number; readonly withinMs: number },
): { readonly session: Session; readonly said: Asked['said'] } {
  const session = withoutOld(before, at.now);
  const { words, registration, asking } = session;
  if (registration === null || asking === null) return { session, said: [] };
  const { asking: next, said } = keepAsking(asking, { words, registration }, at);
  return { session: { ...session, asking: next, serial: next.serial }, said };
}

export function hearList(
  session: Session,
  command: string,
  { isWhole, now }: { readonly isWhole: boolean; readonly now: number },
): Session {
  const { asking, words } = session;
  return asking === null
    ? session
    : { ...session, asking: takeList(asking, command, { isWhole, words, now }) };
}

function withoutOld(session: Session, now: number): Session {
  const { registration } = session;
  return registration === null || now < registration.until
    ? session
    : { ...session, registration: null, asking: null };
}

function toDeclined(sip: Sip): Uint8Array | null {
  return sip.method === null || sip.method === 'ACK' ? null : toResponse(sip, '403 Forbidden');
}
