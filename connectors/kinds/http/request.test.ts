// What goes over the wire: slots, intervals, credentials; and that no message shows a secret.
import { afterEach, describe, expect, test } from '@jest/globals';
import { known, type Reply, readAll } from '../../kit/web/service.fixture.ts';
import { toHarness } from './service.fixture.ts';

const harness = toHarness();
const { open: start } = harness;
const serve = (reply: Reply) => harness.serve(() => reply);
afterEach(harness.closeAll);
const EMPTY = { body: { data: [] } };

describe('a request', () => {
  test('fills literals, secrets and slots into query and body, nested ones too', async () => {
    const service = await serve(EMPTY);
    const request = {
      method: 'POST',
      path: '/api/list',
      query: {
        text: 'a b+c&d=[e]中',
        number: 7,
        flag: true,
        many: ['x', 'y'],
        key: known('hidden'),
        elements: { slot: 'columns', format: 'comma' },
        xzqh: { slot: 'division.codes', format: 'comma' },
      },
      body: {
        range: {
          begin: { slot: 'window.from', format: 'dateTime' },
          end: { slot: 'window.to', format: 'epochMillis' },
        },
        codes: [1, { slot: 'page.size' }, known('inner')],
        since: { slot: 'cursor', format: 'isoOffset' },
        none: null,
      },
    };
    const source = await start(
      `${service.url}/base/?tenant=1`,
      {},
      { request, records: 'data', paging: null },
    );
    await readAll(source, {
      columns: ['Station_Id_C', 'info.area.value', 'info.text', '@receivedAt'],
      span: { from: '2026-04-05T00:00:00Z', to: '2026-04-05T01:00:00Z' },
    });
    const [asked] = service.asked;
    expect(asked).toMatchObject({ method: 'POST', path: '/base/api/list' });
    expect([...(asked?.query ?? [])]).toEqual([
      ['tenant', '1'],
      ['text', 'a b+c&d=[e]中'],
      ['number', '7'],
      ['flag', 'true'],
      ['many', 'x'],
      ['many', 'y'],
      ['key', 'hidden'],
      ['elements', 'Station_Id_C,info'],
      ['xzqh', '431102,431103'],
    ]);
    expect(asked?.search).toContain('a%20b%2Bc%26d');
    expect(asked?.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      range: { begin: '2026-04-05 08:00:00', end: 1775350800000 },
      codes: [1, 100, 'inner'],
      since: '2026-04-05T08:00:00+08:00',
      none: null,
    });
  });

  test('by a cursor is asked once from its beginning, however long its span is', async () => {
    const service = await serve(EMPTY);
    const query = { since: { slot: 'cursor', format: 'epochMillis' } };
    const object = { request: { method: 'GET', path: '/list', query }, records: 'data' };
    const source = await start(service.url, {}, { ...object, window: { most: 'PT1H' } });
    await readAll(source, { span: { from: '2026-04-05T00:00:00.5Z', to: '2026-04-07T00:00:00Z' } });
    expect(service.asked.map(({ search }) => search)).toEqual(['?since=1775347200000']);
  });

  test('leaves out what has no value yet', async () => {
    const service = await serve(EMPTY);
    const query = { since: { slot: 'cursor', format: 'epochMillis' }, a: 1 };
    const source = await start(
      service.url,
      {},
      { request: { method: 'GET', path: '/list', query }, records: 'data' },
    );
    await readAll(source);
    expect(service.asked[0]?.search).toBe('?a=1');
  });

  test('asks MUSIC for a closed interval of UTC, cut into hours that meet', async () => {
    const service = await serve({ body: { returnCode: '-1' } });
    const query = { timeRange: { slot: 'window', format: 'bracketed14' } };
    const source = await start(
      service.url,
      { success: { path: 'returnCode', ok: ['0'], empty: ['-1'] } },
      { request: { method: 'GET', path: '/list', query }, records: 'DS', window: { most: 'PT6H' } },
      { zone: 'UTC' },
    );
    const pages = await readAll(source, {
      span: { from: '2026-04-04T23:59:59.5Z', to: '2026-04-05T13:00:00.2Z' },
    });
    expect(service.asked.map(({ query: asked }) => asked.get('timeRange'))).toEqual([
      '[20260404235959,20260405055959]',
      '[20260405055959,20260405115959]',
      '[20260405115959,20260405130001]',
    ]);
    expect(pages.map(({ last }) => last)).toEqual([false, false, true]);
  });

  test('by time needs a span, and one whose ends are in order', async () => {
    const service = await serve(EMPTY);
    const query = { from: { slot: 'window.from', format: 'iso' } };
    const source = await start(service.url, {}, { request: { method: 'GET', path: '/list', query } });
    await expect(readAll(source)).rejects.toMatchObject({ code: 'HUB_SOURCE_UNSUPPORTED' });
    const span = { from: '2026-04-05T01:00:00Z', to: '2026-04-05T00:00:00Z' };
    await expect(readAll(source, { span })).rejects.toMatchObject({ code: 'HUB_INTERNAL' });
    expect(service.asked).toEqual([]);
  });

  test.each([[{ slot: 'cursor' }], [{ slot: 'window.from', format: 'bracketed14' }], [{ slot: 'windows' }]])(
    'with a slot that can never be filled is refused when the source is opened: %j',
    async (slot) => {
      const request = { method: 'POST', path: '/list', body: { deep: [{ slot: 'columns' }, slot] } };
      await expect(start('http://127.0.0.1:9', {}, { request })).rejects.toMatchObject({
        code: 'HUB_CONFIG_INVALID',
        message: `test.api (object list): the slot ${slot.slot} is unknown, or lacks the format of a time`,
      });
    },
  );

  test('stays on its host, whatever its path looks like', async () => {
    const service = await serve(EMPTY);
    const source = await start(
      service.url,
      {},
      { request: { method: 'GET', path: '//elsewhere.example/x' }, records: 'data' },
    );
    await readAll(source);
    expect(service.asked[0]?.path).toBe('//elsewhere.example/x');
  });

  test('for an object that the manifest does not have is refused with those that it has', async () => {
    const source = await start('http://127.0.0.1:9', {});
    await expect(source.select('lists', { columns: [], limit: 1 })).rejects.toMatchObject({
      code: 'HUB_SOURCE_SHAPE',
      message: 'test.api (object lists): the manifest has no such object; it has: list',
    });
  });
});

describe('credentials', () => {
  test.each([
    ['none', 'none' as const, {}, ''],
    [
      'basic',
      { basic: { user: known('用户'), password: known('p:w') } },
      { authorization: `Basic ${Buffer.from('用户:p:w').toString('base64')}` },
      '',
    ],
    ['bearer', { bearer: known('s3cret') }, { authorization: 'Bearer s3cret' }, ''],
    ['header', { header: { 'X-Api-Key': known('s3cret') } }, { 'x-api-key': 's3cret' }, ''],
    ['query', { query: { userId: known('u'), pwd: known('s3cret&') } }, {}, '?userId=u&pwd=s3cret%26'],
  ])('%s', async (_, auth, headers, search) => {
    const service = await serve(EMPTY);
    await readAll(await start(service.url, { auth }, { records: 'data' }));
    expect(service.asked[0]?.headers).toMatchObject(headers);
    expect(service.asked[0]?.headers.authorization).toBe(
      (headers as { authorization?: string }).authorization,
    );
    expect(service.asked[0]?.search).toBe(search);
  });

  test.each<[string, Reply | null]>([
    ['a refusal', { status: 403, body: 'no' }],
    ['a fault', { status: 500, body: 's3cret in the body' }],
    ['garbage', { body: '<html>s3cret</html>' }],
    ['a verdict', { body: { code: 's3cret is wrong' } }],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1/?pwd=s3cret' }, body: '' }],
    ['a broken answer', (response) => response.socket?.destroy()],
    ['no service', null],
  ])('are in no message: %s', async (_, reply) => {
    const service = await serve(reply ?? EMPTY);
    if (reply === null) await service.close();
    const auth = { query: { pwd: known('s3cret') } };
    const source = await start(`${service.url}/s3cret/`, { auth, success: { path: 'code', ok: ['0'] } });
    const error = await readAll(source).catch((reason: Error) => reason);
    expect(error).toMatchObject({
      code: expect.stringMatching(/^HUB_SOURCE_/),
      place: { unit: 'test', source: 'api' },
    });
    const shown = `${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause ?? '')}`;
    expect(shown).not.toContain('s3cret');
  });

  test('that no header can carry, or that stand in the url, are a fault of the configuration', async () => {
    const service = await serve(EMPTY);
    const source = await start(service.url, { auth: { bearer: known('line\nbreak') } });
    await expect(readAll(source)).rejects.toMatchObject({ code: 'HUB_CONFIG_INVALID' });
    await expect(start('http://user:s3cret@127.0.0.1/', {})).rejects.toMatchObject({
      code: 'HUB_CONFIG_INVALID',
      message: 'test.api: the url has credentials; they belong to `auth`',
    });
    await expect(start('ftp://127.0.0.1/', {})).rejects.toMatchObject({ code: 'HUB_CONFIG_INVALID' });
    await expect(start(service.url, { auth: { bearer: 'plain' } })).rejects.toMatchObject({
      code: 'HUB_CONFIG_INVALID',
    });
    await expect(start(service.url, { codec: 'xlsx' })).rejects.toMatchObject({
      code: 'HUB_SOURCE_UNSUPPORTED',
    });
  });
});
