// What a manifest may say of a socket, and what this hub cannot do for it.
import { describe, expect, test } from '@jest/globals';
import { codecs, known, openWorld, toSettings } from './peers.fixture.ts';
import { toSocketPlan } from './settings.ts';

const planOf = (options: { readonly [key: string]: unknown }) =>
  toSocketPlan(toSettings({ options }), codecs);

describe('a socket', () => {
  test('may name its port by a secret', () => {
    expect(planOf({ listen: { port: known('9051'), proto: 'udp' } }).way).toEqual({
      ...{ kind: 'listen', host: null, port: 9051, proto: 'udp' },
    });
    for (const text of ['', 'abc', '70000', '1.5'])
      expect(() => planOf({ listen: { port: known(text), proto: 'tcp' } })).toThrow(
        expect.objectContaining({
          code: 'HUB_CONFIG_INVALID',
          message: expect.not.stringContaining('70000'),
        }),
      );
  });

  test.each([
    ['codec xml', { codec: 'xml' }],
    ['datagrams', { listen: undefined, connect: { host: known('h'), port: 1, proto: 'udp' } }],
  ])('is refused at open for what is not spoken: %s', (words, options) => {
    expect(() => planOf(options)).toThrow(
      expect.objectContaining({ code: 'HUB_SOURCE_UNSUPPORTED', message: expect.stringContaining(words) }),
    );
  });

  test('of framing sip says who may register, and with which password', () => {
    expect(() => planOf({ framing: 'sip', codec: 'xml' })).toThrow(
      expect.objectContaining({ code: 'HUB_CONFIG_INVALID', message: expect.stringContaining('auth.sip') }),
    );
    const auth = { sip: { id: known('43110000002000000001'), password: known('s3cret') } };
    expect(planOf({ framing: 'sip', codec: 'xml', auth })).toMatchObject({
      codec: { name: 'gb28181' },
      session: { id: '43110000002000000001', asks: [], notices: [] },
    });
  });

  test('keeps no more parts of incomplete messages than half a gigabyte of all its peers', () => {
    const partsOf = (connections: number, frameBytes: number) =>
      toSocketPlan(toSettings({ peers: { connections, frameBytes } }), codecs).frame.parts;
    expect([partsOf(300, 4096), partsOf(2000, 8192), partsOf(100, 65_536)]).toEqual([256, 32, 81]);
    // Never so few that no message could be whole.
    expect(partsOf(10_000, 1_048_576)).toBe(16);
  });

  test('whose port another has cannot be listened to', async () => {
    const world = await openWorld();
    const options = { listen: { port: world.port, proto: 'tcp' } };
    await expect(openWorld({ options })).rejects.toMatchObject({
      code: 'HUB_SOURCE_REFUSED',
      message: expect.stringContaining(`port ${world.port} cannot be listened to [EADDRINUSE]`),
    });
    await world.close();
  });
});
