// What the answer of a GraphQL service is taken for: pages, errors with and without data, and everything that is no answer.
import { afterEach, describe, expect, test } from '@jest/globals';
import type { SourceSettings } from '../../kit/contract.ts';
import { known, type Reply, readAll } from '../../kit/web/service.fixture.ts';
import { toConnection, toHarness, toPosted, toService } from './service.fixture.ts';

const harness = toHarness();
afterEach(harness.closeAll);

const COLUMNS = { columns: ['id', 'manager.name'] };
const ask = async (reply: Reply, object: SourceSettings['options'] = {}, more = {}) => {
  const service = await harness.serve(() => reply);
  const [page] = await readAll(await harness.open(service.url, object, {}, more), COLUMNS);
  return page;
};
const errors = (...all: object[]) => all.map((one) => ({ message: '张三 13900000000', ...one }));
const coded = (code: string) => ({ extensions: { code, stacktrace: ['at 13900000000'] } });

describe('the records of an answer', () => {
  test('are those of the root field', async () => {
    const nodes = [
      { id: 1, manager: { name: 'x' } },
      { id: 2, manager: null },
    ];
    expect((await ask({ body: { data: { sites: { nodes } } } }))?.records).toEqual(nodes);
  });

  test('are none only where the list is there and empty', async () => {
    expect((await ask({ body: { data: { sites: { nodes: [] } } } }))?.records).toEqual([]);
  });

  test('that are null in a list are handed over, not forgotten', async () => {
    expect(await ask({ body: { data: { sites: { nodes: [null, { id: 1 }] } } } })).toMatchObject({
      records: [{ id: 1 }],
      unreadable: [{ raw: { '@raw': 'null', '@row': 1 } }],
    });
  });

  test.each<[string, Reply]>([
    ['null for the root field', { body: { data: { sites: null } } }],
    ['no root field', { body: { data: {} } }],
    ['null for the list', { body: { data: { sites: { nodes: null } } } }],
    ['no list', { body: { data: { sites: {} } } }],
    ['no data', { body: {} }],
    ['null for the data', { body: { data: null } }],
    ['another document', { body: [1] }],
    ['no JSON', { body: '<html>13900000000</html>' }],
    ['half an answer', { body: '{"data":{"sites":{"nodes":[' }],
  ])('are never none because of %s: HUB_SOURCE_FORMAT', async (_, reply) => {
    const got = await ask(reply).catch((reason: unknown) => reason);
    expect(got).toMatchObject({ code: 'HUB_SOURCE_FORMAT' });
    expect(String(got)).not.toContain('139');
  });
});

describe('an answer with errors', () => {
  const data = { sites: { nodes: [{ id: 1, manager: null }] } };

  test('and with data is no page: nothing goes missing in silence', async () => {
    const reply = {
      body: { data, errors: errors({ path: ['sites', 'nodes', 0, 'manager'], ...coded('INTERNAL') }) },
    };
    await expect(ask(reply)).rejects.toMatchObject({
      code: 'HUB_SOURCE_QUERY',
      message:
        'test.api (object list): it answers with an error INTERNAL at sites.nodes.0.manager: a page with an error in it is not taken',
    });
  });

  test.each<[string, Reply, string, string]>([
    [
      'no login',
      { body: { data: null, errors: errors(coded('UNAUTHENTICATED')) } },
      'HUB_SOURCE_REFUSED',
      'UNAUTHENTICATED',
    ],
    [
      'no rights to a field',
      { body: { data, errors: errors(coded('FORBIDDEN')) } },
      'HUB_SOURCE_REFUSED',
      'FORBIDDEN',
    ],
    [
      'too many calls',
      { body: { errors: errors(coded('RATE_LIMITED')) } },
      'HUB_SOURCE_BUSY',
      'RATE_LIMITED',
    ],
    [
      'a broken document',
      { status: 400, body: { errors: errors(coded('GRAPHQL_PARSE_FAILED')) } },
      'HUB_SOURCE_REQUEST',
      'PARSE',
    ],
    [
      'a refusal without a code',
      { status: 400, body: { errors: errors({}) } },
      'HUB_SOURCE_REQUEST',
      'does not understand',
    ],
    [
      'its own trouble',
      { status: 500, body: { errors: errors(coded('INTERNAL_SERVER_ERROR')) } },
      'HUB_SOURCE_QUERY',
      'INTERNAL',
    ],
    [
      'trouble without a code',
      { body: { errors: errors({}, {}) } },
      'HUB_SOURCE_QUERY',
      '2 errors, the first',
    ],
    [
      'a code that is a sentence',
      { body: { errors: errors(coded('no such 张三')) } },
      'HUB_SOURCE_QUERY',
      'an error:',
    ],
    [
      'a path of strange names',
      { body: { data, errors: errors({ path: ['张三'] }) } },
      'HUB_SOURCE_QUERY',
      'an error:',
    ],
  ])(
    'because of %s is coded, and shows nothing that the service says in words',
    async (_, reply, code, words) => {
      const error = await ask(reply).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code, message: expect.stringContaining(words) });
      expect(String(error)).not.toMatch(/139|张三/);
    },
  );

  test.each([
    ['Cannot query field "name" on type "Manager".', 'name'],
    ['Field "manager" of type "Manager" must have a selection of subfields.', 'manager'],
  ])('that names a column says which: %s', async (message, column) => {
    const error = await ask({ status: 400, body: { errors: [{ message }] } }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'HUB_SOURCE_SHAPE', place: { column } });
  });

  test.each<[string, Reply, string]>([
    ['HTTP 401', { status: 401, body: { errors: errors({}) } }, 'HUB_SOURCE_REFUSED'],
    ['HTTP 429', { status: 429, headers: { 'retry-after': '1' }, body: '' }, 'HUB_SOURCE_BUSY'],
    ['HTTP 502 of a proxy', { status: 502, body: '<html/>' }, 'HUB_SOURCE_QUERY'],
    ['HTTP 404', { status: 404, body: 'not found' }, 'HUB_SOURCE_QUERY'],
    ['data under HTTP 500', { status: 500, body: { data } }, 'HUB_SOURCE_QUERY'],
    ['a connection that breaks', (response) => response.socket?.destroy(), 'HUB_SOURCE_UNREACHABLE'],
  ])('%s is %s', async (_, reply, code) => {
    await expect(ask(reply)).rejects.toMatchObject({ code });
  });

  test('a service that hangs is left at the time-out', async () => {
    await expect(ask(() => undefined, {}, { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'HUB_SOURCE_TIMEOUT',
    });
  });
});

describe('pages', () => {
  const SDL = `type Site { id: ID! } type PageInfo { endCursor: String hasNextPage: Boolean! }
    type Sites { nodes: [Site!]! pageInfo: PageInfo! total: Int! }
    type Query { sites(first: Int, after: String, skip: Int): Sites }`;
  const list = Array.from({ length: 23 }, (_, id) => ({ id }));

  test('by a Relay cursor come whole, and end where hasNextPage is false', async () => {
    const service = await harness.serve(
      toService(SDL, { sites: (args: object) => toConnection(list, args) }),
    );
    const source = await harness.open(service.url, {
      request: { root: 'sites', args: { first: { slot: 'page.size' }, after: { slot: 'page.token' } } },
      paging: { by: 'token', size: 10, next: 'pageInfo.endCursor', more: 'pageInfo.hasNextPage' },
    });
    const pages = await readAll(source, { columns: ['id'] });
    expect(pages.flatMap(({ records }) => records.map(({ id }) => Number(id)))).toEqual(
      list.map(({ id }) => id),
    );
    expect(service.asked).toHaveLength(1 + 3);
  });

  test('by offset are held against the total', async () => {
    const sites = ({ skip, first }: { skip: number; first: number }) => ({
      nodes: list.slice(skip, skip + first),
      total: 24,
    });
    const service = await harness.serve(toService(SDL, { sites }));
    const source = await harness.open(service.url, {
      request: { root: 'sites', args: { first: { slot: 'page.size' }, skip: { slot: 'page.offset' } } },
      paging: { by: 'offset', size: 10, total: 'total' },
    });
    await expect(readAll(source, { columns: ['id'] })).rejects.toMatchObject({
      code: 'HUB_SOURCE_QUERY',
      message: expect.stringContaining('23 of 24'),
    });
  });

  test('windows longer than the service takes are asked for one after the other', async () => {
    const service = await harness.serve(() => ({ body: { data: { alarms: { nodes: [] } } } }));
    const args = {
      from: { slot: 'window.from', format: 'isoOffset' },
      to: { slot: 'window.to', format: 'isoOffset' },
    };
    const source = await harness.open(service.url, {
      request: { root: 'alarms', args },
      window: { most: 'PT1H' },
    });
    await readAll(source, { span: { from: '2026-04-05T00:00:00Z', to: '2026-04-05T02:00:00Z' } });
    const queries = service.asked
      .map((asked) => toPosted(asked).query)
      .filter((query) => query.includes('alarms('));
    expect(queries.map((query) => /from: "([^"]*)"/.exec(query)?.[1])).toEqual([
      '2026-04-05T08:00:00+08:00',
      '2026-04-05T09:00:00+08:00',
    ]);
  });
});

test('a token that has ended is renewed once, by what the errors say', async () => {
  let logins = 0;
  const service = await harness.serve(({ path, headers }) => {
    if (path === '/graphql/login') return { body: { token: `t${++logins}` } };
    if (headers.authorization === 'Bearer t2') return { body: { data: { sites: { nodes: [{ id: 1 }] } } } };
    return { body: { errors: errors(coded('UNAUTHENTICATED')) } };
  });
  const login = {
    request: { method: 'POST', path: '/login', body: { key: known('k') } },
    token: 'token',
    lives: 'PT2H',
    send: { header: 'Authorization', prefix: 'Bearer ' },
    expired: { path: 'errors.0.extensions.code', values: ['UNAUTHENTICATED'] },
  };
  const source = await harness.open(`${service.url}/graphql`, {}, { auth: { login } });
  expect((await readAll(source, { columns: ['id'] }))[0]?.records).toEqual([{ id: 1 }]);
  expect(logins).toBe(2);
});
