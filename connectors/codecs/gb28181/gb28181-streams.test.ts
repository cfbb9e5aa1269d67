import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expectFound, expectSteady, streamOf } from '../../kit/frame-codec.fixture.ts';
import {
  bytes,
  camera,
  codec,
  encodeCatalog,
  encodeKeepalive,
  encodeOk,
  encodeRequest,
  encodeXml,
  join,
  read,
  text,
} from './gb28181.fixture.ts';

const sent = fc.oneof(
  fc.tuple(fc.nat(3), fc.nat(2), fc.nat(3)).map(([sum, count, cseq]) =>
    encodeRequest({
      cseq,
      body: encodeCatalog(
        Array.from({ length: count }, (_, at) => camera(at)),
        { sum },
      ),
    }),
  ),
  fc
    .constantFrom('MESSAGE', 'NOTIFY', 'REGISTER')
    .map((method) => encodeRequest({ method, body: encodeKeepalive() })),
  fc.constant(encodeOk()),
);

describe('what is no sound message', () => {
  const good = encodeRequest({ body: encodeKeepalive() });
  const replaced = (from: string | RegExp, to: string) => bytes(text(good).replace(from, to));

  test.each([
    [
      'a body that is no XML',
      encodeRequest({ body: bytes('<Notify><CmdType>') }),
      'FORMAT',
      '400 Bad Request',
    ],
    [
      'a document type',
      encodeRequest({ body: bytes('<!DOCTYPE x [<!ENTITY a "b">]><x><CmdType>&a;</CmdType></x>') }),
      'FORMAT',
      '400',
    ],
    ['no command', encodeRequest({ body: encodeXml('<Notify><SN>1</SN></Notify>') }), 'FORMAT', '400'],
    [
      'two encodings',
      encodeRequest({ body: join([encodeXml('<a>零</a>'), encodeXml('<a>陵</a>', { encoding: 'utf-8' })]) }),
      'FORMAT',
      '400',
    ],
    [
      'another type of body',
      encodeRequest({ type: 'text/plain', body: bytes('hello') }),
      'FORMAT',
      '415 Unsupported Media Type',
    ],
  ])('%s is refused, answered, and shows nothing of it', (_, stream, reason, status) => {
    const [item] = read(stream);
    expect(item).toMatchObject({ kind: 'refused', reason, offset: 0, raw: stream });
    expect(item?.kind === 'refused' && text(item.reply)).toContain(`SIP/2.0 ${status}`);
    expect(item?.kind === 'refused' && item.message).not.toMatch(/hello|CmdType>|零|陵/);
  });

  test.each([
    ['a length that is no number', replaced(/Content-Length: \d+/, 'Content-Length: many'), 'LENGTH'],
    ['no length', replaced(/\r\nContent-Length: \d+/, ''), 'LENGTH'],
    ['no From', replaced(/From: .*\r\n/, ''), 'FORMAT'],
    ['a line that is no header', replaced('Max-Forwards: 70', 'Max Forwards'), 'FORMAT'],
    ['headers without end', bytes(`MESSAGE sip:a SIP/2.0\r\n${'X: y\r\n'.repeat(3000)}`), 'LENGTH'],
  ])('%s is refused, and the next message is read', (_, stream, reason) => {
    const items = read([stream, good], { frameBytes: 65_536 });
    expect(items[0]).toMatchObject({ kind: 'refused', reason, offset: 0 });
    expect(items.at(-1)).toMatchObject({ kind: 'frame', message: 'Keepalive' });
  });

  test('a length that is too long does not hide the message behind it', () => {
    const liar = replaced(/Content-Length: (\d+)/, 'Content-Length: 400');
    const items = read([liar, good, good]);
    expect(items.map((item) => (item.kind === 'frame' ? item.message : item.reason))).toEqual([
      'FORMAT',
      'Keepalive',
      'Keepalive',
    ]);
  });

  test('a length that is too short leaves noise', () => {
    const items = read([replaced(/Content-Length: (\d+)/, 'Content-Length: 9'), good]);
    expect(items.map((item) => (item.kind === 'frame' ? item.message : item.reason))).toEqual([
      'FORMAT',
      'NOISE',
      'Keepalive',
    ]);
  });

  test('a message beyond the limit is refused, one cut off is broken', () => {
    expect(read(good, { frameBytes: 200 })[0]).toMatchObject({ reason: 'LIMIT' });
    expect(read(good.subarray(0, 300))).toMatchObject([{ reason: 'BROKEN', raw: good.subarray(0, 300) }]);
  });

  test('hostile text takes no time', () => {
    const started = performance.now();
    for (const piece of ['SIP/2.0 ', 'MESSAGE sip:a SIP/2.0\r\n', '\r\n ', 'From: sip:'])
      read(bytes(`MESSAGE sip:a SIP/2.0\r\n${piece.repeat(65_536 / piece.length)}`), { frameBytes: 65_536 });
    read(bytes(`MESSAGE sip:a SIP/2.0\r\nX: ${' '.repeat(15_000)}a\r\n\r\n`), { frameBytes: 65_536 });
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});

describe('any stream', () => {
  test('gives the same items however it is cut', () => {
    expectSteady(codec, streamOf(sent));
  });

  test('of random bytes gives refusals only, and all of them stand in the stream', () => {
    expectSteady(codec, fc.uint8Array({ maxLength: 300 }));
    const pieces = fc.constantFrom(
      'MESSAGE sip:a SIP/2.0',
      'SIP/2.0 200 OK',
      '\r\n',
      '\r\n\r\n',
      'Content-Length: 3',
      'M',
      'x',
      ' ',
    );
    expectSteady(
      codec,
      fc.array(pieces, { maxLength: 40 }).map((list) => bytes(list.join(''))),
    );
  });

  test('gives every sound message behind noise', () => {
    const noise = fc.uint8Array({ maxLength: 20 }).map((list) => list.filter((byte) => byte >= 0x80));
    expectFound(
      codec,
      sent.filter((each) => each.length > 0 && !text(each).includes('SumNum')),
      noise,
    );
  });
});
