import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HubError } from '../../schema/errors.ts';
import { toGauge, toHub, toWaterOver } from '../stitch/hand-made.check.ts';
import { ask, openTestGateway, send, type TestGateway, toGate } from './test-gateway.check.ts';

describe('an open gateway', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await openTestGateway();
  });
  afterAll(() => gateway.close());

  test('answers from all units at once and says which it touched', async () => {
    const answer = await ask(gateway, '{ divisions { name gaugeCount trucks } }');
    expect(answer.data).toEqual({
      divisions: [
        { name: '零陵区', gaugeCount: 2, trucks: ['truck of 431102'] },
        { name: '道县', gaugeCount: 2, trucks: ['truck of 431124'] },
      ],
    });
    const sources = answer.extensions?.sources as { unit: string }[];
    expect(sources.map(({ unit }) => unit)).toEqual(['fire', 'hub', 'water']);
    expect(sources[1]).toEqual({
      unit: 'hub',
      status: 'OK',
      via: 'STORE',
      freshness: 'LIVE',
      ageSeconds: 60,
      milliseconds: 2,
      requests: 1,
      rows: 3,
    });
  });

  test('names no source where none was touched', async () => {
    const answer = await ask(gateway, '{ __typename }');
    expect(JSON.parse(answer.text)).toEqual({ data: { __typename: 'Query' } });
  });

  test('speaks both media types of GraphQL over HTTP', async () => {
    for (const accept of ['application/graphql-response+json', 'application/json']) {
      const answer = await ask(gateway, '{ __typename }', { headers: { accept } });
      expect(answer.headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
    }
  });

  test('takes GET with a header that forces a preflight', async () => {
    const query = encodeURIComponent('query ($id: ID!) { node(id: $id) { id } }');
    const variables = encodeURIComponent('{"id":"water:Gauge:1"}');
    const answer = await send(`${gateway.url}/graphql?query=${query}&variables=${variables}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(answer.data).toEqual({ node: { id: 'water:Gauge:1' } });
  });

  test('keeps the protocol of persisted queries', async () => {
    const query = '{ divisions { code } }';
    const sha256Hash = 'c7a4a1a0f6f0b5e9d9a0f1a6b2c0c5b3a7f4b5e6d7c8a9b0c1d2e3f4a5b6c7d8';
    const answer = await send(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash } } }),
    });
    expect(answer.codes).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect((await ask(gateway, query)).errors).toEqual([]);
  });

  test('answers introspection as deep as tools ask, without the lookups', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    const answer = await ask(gateway, getIntrospectionQuery());
    expect(answer.errors).toEqual([]);
    expect(answer.text).toContain('"gaugeCount"');
    expect(answer.text).not.toContain('_waterGauges');
  });

  test('keeps a sane request id of the client and replaces any other', async () => {
    const id = async (given: string) =>
      (await ask(gateway, '{ __typename }', { headers: { 'x-request-id': given } })).headers.get(
        'x-request-id',
      );
    expect(await id('desk-7.0001')).toBe('desk-7.0001');
    expect(await id('a b"<script>')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('greets people at / in Chinese first, and sends browsers there that open /graphql', async () => {
    const page = await fetch(`${gateway.url}/graphql`, { headers: { accept: 'text/html,*/*' } });
    expect([page.status, page.redirected, new URL(page.url).pathname]).toEqual([200, true, '/']);
    const text = await page.text();
    expect(text.indexOf('一张网')).toBeLessThan(text.indexOf('One Network</strong>'));
    for (const link of ['/graphql', '/health/live', '/health/ready'])
      expect(text).toContain(`href="${link}"`);
    expect(text).not.toMatch(/(src|href)="https?:/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});

describe('health', () => {
  const ready = async (gateway: TestGateway) => {
    const response = await fetch(`${gateway.url}/health/ready`);
    return [response.status, await response.json()];
  };

  test('is ready with a unit down: one department does not close the city', async () => {
    const units = { water: { ok: false, detail: 'HUB_SOURCE_UNREACHABLE' } };
    const gateway = await openTestGateway({ health: async () => ({ store: { ok: true }, units }) });
    expect(await ready(gateway)).toEqual([
      200,
      { ready: true, store: { ok: true }, schema: { ok: true }, units },
    ]);
    await gateway.close();
  });

  test('is not ready without the store, whether it says so or the check fails; it stays alive', async () => {
    const down = { store: { ok: false, detail: 'HUB_STORE_UNREACHABLE' }, units: {} };
    for (const health of [
      async () => down,
      () => Promise.reject(new HubError('HUB_STORE_UNREACHABLE', 'at 10.0.0.7')),
    ]) {
      const gateway = await openTestGateway({ health });
      expect(await ready(gateway)).toEqual([503, { ...down, ready: false, schema: { ok: true } }]);
      expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);
      await gateway.close();
    }
  });
});

test('metrics are Prometheus text with closed labels', async () => {
  const gateway = await openTestGateway();
  await ask(gateway, 'query SecretName { divisions { name gaugeCount } }');
  await ask(gateway, '{ nothing }');
  await send(`${gateway.url}/nowhere`);
  const response = await fetch(`${gateway.url}/metrics`);
  const text = await response.text();
  await gateway.close();
  expect(response.headers.get('content-type')).toContain('text/plain');
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(
      /^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)*\})? (-?[\d.]+(e[-+]?\d+)?|NaN|\+Inf))?$/i,
    );
  expect(text).toContain('hub_operations_total{operation="query",outcome="ok"} 1');
  expect(text).toContain('hub_errors_total{code="HUB_QUERY_INVALID"} 1');
  expect(text).toContain('hub_errors_total{code="HUB_REQUEST_UNKNOWN"} 1');
  expect(text).toContain('hub_unit_requests_total{unit="water",status="OK"} 1');
  expect(text).toMatch(/hub_operation_duration_seconds_bucket\{le="\+Inf",operation="query"\} 1/);
  expect(text).toContain('nodejs_eventloop_lag_seconds');
  expect(text).not.toContain('SecretName');
});

describe('the end', () => {
  test('lets what is in flight finish, takes nothing new, and may be asked for twice', async () => {
    const [begun, gate] = [toGate(), toGate()];
    const slow = toWaterOver(async () => {
      begun.open();
      await gate.passed;
      return { data: { wettest: toGauge('last') } };
    });
    const gateway = await openTestGateway({ subschemas: [toHub(), slow], drainMs: 60_000 });
    const inFlight = ask(gateway, '{ wettest { name } }');
    await begun.passed;
    const closing = [gateway.close(), gateway.close()];
    await expect(fetch(`${gateway.url}/health/live`, { headers: { connection: 'close' } })).rejects.toThrow();
    gate.open();
    expect((await inFlight).data).toEqual({ wettest: { name: 'gauge last' } });
    await Promise.all(closing);
  });

  test('cuts what takes longer than the drain time', async () => {
    const begun = toGate();
    const gateway = await openTestGateway({
      drainMs: 20,
      subschemas: [
        toHub(),
        toWaterOver(() => {
          begun.open();
          return new Promise(() => undefined);
        }),
      ],
    });
    const inFlight = ask(gateway, '{ wettest { name } }').catch(() => 'cut');
    await begun.passed;
    await gateway.close();
    expect(await inFlight).toBe('cut');
  });
});

describe('a port that is taken', () => {
  test('is named when it was asked for, and the next one is used when it was not', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(openTestGateway({ port })).rejects.toMatchObject({
      code: 'HUB_CONFIG_PORT_TAKEN',
      message: `Port ${port} is taken on 127.0.0.1; set PORT to a free one.`,
    });
    const next = await openTestGateway({ port, portIsDefault: true });
    expect(Number(new URL(next.url).port)).toBeGreaterThan(port);
    expect((await ask(next, '{ __typename }')).status).toBe(200);
    await next.close();
    await new Promise((resolve) => other.close(resolve));
  });
});
