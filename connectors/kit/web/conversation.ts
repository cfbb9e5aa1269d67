// What is said to one service and heard from it: each request has a place, keeps the pace and carries its credentials; a
// token that has ended is renewed once.
import type { Clock } from '../resilience/clock.ts';
import { toAnswerText, toTree } from './answer.ts';
import type { Heard, Speech, Told, WebAnswer, WebObject, WebRequest, WebSource } from './contract.ts';
import { withCut } from './cut.ts';
import { toExchange } from './exchange.ts';
import { toFault, toStatusFault, type WebPlace } from './faults.ts';
import { toGate } from './gate.ts';
import { isExpired, type Tokens, toTokens } from './login.ts';
import { toPace, toPauseMs } from './pace.ts';
import { findText } from './paths.ts';
import { planRequest } from './plan-request.ts';
import type { Fill } from './slots.ts';
import type { Login } from './words.ts';

/** `until`: milliseconds since 1970 at which the call ends anyway. */
type Limits = { readonly signal: AbortSignal; readonly until: number };

export type Conversation<Request> = {
  /** The answer to an object's request, judged and parsed. */
  ask(object: WebObject<Request>, fill: Fill, limits: Limits): Promise<Heard>;
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

export function openConversation<Request>(
  source: WebSource<Request>,
  speech: Speech<Request>,
  clock: Clock,
  closing: AbortSignal,
): Conversation<Request> {
  const { place, auth, base, timeoutMs } = source;
  const exchange = toExchange(source);
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
      return toToken(answer, login, source);
    });
  const { login } = auth;
  const tokens = login === undefined ? null : toTokens(login, clock, () => logIn(login));

  const askOnce = async (
    object: WebObject<Request>,
    fill: Fill,
    token: string | null,
    limits: Limits,
  ): Promise<Answered> => {
    const plan = speech.toRequest(object, fill);
    const headers =
      token === null || login === undefined ? {} : { [login.send.header]: login.send.prefix + token };
    const answer = await send({ ...plan, headers: { ...plan.headers, ...headers } }, object.place, limits);
    const told = toTold(answer, source, object);
    return { told, take: () => speech.judge(told, object) };
  };
  return {
    async ask(object, fill, limits) {
      const leave = await gate.enter(limits.signal);
      try {
        if (login === undefined || tokens === null) return (await askOnce(object, fill, null, limits)).take();
        return await askWithToken(tokens, login, object.place, limits, (token) =>
          askOnce(object, fill, token, limits),
        );
      } finally {
        leave();
      }
    },
    close: () => exchange.close(),
  };
}

/** `take` throws what is wrong with the answer. */
type Answered = { readonly told: Told; take(): Heard };

function toTold(answer: WebAnswer, source: WebSource, object: WebObject): Told {
  return {
    status: answer.status,
    read: () => {
      const text = toAnswerText(answer, source, object.place);
      return { text, tree: toTree(text, object.reader, source, object) };
    },
  };
}

function saysExpired({ told }: Answered, login: Login): boolean {
  if (login.expired.path === null) return isExpired(login, told.status, null);
  try {
    return isExpired(login, told.status, told.read().tree.value);
  } catch {
    // What is wrong with the body is said when it is taken.
    return isExpired(login, told.status, null);
  }
}

async function askWithToken(
  tokens: Tokens,
  login: Login,
  place: WebPlace,
  { signal }: Limits,
  askOnce: (token: string) => Promise<Answered>,
): Promise<Heard> {
  const token = await tokens.current(signal);
  const answered = await askOnce(token);
  if (!saysExpired(answered, login)) return answered.take();
  tokens.drop(token);
  const again = await askOnce(await tokens.current(signal));
  if (saysExpired(again, login))
    throw toFault(
      'HUB_SOURCE_REFUSED',
      place,
      'a token that was just given counts as ended; are the rights there?',
    );
  return again.take();
}

function toToken(answer: WebAnswer, login: Login, source: WebSource): string {
  const { place } = source;
  const fault = toStatusFault(answer.status, place);
  // What is no fault of the moment is a refusal, whatever number it has.
  if (fault !== null && answer.status >= 400 && answer.status < 500 && answer.status !== 429)
    throw toFault('HUB_SOURCE_REFUSED', place, `the login is refused with HTTP ${answer.status}`);
  if (fault !== null) throw fault;
  const tree = toTree(toAnswerText(answer, source, place), source.reader, source, { place, unwrap: [] });
  const token = findText(tree.value, login.token);
  if (token !== null && token !== '') return token;
  throw toFault(
    'HUB_SOURCE_REFUSED',
    place,
    `the login is refused: its answer has no token at ${login.token}`,
  );
}
