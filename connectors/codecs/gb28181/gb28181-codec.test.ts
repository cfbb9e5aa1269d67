import { describe, expect, test } from '@jest/globals';
import {
  bytes,
  camera,
  encodeEvent,
  encodeKeepalive,
  encodeOk,
  encodeRequest,
  PLATFORM,
  read,
  text,
} from './gb28181.fixture.ts';

describe('other messages', () => {
  test('a notice of ON or OFF is named apart from the list, by NOTIFY and by MESSAGE', () => {
    for (const method of ['NOTIFY', 'MESSAGE'])
      expect(read(encodeRequest({ method, body: encodeEvent(camera(7).id, 'OFF') }))).toMatchObject([
        {
          message: 'Notify.Catalog',
          records: [{ DeviceList: { Item: [{ DeviceID: camera(7).id, Event: 'OFF' }] } }],
          reply: encodeOk({ method }),
        },
      ]);
  });

  test('a keepalive says that all is well, and is answered', () => {
    expect(read(encodeRequest({ body: encodeKeepalive() }))).toMatchObject([
      {
        message: 'Keepalive',
        device: PLATFORM,
        records: [{ CmdType: 'Keepalive', Status: 'OK' }],
        reply: encodeOk(),
      },
    ]);
  });

  test('a registration gives its proof beside the records, and its answer the time of Yongzhou', () => {
    const headers = [
      'Expires: 3600',
      'Authorization: Digest username="x", response="6629fae49393a05397450978507c4ef1"',
    ];
    const [item] = read(encodeRequest({ method: 'REGISTER', type: null, headers }));
    expect(item).toMatchObject({
      message: 'REGISTER',
      records: [],
      credentials: { authorization: 'Digest username="x", response="6629fae49393a05397450978507c4ef1"' },
    });
    const reply = item?.kind === 'frame' ? text(item.reply) : '';
    expect(reply).toMatch(/^SIP\/2\.0 200 OK\r\n/);
    expect(reply).toContain('\r\nDate: 2026-04-05T08:30:00.000\r\nExpires: 3600\r\n');
  });

  test('a response to the hub’s own question is not answered; what it does not speak is declined', () => {
    expect(read(encodeOk())).toMatchObject([{ message: '200', records: [], reply: null }]);
    expect(read(encodeRequest({ method: 'ACK', type: null }))).toMatchObject([
      { message: 'ACK', reply: null },
    ]);
    const [invite] = read(encodeRequest({ method: 'INVITE', type: 'application/sdp', body: bytes('v=0') }));
    expect(invite?.kind === 'frame' && text(invite.reply)).toMatch(
      /^SIP\/2\.0 405 Method Not Allowed\r\n[\s\S]*\r\nAllow: MESSAGE, /,
    );
  });

  test('short names of headers and lines that go on are the same message', () => {
    const body = encodeKeepalive();
    const head = [
      'MESSAGE sip:1@2 SIP/2.0',
      'v: SIP/2.0/UDP 10.0.0.1',
      'v: SIP/2.0/UDP 10.0.0.2',
      'f: <sip:34020000001320000001@3402000000>',
      ' ;tag=7',
      't: <sip:1@2>;tag=old',
      'i: a',
      'CSeq: 1 MESSAGE',
      'c: Application/MANSCDP+xml',
      `l: ${body.length}`,
    ].join('\r\n');
    const [item] = read([bytes(`\r\n\r\n${head}\r\n\r\n`), body]);
    expect(item).toMatchObject({ message: 'Keepalive', device: '34020000001320000001' });
    expect(item?.kind === 'frame' && text(item.reply)).toBe(
      'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.1\r\nVia: SIP/2.0/UDP 10.0.0.2\r\nFrom: <sip:34020000001320000001@3402000000> ;tag=7\r\nTo: <sip:1@2>;tag=old\r\nCall-ID: a\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n',
    );
  });
});
