// A video platform as GB/T 28181 describes it (annex A commands, annex N lists in several messages; RFC 3261, RFC 3428),
// written from their texts: the codec's other half.
import { createHash } from 'node:crypto';
import iconv from 'iconv-lite';
import { readAll } from '../../kit/frame-codec.fixture.ts';
import type { FrameOptions } from '../../kit/frame-codec.ts';
import { xmlCodec } from '../xml/xml-codec.ts';
import { toGb28181Codec } from './gb28181-codec.ts';

export type SentRequest = {
  readonly method?: string;
  readonly from?: string;
  readonly cseq?: number;
  readonly headers?: readonly string[];
  readonly type?: string | null;
  readonly body?: Uint8Array;
};

export const PLATFORM = '43110000002000000001';
const HUB = '43110000002000000099';

export function encodeRequest({
  method = 'MESSAGE',
  from = PLATFORM,
  cseq = 20,
  headers = [],
  type = 'Application/MANSCDP+xml',
  body = new Uint8Array(0),
}: SentRequest): Uint8Array {
  const lines = [
    `${method} sip:${HUB}@4311000000 SIP/2.0`,
    `Via: SIP/2.0/UDP 10.43.11.7:5060;rport;branch=z9hG4bK${cseq}`,
    `From: <sip:${from}@4311000000>;tag=500485466`,
    `To: <sip:${HUB}@4311000000>`,
    `Call-ID: ${cseq}@10.43.11.7`,
    `CSeq: ${cseq} ${method}`,
    ...(type === null ? [] : [`Content-Type: ${type}`]),
    'Max-Forwards: 70',
    ...headers,
    `Content-Length: ${body.length}`,
  ];
  return new Uint8Array(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]));
}

/** The 200 OK to `encodeRequest` with the same number. */
export function encodeOk({
  method = 'MESSAGE',
  from = PLATFORM,
  cseq = 20,
  status = '200 OK',
} = {}): Uint8Array {
  const lines = [
    `SIP/2.0 ${status}`,
    `Via: SIP/2.0/UDP 10.43.11.7:5060;rport;branch=z9hG4bK${cseq}`,
    `From: <sip:${from}@4311000000>;tag=500485466`,
    `To: <sip:${HUB}@4311000000>;tag=hub`,
    `Call-ID: ${cseq}@10.43.11.7`,
    `CSeq: ${cseq} ${method}`,
    'Content-Length: 0',
  ];
  return new Uint8Array(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`));
}

/** `declared` is what the prologue says, `encoding` what the bytes are. */
export function encodeXml(inner: string, { declared = 'GB2312', encoding = 'gb18030' } = {}): Uint8Array {
  return new Uint8Array(
    iconv.encode(`<?xml version="1.0" encoding="${declared}"?>\r\n${inner}\r\n`, encoding),
  );
}

export type SentCamera = { readonly id: string; readonly name: string; readonly status?: string };

export function encodeCatalog(
  cameras: readonly SentCamera[],
  { sum, serial = 17, ...how }: { sum: number; serial?: number; declared?: string; encoding?: string },
): Uint8Array {
  const items = cameras
    .map(
      ({ id, name, status = 'ON' }) => `<Item>${element('DeviceID', id)}${element('Name', name)}
<Manufacturer>Hikvision</Manufacturer><Model>IP Camera</Model><Owner>0</Owner><CivilCode>431103</CivilCode>
<Address>冷水滩区</Address><Parental>0</Parental><SafetyWay>0</SafetyWay><RegisterWay>1</RegisterWay><Secrecy>0</Secrecy>
<Password>admin12345</Password>${element('Status', status)}<Longitude>111.607156</Longitude><Latitude>26.434364</Latitude></Item>`,
    )
    .join('\r\n');
  return encodeXml(
    `<Response><CmdType>Catalog</CmdType><SN>${serial}</SN>${element('DeviceID', PLATFORM)}<SumNum>${sum}</SumNum>
<DeviceList Num="${cameras.length}">${items}</DeviceList></Response>`,
    how,
  );
}

export function encodeEvent(id: string, event: string): Uint8Array {
  return encodeXml(`<Notify><CmdType>Catalog</CmdType><SN>88</SN>${element('DeviceID', PLATFORM)}<SumNum>1</SumNum>
<DeviceList Num="1"><Item>${element('DeviceID', id)}${element('Event', event)}</Item></DeviceList></Notify>`);
}

export function encodeKeepalive(): Uint8Array {
  return encodeXml(
    `<Notify><CmdType>Keepalive</CmdType><SN>43</SN>${element('DeviceID', PLATFORM)}<Status>OK</Status></Notify>`,
  );
}

function element(name: string, text: string): string {
  return `<${name}>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</${name}>`;
}

/** The codec as the hub has it, and how its tests ask it. */
export const codec = toGb28181Codec(xmlCodec);
export const join = (list: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(list));
export const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
export const read = (stream: Uint8Array | readonly Uint8Array[], options: Partial<FrameOptions> = {}) =>
  readAll(codec, stream instanceof Uint8Array ? stream : join(stream), options);
export const text = (reply: Uint8Array | null | undefined) => Buffer.from(reply ?? []).toString('latin1');
export const camera = (at: number): SentCamera => ({
  id: `4311030000132${String(at).padStart(7, '0')}`,
  name: `冷水滩区零陵路${at}号`,
});

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** The proof that a platform makes of a challenge (RFC 2617), with or without `qop`. */
export function toAuthorization(
  challenge: string,
  { id = PLATFORM, password = '12345678', qop = false } = {},
): string {
  const [, realm = ''] = /realm="([^"]*)"/.exec(challenge) ?? [];
  const [, nonce = ''] = /nonce="([^"]*)"/.exec(challenge) ?? [];
  const uri = `sip:${HUB}@4311000000`;
  const tail = qop ? ['00000001', '0a4f113b', 'auth'] : [];
  const proof = md5([md5(`${id}:${realm}:${password}`), nonce, ...tail, md5(`REGISTER:${uri}`)].join(':'));
  const more = qop ? ', qop=auth, nc=00000001, cnonce="0a4f113b"' : ', algorithm=MD5';
  return `Digest username="${id}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${proof}"${more}`;
}

export function encodeRegister({
  cseq = 1,
  expires = 3600,
  from = PLATFORM,
  authorization = null as string | null,
} = {}): Uint8Array {
  const proof = authorization === null ? [] : [`Authorization: ${authorization}`];
  const headers = [`Contact: <sip:${from}@10.43.11.7:5060>`, `Expires: ${expires}`, ...proof];
  return encodeRequest({ method: 'REGISTER', type: null, from, cseq, headers });
}
