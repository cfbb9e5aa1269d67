// The conversation with a platform: who may register, what is asked of it, and when it is asked again.
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { NOW, OPTIONS } from '../../kit/frame-codec.fixture.ts';
import type { Frame, FrameSession } from '../../kit/frame-codec.ts';
import { judgeDigest, parseAuthorization } from './digest.ts';
import {
  bytes,
  camera,
  codec,
  encodeCatalog,
  encodeKeepalive,
  encodeRegister,
  encodeRequest,
  PLATFORM,
  text,
  toAuthorization,
} from './gb28181.fixture.ts';

const SESSION: FrameSession = {
  ...{ id: PLATFORM, password: '12345678', key: 'k', peer: '10.43.11.7:5060', port: 5061, transport: 'udp' },
  asks: [{ command: 'Catalog', everyMs: 86_400_000 }],
  notices: ['Catalog'],
};

/** A platform in conversation with the hub: what it sends, and what it is told. */
function openTalk(change: Partial<FrameSession> = {}) {
  let state = codec.begin({
    ...{ ...OPTIONS, frameBytes: 65_536, incomplete: 'accept' },
    session: { ...SESSION, ...change },
  });
  const talk = {
    now: NOW,
    send(message: Uint8Array) {
      const step = codec.step(state, message, talk.now);
      state = step.state;
      const [frame] = step.items.filter((item): item is Frame => item.kind === 'frame');
      return { frame, reply: text(frame?.reply), said: (step.said ?? []).map(text), items: step.items };
    },
    pass: (ms: number) => {
      talk.now += ms;
      return talk.send(new Uint8Array(0)).said;
    },
    register(how: { password?: string; qop?: boolean; expires?: number; id?: string } = {}) {
      const challenge = talk.send(encodeRegister()).reply;
      const authorization = toAuthorization(challenge, how);
      return talk.send(encodeRegister({ cseq: 2, authorization, ...how }));
    },
  };
  return talk;
}
const keepalive = encodeRequest({ body: encodeKeepalive() });
const respond = (question: string, status: string, more = '') => {
  const headers = question.match(/^(Via|From|To|Call-ID|CSeq): .*\r\n/gm) ?? [];
  const tagged = headers.map((line) => line.replace(/^(To: [^\r;]*)\r/, '$1;tag=platform\r'));
  return bytes(`SIP/2.0 ${status}\r\n${tagged.join('')}${more}Content-Length: 0\r\n\r\n`);
};

describe('a registration', () => {
  test('is challenged, and taken with the right password only', () => {
    for (const qop of [false, true]) {
      const talk = openTalk();
      const challenged = talk.send(encodeRegister());
      expect(challenged.reply).toMatch(
        /^SIP\/2\.0 401 Unauthorized\r\n[\s\S]*\r\nWWW-Authenticate: Digest realm="4311000000",nonce="[\w.]+",algorithm=MD5\r\n/,
      );
      expect([challenged.frame?.sender, challenged.said]).toEqual(['unproven', []]);
      const taken = talk.register({ qop });
      expect([taken.frame?.sender, taken.frame?.records, taken.frame?.credentials]).toEqual([
        'proven',
        [],
        undefined,
      ]);
      expect(taken.reply).toMatch(/^SIP\/2\.0 200 OK\r\n[\s\S]*\r\nDate: 2026-04-05T08:30:00\.000\r\n/);
      expect(taken.reply).toContain('\r\nExpires: 3600\r\n');
      expect(talk.send(keepalive)).toMatchObject({
        frame: { sender: 'proven', message: 'Keepalive', records: [{ Status: 'OK' }] },
        reply: expect.stringMatching(/^SIP\/2\.0 200 OK/),
      });
    }
  });

  test.each([
    ['a wrong password', { password: '87654321' }],
    ['another’s number', { id: '43110000002000000002' }],
  ])('with %s is refused with 403', (_, how) => {
    const talk = openTalk();
    expect(talk.register(how)).toMatchObject({
      frame: { sender: 'wrong', records: [] },
      reply: expect.stringMatching(/^SIP\/2\.0 403 Forbidden/),
      said: [],
    });
    expect(talk.send(keepalive)).toMatchObject({ frame: { sender: 'unproven', records: [] } });
  });

  test('from another From than the one that the password is for is refused', () => {
    const talk = openTalk();
    const authorization = toAuthorization(talk.send(encodeRegister()).reply);
    const from = '43110000002000000002';
    expect(talk.send(encodeRegister({ cseq: 2, authorization, from })).frame?.sender).toBe('wrong');
  });

  test('with a challenge that is old, of another peer or used before is challenged anew', () => {
    const talk = openTalk();
    const other = openTalk({ peer: '10.43.11.8:5060' });
    const foreign = toAuthorization(other.send(encodeRegister()).reply);
    expect(talk.send(encodeRegister({ cseq: 2, authorization: foreign })).reply).toMatch(
      /^SIP\/2\.0 401[\s\S]*stale=true/,
    );
    const authorization = toAuthorization(talk.send(encodeRegister()).reply);
    talk.now += 60_000;
    expect(talk.send(encodeRegister({ cseq: 3, authorization })).reply).toMatch(/^SIP\/2\.0 401[\s\S]*stale/);
    const good = toAuthorization(talk.send(encodeRegister()).reply);
    const request = encodeRegister({ cseq: 4, authorization: good });
    // The same request once more (its answer was lost) is answered as before; another one by the same proof is not.
    expect([talk.send(request).reply, talk.send(request).reply]).toEqual([
      expect.stringMatching(/^SIP\/2\.0 200/),
      expect.stringMatching(/^SIP\/2\.0 200/),
    ]);
    const replayed = encodeRegister({ cseq: 5, authorization: good, expires: 0 });
    expect(talk.send(replayed).reply).toMatch(/^SIP\/2\.0 401[\s\S]*stale=true/);
    expect(talk.send(keepalive).frame?.sender).toBe('proven');
  });

  test('ends with Expires 0 and with its time; then the platform is told to register anew', () => {
    const talk = openTalk();
    talk.register({ expires: 60 });
    talk.now += 89_000;
    expect(talk.send(keepalive).frame?.sender).toBe('proven');
    talk.now += 1000;
    expect(talk.send(keepalive)).toMatchObject({
      frame: { sender: 'unproven', records: [] },
      reply: expect.stringMatching(/^SIP\/2\.0 403/),
      said: [],
    });
    talk.register();
    talk.register({ expires: 0 });
    expect(talk.send(keepalive).frame?.sender).toBe('unproven');
    expect(talk.pass(86_400_000)).toEqual([]);
  });

  test('is judged as the example of RFC 2617 is', () => {
    // 3.5 of RFC 2617, method and URI as they stand there.
    const header =
      'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
    const fields = parseAuthorization(header) ?? new Map();
    const proof = { id: 'Mufasa', password: 'Circle Of Life', method: 'GET' };
    const challenger = { key: 'k', peer: 'p' };
    expect(judgeDigest(fields, proof, challenger, NOW)).toBe('stale');
    expect(judgeDigest(fields, { ...proof, password: 'circle of life' }, challenger, NOW)).toBe('wrong');
  });

  test('of hostile text is refused quickly', () => {
    for (const piece of ['a="', 'a=,', 'a = ', '"', 'Digest '])
      expect(() => parseAuthorization(`Digest ${piece.repeat(5000)}`)).not.toThrow();
    expect(parseAuthorization('Basic dXNlcg==')).toBeNull();
  });
});

describe('whoever registered', () => {
  test('is subscribed to and asked for its catalogue, in words that it can read', () => {
    const { said } = openTalk().register();
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/^SUBSCRIBE sip:43110000002000000001@10\.43\.11\.7:5060 SIP\/2\.0\r\n/);
    expect(said[0]).toMatch(/\r\nEvent: Catalog;id=1\r\nExpires: 3600\r\n/);
    expect(said[1]).toMatch(
      /^MESSAGE [\s\S]*\r\nFrom: <sip:43110000002000000099@4311000000>;tag=\w+\r\nTo: <sip:43110000002000000001@4311000000>\r\n[\s\S]*\r\nContent-Length: (\d+)\r\n\r\n<\?xml version="1\.0" encoding="GB2312"\?>\r\n<Query>\r\n<CmdType>Catalog<\/CmdType>\r\n<SN>2<\/SN>\r\n<DeviceID>43110000002000000001<\/DeviceID>\r\n<\/Query>\r\n$/,
    );
  });

  test('is asked again over UDP until it responds, and not once more over TCP', () => {
    const talk = openTalk();
    const { said } = talk.register();
    expect(talk.pass(499)).toEqual([]);
    expect(talk.pass(1)).toEqual(said);
    for (const question of said) talk.send(respond(question, '200 OK', 'Expires: 3600\r\n'));
    expect(talk.pass(30_000)).toEqual([]);
    const overTcp = openTalk({ transport: 'tcp' });
    overTcp.register();
    expect(overTcp.pass(10_000)).toEqual([]);
  });

  test('is asked anew when its list did not come whole, three times, and then each day', () => {
    const talk = openTalk();
    const { said } = talk.register();
    for (const question of said) talk.send(respond(question, '200 OK', 'Expires: 3600\r\n'));
    const part = (cseq: number, at: number, serial: number) =>
      encodeRequest({ cseq, body: encodeCatalog([camera(at)], { sum: 2, serial }) });
    talk.send(part(1, 1, 2));
    const [again = ''] = talk.pass(30_000);
    expect(again).toContain('<SN>3</SN>');
    talk.send(respond(again, '200 OK'));
    talk.send(part(2, 1, 3));
    const whole = talk.send(part(3, 2, 3));
    expect([whole.frame?.whole, whole.said]).toEqual([true, []]);
    expect(talk.pass(3_000_000).filter((line) => line.includes('<Query>'))).toEqual([]);
    const daily = openTalk({ notices: [] });
    daily.register({ expires: 86_400 });
    daily.send(part(4, 1, 1));
    daily.send(part(5, 2, 1));
    expect(daily.pass(86_399_000)).toEqual([]);
    expect(daily.pass(1000)[0]).toContain('<CmdType>Catalog</CmdType>');
  });

  test('that does not answer is left alone for half an hour after three questions', () => {
    const talk = openTalk({ notices: [], transport: 'tcp' });
    let questions = talk.register({ expires: 86_400 }).said.length;
    for (let second = 0; second < 1800; second += 10) questions += talk.pass(10_000).length;
    expect(questions).toBe(3);
    for (let second = 0; second < 600; second += 10) questions += talk.pass(10_000).length;
    expect(questions).toBeGreaterThan(3);
  });

  test('has its subscription renewed before it ends, within its dialogue', () => {
    const talk = openTalk({ asks: [] });
    const [subscribe = ''] = talk.register({ expires: 86_400 }).said;
    talk.send(respond(subscribe, '200 OK', 'Expires: 600\r\n'));
    expect(talk.pass(539_000)).toEqual([]);
    const [renewal = ''] = talk.pass(1000);
    expect(renewal).toMatch(/^SUBSCRIBE [\s\S]*\r\nTo: <[^>]*>;tag=platform\r\n/);
    expect(renewal.match(/Call-ID: .*/)?.[0]).toBe(subscribe.match(/Call-ID: .*/)?.[0]);
  });
});

test('A challenge cannot be read for the password or the key that it was made with', () => {
  const { reply } = openTalk().send(encodeRegister());
  expect(reply).not.toContain('12345678');
  expect(reply).not.toContain(createHash('md5').update(`${PLATFORM}:4311000000:12345678`).digest('hex'));
});
