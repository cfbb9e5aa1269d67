// SIP as a video platform writes and reads it (RFC 3261, GB/T 28181-2016), written from the standards' text: requests, responses,
// Digest. The sandbox's own: nothing that reads for the hub is used here.
import { createHash } from 'node:crypto';

export type Told = {
  /** `REGISTER`, `MESSAGE`, …; null: a response. */
  readonly method: string | null;
  readonly status: number | null;
  readonly headers: ReadonlyMap<string, string>;
  /** Every Via line as it came. */
  readonly vias: readonly string[];
  readonly body: string;
};

/** One datagram is one message. Null: none that can be understood. */
export function parseTold(bytes: Buffer): Told | null {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const [, status] = /^SIP\/2\.0 (\d{3})/.exec(first) ?? [];
  const [, method] = /^([A-Z]+) sip:\S+ SIP\/2\.0$/.exec(first) ?? [];
  if (status === undefined && method === undefined) return null;
  const pairs = lines.map((line) => {
    const at = line.indexOf(':');
    return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const;
  });
  return {
    method: method ?? null,
    status: status === undefined ? null : Number(status),
    headers: new Map(pairs),
    vias: pairs.filter(([name]) => name === 'via').map(([, value]) => value),
    body: text.slice(end + 4),
  };
}

/** `headers` as they follow the ones that every request has. */
export type Request = {
  readonly method: string;
  readonly cseq: number;
  readonly callId: string;
  readonly headers?: readonly string[];
  readonly body?: Buffer;
};
export type Ends = {
  readonly id: string;
  /** The name by which it calls the hub. */
  readonly hub: string;
  readonly domain: string;
  readonly port: number;
};

export function toRequestBytes(
  { id, hub, domain, port }: Ends,
  { method, cseq, callId, headers = [], body = Buffer.alloc(0) }: Request,
): Buffer {
  const lines = [
    `${method} sip:${hub}@${domain} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${port};rport;branch=z9hG4bK${callId}.${cseq}`,
    `From: <sip:${id}@${domain}>;tag=${id.slice(-4)}${port}`,
    `To: <sip:${method === 'REGISTER' ? id : hub}@${domain}>`,
    `Call-ID: ${callId}@127.0.0.1`,
    `CSeq: ${cseq} ${method}`,
    'Max-Forwards: 70',
    'User-Agent: sandbox video platform',
    ...headers,
    ...(body.length === 0 ? [] : ['Content-Type: Application/MANSCDP+xml']),
    `Content-Length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

export function toResponseBytes(
  { headers, vias }: Told,
  status: string,
  more: readonly string[] = [],
): Buffer {
  const lines = [
    `SIP/2.0 ${status}`,
    ...vias.map((via) => `Via: ${via}`),
    `From: ${headers.get('from') ?? ''}`,
    `To: ${headers.get('to') ?? ''}${/;\s*tag=/.test(headers.get('to') ?? '') ? '' : ';tag=platform'}`,
    `Call-ID: ${headers.get('call-id') ?? ''}`,
    `CSeq: ${headers.get('cseq') ?? ''}`,
    ...more,
    'Content-Length: 0',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** The answer to a challenge, without `qop`, as GB/T 28181 shows it. */
export function toDigest(challenge: string, { id, hub, domain }: Ends, password: string): string {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const [, realm = ''] = /realm="([^"]*)"/.exec(challenge) ?? [];
  const [, nonce = ''] = /nonce="([^"]*)"/.exec(challenge) ?? [];
  const uri = `sip:${hub}@${domain}`;
  const response = md5(`${md5(`${id}:${realm}:${password}`)}:${nonce}:${md5(`REGISTER:${uri}`)}`);
  return `Digest username="${id}",realm="${realm}",nonce="${nonce}",uri="${uri}",response="${response}",algorithm=MD5`;
}
