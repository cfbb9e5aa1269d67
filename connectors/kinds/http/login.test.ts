// Sources that want a login: one at a time, renewed before its end, renewed once when the service says that it ended.
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { type Clock, wallClock } from '../../kit/resilience/clock.ts';
import { type Asked, known, type Reply, readAll } from '../../kit/web/service.fixture.ts';
import { openSource, toHarness, toSettings } from './service.fixture.ts';

const harness = toHarness();
afterEach(harness.closeAll);

const LOGIN = {
  request: {
    method: 'POST',
    path: '/token',
    body: { clientId: known('hub'), clientSecret: known('s3cret') },
  },
  token: 'data.accessToken',
  lives: 'PT2H',
  send: { header: 'Authorization', prefix: 'Bearer ' },
  expired: { status: [401], path: 'code', values: ['40101'] },
};
const settings = (url: string, login: object = LOGIN) =>
  toSettings(url, { auth: { login }, success: { path: 'code', ok: ['0', '200'] } }, { records: 'data' });

/** Gives tokens t1, t2 …; `judge` answers what comes with a token. */
const openApi = async (
  judge: (token: string, asked: Asked) => Reply,
  logIn?: (count: number) => Reply | Promise<Reply>,
) => {
  const world = { logins: 0 };
  const service = await harness.serve((asked) => {
    if (asked.path !== '/token')
      return judge(asked.headers.authorization?.replace('Bearer ', '') ?? '', asked);
    world.logins += 1;
    return logIn?.(world.logins) ?? { body: { code: 0, data: { accessToken: `t${world.logins}` } } };
  });
  return { service, logins: () => world.logins };
};
const FINE = { body: { code: '0', data: [{ id: 1 }] } };
const ENDED = { body: { code: '40101' } };

describe('a login', () => {
  test('is made once for many calls at the same time, and its token is sent with each', async () => {
    const { service, logins } = await openApi((token) => (token === 't1' ? FINE : { status: 401, body: {} }));
    const source = harness.keep(await openSource({ ...settings(service.url), inFlight: 8 }));
    const all = await Promise.all(Array.from({ length: 20 }, () => readAll(source)));
    expect(all.map(([page]) => page?.records)).toEqual(all.map(() => [{ id: 1 }]));
    expect(logins()).toBe(1);
    expect(service.asked[0]).toMatchObject({ method: 'POST', path: '/token' });
    expect(JSON.parse(service.asked[0]?.body ?? '')).toEqual({ clientId: 'hub', clientSecret: 's3cret' });
  });

  test('is renewed at 80 % of its life', async () => {
    const { service, logins } = await openApi(() => FINE);
    const time = { now: 1_000_000_000_000 };
    const clock: Clock = { ...wallClock, now: () => time.now };
    const source = harness.keep(await openSource(settings(service.url), clock));
    await readAll(source);
    time.now += 95 * 60_000;
    await readAll(source);
    expect(logins()).toBe(1);
    time.now += 60_000;
    await readAll(source);
    expect(logins()).toBe(2);
    expect(service.asked.at(-1)?.headers.authorization).toBe('Bearer t2');
  });

  test.each<[string, Reply]>([
    ['by its status', { status: 401, body: '' }],
    ['by the code of its body', ENDED],
    ['by both', { status: 401, ...ENDED }],
  ])('is renewed once when the service says %s that the token has ended', async (_, ended) => {
    const { service, logins } = await openApi((token) => (token === 't1' ? ended : FINE));
    const source = harness.keep(await openSource(settings(service.url)));
    expect((await readAll(source))[0]?.records).toEqual([{ id: 1 }]);
    expect(logins()).toBe(2);
    await readAll(source);
    expect(logins()).toBe(2);
  });

  test('never goes round in a loop: a new token that counts as ended is a refusal', async () => {
    const { service, logins } = await openApi(() => ENDED);
    const source = harness.keep(await openSource(settings(service.url)));
    await expect(readAll(source)).rejects.toMatchObject({ code: 'HUB_SOURCE_REFUSED' });
    expect(logins()).toBe(2);
    expect(service.asked).toHaveLength(4);
  });

  test('that many calls find ended at once is renewed once', async () => {
    const { service, logins } = await openApi((token) => (token === 't1' ? ENDED : FINE));
    const source = harness.keep(await openSource({ ...settings(service.url), inFlight: 6 }));
    await Promise.all(Array.from({ length: 12 }, () => readAll(source)));
    expect(logins()).toBe(2);
  });

  test.each<[string, Reply, string]>([
    ['HTTP 401', { status: 401, body: 's3cret' }, 'HUB_SOURCE_REFUSED'],
    ['HTTP 400', { status: 400, body: 's3cret' }, 'HUB_SOURCE_REFUSED'],
    ['an answer without a token', { body: { code: 1, message: 's3cret' } }, 'HUB_SOURCE_REFUSED'],
    ['HTTP 500', { status: 500, body: 's3cret' }, 'HUB_SOURCE_QUERY'],
    ['HTTP 503', { status: 503, body: 's3cret' }, 'HUB_SOURCE_BUSY'],
    ['garbage', { body: 's3cret' }, 'HUB_SOURCE_FORMAT'],
    ['a broken connection', (response) => response.socket?.destroy(), 'HUB_SOURCE_UNREACHABLE'],
  ])(
    'that fails with %s is %s, shows nothing, and is tried again by the next call only',
    async (_, reply, code) => {
      const { service, logins } = await openApi(
        () => FINE,
        () => reply,
      );
      const source = harness.keep(await openSource(settings(service.url)));
      const error = await readAll(source).catch((reason: Error) => reason);
      expect(error).toMatchObject({ code });
      expect(String(error)).not.toContain('s3cret');
      expect(logins()).toBe(1);
      expect(service.asked).toHaveLength(1);
    },
  );

  test('does not end with the caller who began it, and does with the source', async () => {
    const gate: { open?: () => void } = {};
    const held = new Promise<void>((resolve) => {
      gate.open = resolve;
    });
    const { service, logins } = await openApi(
      () => FINE,
      async (count) => {
        await held;
        return { body: { code: 0, data: { accessToken: `t${count}` } } };
      },
    );
    const source = harness.keep(await openSource(settings(service.url)));
    const cancel = new AbortController();
    const first = source.select('list', { columns: ['id'], limit: 1 }, { signal: cancel.signal });
    const second = readAll(source);
    await eventually(() => logins() === 1);
    cancel.abort();
    await expect(first).rejects.toMatchObject({ code: 'HUB_SOURCE_CLOSED' });
    gate.open?.();
    expect((await second)[0]?.records).toEqual([{ id: 1 }]);
    expect(logins()).toBe(1);
    const never = await openApi(
      () => FINE,
      () => new Promise<Reply>(() => undefined),
    );
    const hanging = await openSource(settings(never.service.url));
    const call = readAll(hanging);
    const refused = expect(call).rejects.toMatchObject({ code: 'HUB_SOURCE_CLOSED' });
    await eventually(() => never.logins() === 1);
    await hanging.close();
    await refused;
    await eventually(async () => (await never.service.connections()) === 0);
  });
});
