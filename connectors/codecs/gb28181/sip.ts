// SIP (RFC 3261) as far as GB/T 28181 uses it to carry its messages: start line, headers, a body of Content-Length bytes; and
// the responses that the platform sends. First and last step of gb28181-codec.ts.
import type { Reading, Refusal } from '../../kit/frame-stream.ts';

/** `method` of a request, or `status` of a response; the other one is null. Texts hold a byte a character. */
export type Sip = {
  /** Whom a request is for; null of a response. */
  readonly uri: string | null;
  readonly method: string | null;
  readonly status: number | null;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
};
export type Header = { readonly name: string; readonly value: string };

const METHODS = [
  'REGISTER',
  'MESSAGE',
  'NOTIFY',
  'SUBSCRIBE',
  'OPTIONS',
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'INFO',
  'UPDATE',
  'PRACK',
  'REFER',
  'PUBLISH',
];
const BEGINNINGS = [...METHODS.map((method) => `${method} sip:`), 'SIP/2.0 '].map((text) =>
  Buffer.from(text, 'latin1'),
);
const START_LINE = /^(?:([A-Z]+) (sip:\S+) SIP\/2\.0|SIP\/2\.0 ([1-6]\d\d)(?: .*)?)$/;
const HEADER_LINE = /^([!%'*+.\w`~-]+)[ \t]*:(.*)$/;
const COMPACT: ReadonlyMap<string, string> = new Map([
  ['v', 'via'],
  ['f', 'from'],
  ['t', 'to'],
  ['i', 'call-id'],
  ['l', 'content-length'],
  ['c', 'content-type'],
  ['m', 'contact'],
]);
const NAMES: ReadonlyMap<string, string> = new Map([
  ['via', 'Via'],
  ['from', 'From'],
  ['to', 'To'],
  ['call-id', 'Call-ID'],
  ['cseq', 'CSeq'],
]);
/** What a response gives back; without them none can be made. */
const NEEDED = ['via', 'from', 'to', 'call-id', 'cseq'];
const MOST_LINE = 1024;
const MOST_HEAD = 16_384;
const [CR, LF] = [0x0d, 0x0a];
const LINE_END = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');

/** A message, its body not looked into. */
export function readSip(held: Uint8Array): Reading<Sip> {
  const blanks = held.findIndex((byte) => byte !== CR && byte !== LF);
  if (blanks !== 0) return { kind: 'gap', bytes: blanks < 0 ? held.length : blanks };
  const noise = (): Reading<Sip> => ({ kind: 'noise', bytes: toNextBeginning(held, 1) });
  if (!begins(held, 0)) return noise();
  const line = toText(held, MOST_LINE, LINE_END);
  if (line === null) return held.length < MOST_LINE ? { kind: 'wait' } : noise();
  const start = START_LINE.exec(line);
  if (start === null) return noise();
  const head = toText(held, MOST_HEAD, HEAD_END);
  if (head === null)
    return held.length < MOST_HEAD
      ? { kind: 'wait' }
      : refuse(MOST_HEAD, { reason: 'LENGTH', message: `headers of more than ${MOST_HEAD} bytes` });
  const bodyAt = head.length + HEAD_END.length;
  const headers = parseHeaders(head.slice(line.length + LINE_END.length));
  if (headers === null) return refuse(bodyAt, { reason: 'FORMAT', message: 'a line that is no SIP header' });
  const missing = NEEDED.find((name) => toHeader(headers, name) === null);
  if (missing !== undefined) return refuse(bodyAt, { reason: 'FORMAT', message: `no header ${missing}` });
  const length = toLength(headers);
  if (length === null)
    return refuse(bodyAt, { reason: 'LENGTH', message: 'no Content-Length that is a number' });
  const whole = bodyAt + length;
  if (held.length < whole) return { kind: 'wait', until: whole };
  const [, method = null, uri = null, status] = start;
  const body = new Uint8Array(held.subarray(bodyAt, whole));
  const value = { method, uri, status: status === undefined ? null : Number(status), headers, body };
  return { kind: 'frame', bytes: whole, value };
}

export function refuse(bytes: number, refusal: Refusal): Reading<never> {
  return { kind: 'refused', bytes, ...refusal };
}

/** The first place at or behind `from` where a start line may stand. */
export function toNextBeginning(held: Uint8Array, from: number): number {
  for (let at = from; at < held.length; at++) if (begins(held, at)) return at;
  return held.length;
}

function begins(held: Uint8Array, at: number): boolean {
  return BEGINNINGS.some((beginning) => {
    if (held[at] !== beginning[0]) return false;
    const seen = held.subarray(at, at + beginning.length);
    return Buffer.compare(seen, beginning.subarray(0, seen.length)) === 0;
  });
}

/** What stands before `end`, if that comes within the first `most` bytes. */
function toText(held: Uint8Array, most: number, end: Buffer): string | null {
  const window = Buffer.from(held.buffer, held.byteOffset, Math.min(held.length, most));
  const at = window.indexOf(end);
  return at < 0 ? null : window.toString('latin1', 0, at);
}

/** By the long names in lower case, in their order; a line that begins with a blank goes on with the one before. */
function parseHeaders(text: string): readonly Header[] | null {
  const headers: Header[] = [];
  for (const line of text.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const [, written, value] = HEADER_LINE.exec(line) ?? [];
    if (written === undefined || value === undefined) return null;
    const name = written.toLowerCase();
    headers.push({ name: COMPACT.get(name) ?? name, value: value.trim() });
  }
  return headers;
}

export function toHeader(headers: readonly Header[], name: string): string | null {
  return headers.find((header) => header.name === name)?.value ?? null;
}

/** The user of a header with an address (From, To): 20 digits. */
export function toUser(headers: readonly Header[], name: string): string | null {
  return /sips?:([^@;>\s]{1,64})@/i.exec(toHeader(headers, name) ?? '')?.[1] ?? null;
}

/** A message without a type has no body; one with a type must say how long it is. */
function toLength(headers: readonly Header[]): number | null {
  const said = toHeader(headers, 'content-length');
  if (said === null) return toHeader(headers, 'content-type') === null ? 0 : null;
  return /^\d{1,9}$/.test(said) ? Number(said) : null;
}

/** A request of the hub's own; `headers` in their order. */
export function toRequest(line: string, headers: readonly Header[], body: string): Uint8Array {
  const lines = headers.map(({ name, value }) => `${name}: ${value}\r\n`);
  const text = `${line} SIP/2.0\r\n${lines.join('')}Content-Length: ${body.length}\r\n\r\n${body}`;
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

/** The response to a request: its way, its ends, its number; `more` are headers of the response's own. */
export function toResponse({ headers }: Sip, status: string, more: readonly Header[] = []): Uint8Array {
  const own = headers.filter(({ name }) => NEEDED.includes(name));
  const lines = [...own, ...more].map(({ name, value }) => {
    const tag = name === 'to' && !/;\s*tag\s*=/i.test(value) ? ';tag=hub' : '';
    return `${NAMES.get(name) ?? name}: ${value}${tag}\r\n`;
  });
  const text = `SIP/2.0 ${status}\r\n${lines.join('')}Content-Length: 0\r\n\r\n`;
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
