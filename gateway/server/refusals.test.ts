import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { HubError } from '../../schema/errors.ts';
import { toHub, toWater } from '../stitch/hand-made.check.ts';
import { ask, openTestGateway, send, type TestGateway } from './test-gateway.check.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway({
    subschemas: [
      toHub(),
      toWater({
        Gauge: {
          name: () => {
            throw new TypeError('password=hunter2 at 10.0.0.7');
          },
          stage: () => {
            throw new HubError('HUB_SOURCE_QUERY', 'The table st_river_r does not answer.');
          },
        },
      }),
    ],
  });
});
afterAll(() => gateway.close());

// Whatever was sent, the process lives and answers the next question.
afterEach(async () => {
  const { data } = await ask(gateway, '{ divisions { code } }');
  expect(data).toEqual({ divisions: [{ code: '431102' }, { code: '431124' }] });
});

const post = (body: string, headers: Record<string, string> = {}) =>
  send(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });

describe('a question that cannot be answered', () => {
  test('at an address that cannot be decoded is a coded refusal too', async () => {
    const { status, codes, text } = await send(`${gateway.url}/%`);
    expect([status, codes]).toEqual([400, ['HUB_REQUEST_INVALID']]);
    expect(text).not.toContain('FST_');
  });

  test.each([
    ['malformed GraphQL', '{ divisions {', 400, 'HUB_QUERY_SYNTAX'],
    ['an unknown field', '{ divisions { colour } }', 400, 'HUB_QUERY_INVALID'],
    ['an unknown argument', '{ gauges(first: 3) { id } }', 400, 'HUB_QUERY_INVALID'],
    ['a hidden lookup', '{ _waterGauges(ids: ["x"]) { id } }', 400, 'HUB_QUERY_INVALID'],
    ['an empty query', '', 400, 'HUB_REQUEST_INVALID'],
    ['a variable that is missing', 'query ($id: ID!) { node(id: $id) { id } }', 400, 'HUB_QUERY_INVALID'],
    ['a mutation, where there are none', 'mutation { divisions }', 400, 'HUB_QUERY_INVALID'],
    ['a subscription', 'subscription { divisions }', 400, 'HUB_QUERY_INVALID'],
    ['100,000 tokens', `{ ${'a '.repeat(100_000)} }`, 400, 'HUB_QUERY_SYNTAX'],
    ['brackets 4,000 deep', `${'{a'.repeat(4000)}${'}'.repeat(4000)}`, 400, 'HUB_QUERY_DEPTH'],
    ['lists 4,000 deep', `{ a(b: ${'['.repeat(4000)}`, 400, 'HUB_QUERY_DEPTH'],
    [
      'fields 16 deep',
      `{ divisions { ${'gauges { division { '.repeat(7)} code ${'} }'.repeat(7)} } }`,
      400,
      'HUB_QUERY_DEPTH',
    ],
  ])('%s', async (_what, query, status, code) => {
    const answer = await ask(gateway, query);
    expect([answer.status, new Set(answer.codes)]).toEqual([status, new Set([code])]);
    expect(answer.text).not.toMatch(/stack|node_modules|\.ts:/);
  });

  test('says what was probably meant: the schema is public', async () => {
    const { errors } = await ask(gateway, '{ divisons { code } }');
    expect(errors[0]?.message).toContain('Did you mean "divisions"?');
  });

  test('names the depth and the cap', async () => {
    const { errors } = await ask(
      gateway,
      `query Deep { divisions { ${'gauges { division { '.repeat(8)} code ${'} }'.repeat(8)} } }`,
    );
    expect(errors[0]?.message).toBe(
      'Operation Deep is nested 18 fields deep; the gateway takes 15. Ask in two steps.',
    );
  });

  test('an operation name that is not there', async () => {
    const { status, codes } = await ask(gateway, 'query A { divisions { code } }', { operationName: 'B' });
    expect([status, codes]).toEqual([400, ['HUB_QUERY_INVALID']]);
  });

  test('a variable of the wrong type, with its name', async () => {
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const { status, codes, errors } = await ask(gateway, query, { variables: { ids: [{ a: 1 }] } });
    expect([status, codes]).toEqual([400, ['HUB_QUERY_INVALID']]);
    expect(errors[0]?.message).toContain('"$ids"');
  });
});

describe('a request that is no question', () => {
  test.each([
    ['invalid JSON', '{"query": "{ divi', {}, 400, 'HUB_REQUEST_INVALID'],
    ['an empty body', '', {}, 400, 'HUB_REQUEST_INVALID'],
    ['a list of questions', '[{"query":"{ divisions { code } }"}]', {}, 400, 'HUB_REQUEST_INVALID'],
    ['a poisoned key', '{"__proto__":{"a":1}}', {}, 400, 'HUB_REQUEST_INVALID'],
    ['a wrong content type', '<a/>', { 'content-type': 'application/xml' }, 415, 'HUB_REQUEST_INVALID'],
    ['a form of another site', 'query={a}', { 'content-type': 'text/plain' }, 400, 'HUB_REQUEST_INVALID'],
    [
      'a type that nobody speaks',
      '{"query":"{ divisions { code } }"}',
      { accept: 'image/png' },
      406,
      'HUB_REQUEST_INVALID',
    ],
  ])('%s', async (_what, body, headers, status, code) => {
    const answer = await post(body, headers as Record<string, string>);
    expect([answer.status, answer.codes]).toEqual([status, [code]]);
    expect(answer.text).not.toMatch(/stack|node_modules|\.ts:/);
  });

  test('a query of 5 MB', async () => {
    const answer = await post(JSON.stringify({ query: `{ divisions { code } } #${'x'.repeat(5_000_000)}` }));
    expect([answer.status, answer.codes]).toEqual([413, ['HUB_QUERY_TOO_LARGE']]);
    expect(answer.headers.get('content-type')).toContain('application/json');
  });

  test('5 MB that come without their length', async () => {
    const chunk = new TextEncoder().encode('x'.repeat(500_000));
    let left = 10;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        left -= 1;
        if (left < 0) controller.close();
        else controller.enqueue(chunk);
      },
    });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' };
    const answer = await send(`${gateway.url}/graphql`, init as RequestInit);
    expect([answer.status, answer.codes]).toEqual([413, ['HUB_QUERY_TOO_LARGE']]);
  });

  test('an address that is not there', async () => {
    const answer = await send(`${gateway.url}/graphql/v2`);
    expect([answer.status, answer.codes]).toEqual([404, ['HUB_REQUEST_UNKNOWN']]);
  });

  test.each(['PUT', 'PATCH', 'DELETE'])('the method %s', async (method) => {
    const answer = await send(`${gateway.url}/graphql`, {
      method,
      headers: { 'apollo-require-preflight': '1' },
    });
    expect([answer.status, answer.codes, answer.headers.get('allow')]).toEqual([
      405,
      ['HUB_REQUEST_INVALID'],
      'GET, POST',
    ]);
  });

  test('a GET of another site, and one that changes something', async () => {
    const url = `${gateway.url}/graphql?query=${encodeURIComponent('mutation { a }')}`;
    const forged = await send(url);
    expect([forged.status, forged.codes]).toEqual([400, ['HUB_REQUEST_INVALID']]);
    const changing = await send(url, { headers: { 'apollo-require-preflight': '1' } });
    expect(changing.status).toBeGreaterThanOrEqual(400);
    expect(changing.codes.every((code) => String(code).startsWith('HUB_'))).toBe(true);
  });

  test('bytes that are no HTTP, and headers beyond all measure', async () => {
    expect(await sendBytes('this is no HTTP\r\n\r\n')).toMatch(/^HTTP\/1.1 400 .*"HUB_REQUEST_INVALID"/s);
    const long = `GET /graphql?query=${'x'.repeat(40_000)} HTTP/1.1\r\nhost: a\r\n\r\n`;
    expect(await sendBytes(long)).toMatch(/^HTTP\/1.1 431 .*"HUB_QUERY_TOO_LARGE"/s);
  });

  function sendBytes(bytes: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let text = '';
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.write(bytes));
      socket.setEncoding('utf8');
      socket.on('data', (part: string) => (text += part));
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
  }
});

describe('a fault behind the answer', () => {
  test('is coded and located; what a driver said goes to the log under the request id, not to the client', async () => {
    const answer = await ask(gateway, '{ wettest { id name stage } }', {
      headers: { 'x-request-id': 'test-0001' },
    });
    expect(answer.status).toBe(200);
    expect(answer.data).toEqual({ wettest: { id: 'water:Gauge:w', name: null, stage: null } });
    expect(answer.errors.map(({ path, extensions, message }) => ({ path, extensions, message }))).toEqual([
      {
        path: ['wettest', 'name'],
        message: 'Unit "water" failed to answer.',
        extensions: { code: 'HUB_UNIT_UNAVAILABLE', unit: 'water', retryable: true },
      },
      {
        path: ['wettest', 'stage'],
        message: 'The table st_river_r does not answer.',
        extensions: { code: 'HUB_SOURCE_QUERY', unit: 'water', retryable: true },
      },
    ]);
    expect(answer.headers.get('x-request-id')).toBe('test-0001');
    expect(answer.text).not.toContain('hunter2');
    const logged = gateway.logged.filter(({ fields }) => fields.requestId === 'test-0001');
    expect(logged).toHaveLength(1);
    expect(String(logged[0]?.fields.err)).toContain('hunter2');
  });

  test('of the hub itself is HUB_INTERNAL with the request id and nothing else', async () => {
    const broken = await openTestGateway({
      clock: () => {
        throw new Error('clock stopped at /opt/hub/clock.ts:3');
      },
    });
    const answer = await ask(broken, '{ divisions { code } }');
    await broken.close();
    expect([answer.status, answer.codes]).toEqual([500, ['HUB_INTERNAL']]);
    expect(answer.text).not.toMatch(/clock|opt/);
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
