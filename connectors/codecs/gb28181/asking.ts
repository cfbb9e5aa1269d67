// What the hub asks a registered platform by itself: catalogues by MESSAGE (GB/T 28181 9.5), notices by SUBSCRIBE (9.11). When
// each is due, how often it is sent again, and the words of the requests. Pure.
import { createHmac } from 'node:crypto';
import type { FrameSession } from '../../kit/frame-codec.ts';
import type { Registration } from './registrar.ts';
import { type Sip, toHeader, toRequest } from './sip.ts';

/** A question or subscription: when it is to be said, and how often it came to nothing. */
type Due = { readonly at: number; readonly tries: number };
/** A request that waits for its response; over UDP it is said again. */
type Open = {
  readonly about: string;
  readonly bytes: Uint8Array;
  readonly saidAt: number;
  readonly again: number;
};

/** `due` by `ask Catalog`, `subscribe Catalog`; `open` by CSeq. */
export type Asking = {
  readonly serial: number;
  readonly due: ReadonlyMap<string, Due>;
  readonly open: ReadonlyMap<number, Open>;
  /** The other end's mark of the dialogue of a subscription, by what it is about. */
  readonly dialogs: ReadonlyMap<string, string>;
};
export type Asked = { readonly asking: Asking; readonly said: readonly Uint8Array[] };

const MOST_TRIES = 3;
/** After so many tries, and where a platform declines. */
const PAUSE_MS = 1_800_000;
/** RFC 3261 17.1.2: a request over UDP is said again after half a second, then after twice as long, for half a minute. */
const [FIRST_AGAIN_MS, MOST_AGAIN_MS, PATIENCE_MS] = [500, 4000, 32_000];
const SUBSCRIBED_S = 3600;

/** Everything is due at once: the platform has just registered. `serial` goes on: no two requests have one number. */
export function beginAsking({ asks, notices }: FrameSession, serial: number, now: number): Asking {
  const names = [
    ...notices.map((name) => `subscribe ${name}`),
    ...asks.map(({ command }) => `ask ${command}`),
  ];
  const due = new Map(names.map((name) => [name, { at: now, tries: 0 }]));
  return { serial, due, open: new Map(), dialogs: new Map() };
}

/** What is due, and what has to be said again. `withinMs`: how long a list may take. */
export function keepAsking(
  before: Asking,
  to: { readonly words: FrameSession; readonly registration: Registration },
  { now, withinMs }: { readonly now: number; readonly withinMs: number },
): Asked {
  const said: Uint8Array[] = [];
  let { serial } = before;
  const [due, open] = [new Map(before.due), new Map(before.open)];
  for (const [cseq, request] of open) {
    if (now - request.saidAt >= PATIENCE_MS) open.delete(cseq);
    else if (to.words.transport === 'udp' && now - request.saidAt >= request.again) {
      open.set(cseq, { ...request, again: request.again + Math.min(request.again, MOST_AGAIN_MS) });
      said.push(request.bytes);
    }
  }
  for (const [about, { at, tries }] of due) {
    if (now < at) continue;
    // An answer that is still coming must not be asked for again.
    const wait = about.startsWith('ask ') ? 2 * withinMs : PATIENCE_MS;
    const isTired = tries >= MOST_TRIES;
    due.set(about, isTired ? { at: now + PAUSE_MS, tries: 0 } : { at: now + wait, tries: tries + 1 });
    if (isTired) continue;
    serial += 1;
    const bytes = toQuestion(about, serial, to, before.dialogs.get(about) ?? null);
    open.set(serial, { about, bytes, saidAt: now, again: FIRST_AGAIN_MS });
    said.push(bytes);
  }
  return { asking: { ...before, serial, due, open }, said };
}

/** A list came: whole, and it is asked for anew at its time; or with parts missing, and it is asked for at once. */
export function takeList(
  asking: Asking,
  command: string,
  { isWhole, words, now }: { readonly isWhole: boolean; readonly words: FrameSession; readonly now: number },
): Asking {
  const name = `ask ${command}`;
  const known = asking.due.get(name);
  const ask = words.asks.find((one) => one.command === command);
  if (known === undefined || ask === undefined) return asking;
  const next = isWhole ? { at: now + ask.everyMs, tries: 0 } : { ...known, at: now };
  return { ...asking, due: new Map(asking.due).set(name, next) };
}

/** A response to one of the hub's requests; any other changes nothing. */
export function takeResponse(asking: Asking, { status, headers }: Sip, now: number): Asking {
  const cseq = Number(/^\d{1,9}/.exec(toHeader(headers, 'cseq') ?? '')?.[0] ?? Number.NaN);
  const request = asking.open.get(cseq);
  if (request === undefined || status === null || status < 200) return asking;
  const [due, open, dialogs] = [new Map(asking.due), new Map(asking.open), new Map(asking.dialogs)];
  open.delete(cseq);
  const { about } = request;
  if (status >= 300) {
    due.set(about, { at: now + PAUSE_MS, tries: 0 });
    dialogs.delete(about);
  } else if (about.startsWith('subscribe ')) {
    const given = Number(/^\d{1,9}$/.exec(toHeader(headers, 'expires') ?? '')?.[0] ?? SUBSCRIBED_S);
    // Renewed before it ends.
    due.set(about, { at: now + Math.max(30, Math.min(given, SUBSCRIBED_S)) * 900, tries: 0 });
    const tag = /;\s*tag\s*=\s*([\w.~%+!*'`-]{1,128})/i.exec(toHeader(headers, 'to') ?? '')?.[1];
    if (tag !== undefined) dialogs.set(about, tag);
  }
  return { ...asking, due, open, dialogs };
}

function toQuestion(
  about: string,
  serial: number,
  { words, registration }: { readonly words: FrameSession; readonly registration: Registration },
  dialog: string | null,
): Uint8Array {
  const [way, command = ''] = about.split(' ');
  const method = way === 'ask' ? 'MESSAGE' : 'SUBSCRIBE';
  const { device, hub } = registration;
  const [, host = '0.0.0.0'] = /@\[?([\w.-]+)/.exec(hub) ?? [];
  const [, user = words.id] = /^sip:([^@;>\s]{1,64})@/.exec(hub) ?? [];
  const transport = words.transport.toUpperCase();
  const at = `${host}:${words.port}`;
  // Of this process and peer alone: a hub that was started again must not seem to go on with its old numbers.
  const own = createHmac('sha256', words.key).update(words.peer).digest('hex').slice(0, 12);
  const call = `${method === 'MESSAGE' ? serial : 'notices'}.${own}@${host}`;
  const header = (name: string, value: string) => ({ name, value });
  const headers = [
    header('Via', `SIP/2.0/${transport} ${at};rport;branch=z9hG4bK${own}.${serial}`),
    header('From', `<sip:${user}@${host}>;tag=${way}${own}`),
    header('To', `<sip:${device}@${device.slice(0, 10)}>${dialog === null ? '' : `;tag=${dialog}`}`),
    header('Call-ID', call),
    header('CSeq', `${serial} ${method}`),
    header('Max-Forwards', '70'),
    ...(method === 'MESSAGE'
      ? []
      : [
          header('Contact', `<sip:${user}@${at}>`),
          header('Event', `${command};id=1`),
          header('Expires', String(SUBSCRIBED_S)),
        ]),
    header('Content-Type', 'Application/MANSCDP+xml'),
  ];
  const body = `<?xml version="1.0" encoding="GB2312"?>\r\n<Query>\r\n<CmdType>${command}</CmdType>\r\n<SN>${serial}</SN>\r\n<DeviceID>${device}</DeviceID>\r\n</Query>\r\n`;
  return toRequest(`${method} sip:${device}@${words.peer}`, headers, body);
}
