import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTestGateway, type TestGateway } from './test-gateway.check.ts';

let local: TestGateway;
let keyed: TestGateway;
beforeAll(async () => {
  local = await openTestGateway();
  keyed = await openTestGateway({ keys: [{ id: 'desk', sha256: '0'.repeat(64) }] });
});
afterAll(async () => {
  await local.close();
  await keyed.close();
});

/** What a page gets whose own name was pointed at this machine: fetch would not let the test name another host. */
function send(gateway: TestGateway, host: string, path = '/graphql') {
  const headers = { host, 'content-type': 'application/json' };
  const method = path === '/graphql' ? 'POST' : 'GET';
  return new Promise<{ readonly status: number | undefined; readonly text: string }>((resolve, reject) => {
    const sent = request(`${gateway.url}${path}`, { method, headers }, async (response) => {
      let text = '';
      for await (const part of response) text += part;
      resolve({ status: response.statusCode, text });
    });
    sent.on('error', reject);
    sent.end(method === 'POST' ? JSON.stringify({ query: '{ divisions { code } }' }) : undefined);
  });
}

describe('a page whose name was pointed at this machine', () => {
  test.each(['/graphql', '/metrics', '/', '/health/ready', '/nowhere'])(
    'gets nothing of %s',
    async (path) => {
      const { status, text } = await send(local, 'evil.example:4000', path);
      expect([status, JSON.parse(text).errors[0].extensions.code]).toEqual([403, 'HUB_AUTH_HOST']);
      expect(text).not.toContain('evil');
    },
  );

  test('needs a key where keys are configured, like everybody', async () => {
    const { status, text } = await send(keyed, 'hub.example');
    expect([status, JSON.parse(text).errors[0].extensions.code]).toEqual([401, 'HUB_AUTH_REQUIRED']);
  });
});

test.each(['127.0.0.1', 'localhost:5173', '[::1]:4000'])('%s is this machine', async (host) => {
  const { status, text } = await send(local, host);
  expect([status, JSON.parse(text).data.divisions.length]).toEqual([200, 2]);
});
