// What is said to one service and heard from it: each request has a place, keeps the pace and carries its credentials; a
// token that has ended is renewed once.
import type { Clock } from '../resilience/clock.ts';
import { toTold } from './answer.ts';
import type { Reader, Told, WebAnswer, WebRequest, WebSource } from './contract.ts';
import { withCut } from './cut.ts';
import { toExchange } from './exchange.ts';
import { toFault, toStatusFault, type WebPlace } from './faults.ts';
import { toGate } from './gate.ts';
import { isExpired, type Tokens, toTokens } from './login.ts';
import { toPace, toPauseMs } from './pace.ts';
import { findText } from './paths.ts';
import { planRequest } from './plan-request.ts';
import type { Fill } from './slots.ts';
import type { Targets } from './targets.ts';
import type { Login } from './words.ts';

/** `until`: milliseconds since 1970 at which the call ends anyway. */
export type Limits = { readonly signal: AbortSignal; readonly until: number };
/** What is asked about, and what its answer is written in. */
type Subject = { readonly place: WebPlace; readonly reader: Reader };

export type Conversation = {
  /** The answer to a request; what it says is not judged yet. */
  ask(request: WebRequest, subject: Subject, limits: Limits): Promise<Told>;
  close(): void;
};

const NO_FILL: Fill = {
  zone: 'UTC',
  window: null,
  number: 0,
  offset: 0,
  size: 0,
  token: null,
  columns: [],
  counties: [],
};

export function openConversation(
  source: WebSource,
  { clock, targets }: { readonly clock: Clock; readonly targets: Targets },
  closing: AbortSignal,
): Conversation {
  const { place, auth, base, timeoutMs } = source;
  const exchange = toExchange(source, targets);
  const gate = toGate(source.inFlight);
  const pace = toPace(source.rate, clock, source.bookCall);

  const send = async (request: WebRequest, at: WebPlace, { signal, until }: Limits): Promise<WebAnswer> => {
    await pace.wait(until, signal, at);
    const answer = await exchange.send(request, signal, at);
    if (answer.status === 429 || answer.status === 503)
      pace.pause(toPauseMs(answer.headers['retry-after'], clock.now()));
    return answer;
  };
  const logIn = (login: Login) =>
    withCut({ place, timeoutMs, closing, signal: undefined }, clock, async (signal) => {
      const request = planRequest(base, login.request, NO_FILL, auth);
      const answer = await send(request, place, { signal, until: clock.now() + timeoutMs });
      return toToken(toTold(answer, source, source.reader, place), login, place);
    });
  const { login } = auth;
  const tokens = login === undefined ? null : toTokens(login, clock, () => logIn(login));

  return {
    async ask(request, { place: at, reader }, limits) {
      const leave = await gate.enter(limits.signal);
      const sendWith = async (headers: WebRequest['headers']) => {
        const answer = await send({ ...request, headers: { ...request.headers, ...headers } }, at, limits);
        return toTold(answer, source, reader, at);
      };
      try {
        if (login === undefined || tokens === null) return await sendWith({});
        return await askWithToken(tokens, login, at, limits, (token) =>
          sendWith({ [login.send.header]: login.send.prefix + token }),
        );
      } finally {
        leave();
      }
    },
    close: () => exchange.close(),
  };
}

async function askWithToken(
  tokens: Tokens,
  login: Login,
  place: WebPlace,
  { signal }: Limits,
  askOnce: (token: string) => Promise<Told>,
): Promise<Told> {
  const token = await tokens.current(signal);
  const told = await askOnce(token);
  if (!saysExpired(told, login)) return told;
  tokens.drop(token);
  const again = await askOnce(await tokens.current(signal));
  if (saysExpired(again, login))
    throw toFault(
      'HUB_SOURCE_REFUSED',
      place,
      'a token that was just given counts as ended; are the rights there?',
    );
  return again;
}

function saysExpired(told: Told, login: Login): boolean {
  if (login.expired.path === null) return isExpired(login, told.status, null);
  try {
    return isExpired(login, told.status, told.read().tree.value);
  } catch {
    // What is wrong with the body is said when it is judged.
    return isExpired(login, told.status, null);
  }
}

function toToken(told: Told, login: Login, place: WebPlace): string {
  const { status } = told;
  const fault = toStatusFault(status, place);
  // What is no fault of the moment is a refusal, whatever number it has.
  if (fault !== null && status >= 400 && status < 500 && status !== 429)
    throw toFault('HUB_SOURCE_REFUSED', place, `the login is refused with HTTP ${status}`);
  if (fault !== null) throw fault;
  const token = findText(told.read().tree.value, login.token);
  if (token !== null && token !== '') return token;
  throw toFault(
    'HUB_SOURCE_REFUSED',
    place,
    `the login is refused: its answer has no token at ${login.token}`,
  );
}
