import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toHub } from '../stitch/hand-made.check.ts';
import type { Viewer } from '../subschema/contract.ts';
import { openTestGateway, send, type TestGateway } from './test-gateway.check.ts';

const toKey = (id: string, text: string) => ({
  id,
  sha256: createHash('sha256').update(text).digest('hex'),
});

const viewers: Viewer[] = [];
function toWatchedHub() {
  const hub = toHub();
  return {
    ...hub,
    executor: (request: Parameters<typeof hub.executor>[0]) => {
      if (request.context !== undefined) viewers.push(request.context.viewer);
      return hub.executor(request);
    },
  };
}

let gateway: TestGateway;
beforeAll(async () => {
  const keys = [toKey('command-screen', 'first key'.replace(' ', '-')), toKey('flood-desk', 'second-key')];
  gateway = await openTestGateway({ keys, host: '127.0.0.1', subschemas: [toWatchedHub()] });
});
afterAll(() => gateway.close());

const BODY = JSON.stringify({ query: '{ divisions { code } }' });
const question = (headers: Record<string, string>) =>
  send(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: BODY,
  });

describe('where keys are configured', () => {
  test.each([
    ['Bearer', { authorization: 'Bearer first-key' }, 'command-screen'],
    ['bearer, in small letters', { authorization: 'bearer second-key' }, 'flood-desk'],
    ['X-Api-Key', { 'x-api-key': 'second-key' }, 'flood-desk'],
  ])('a right key asks: %s', async (_how, headers, id) => {
    viewers.length = 0;
    const answer = await question(headers as Record<string, string>);
    expect(answer.status).toBe(200);
    expect(viewers).toEqual([{ id, kind: 'key', classes: ['public', 'internal', 'sensitive'] }]);
  });

  test.each([
    ['no key', {}],
    ['an empty key', { 'x-api-key': '' }],
    ['a wrong key', { authorization: 'Bearer third-key' }],
    ['the hash of a key', { authorization: `Bearer ${toKey('', 'first-key').sha256}` }],
    ['the name of a key', { 'x-api-key': 'flood-desk' }],
    ['another scheme', { authorization: 'Basic first-key' }],
    ['a right key in another letter case', { 'x-api-key': 'FIRST-KEY' }],
  ])('nobody asks with %s', async (_what, headers) => {
    viewers.length = 0;
    const answer = await question(headers as Record<string, string>);
    expect([answer.status, answer.codes, viewers]).toEqual([401, ['HUB_AUTH_REQUIRED'], []]);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.text).not.toMatch(/command-screen|flood-desk/);
  });

  test('metrics need a key, health and the landing page do not', async () => {
    const status = async (path: string, headers = {}) =>
      (await fetch(`${gateway.url}${path}`, { headers })).status;
    expect(await status('/metrics')).toBe(401);
    expect(await status('/metrics', { 'x-api-key': 'first-key' })).toBe(200);
    expect([await status('/'), await status('/health/live'), await status('/health/ready')]).toEqual([
      200, 200, 200,
    ]);
  });
});

describe('without keys', () => {
  test.each(['0.0.0.0', '::', '192.168.1.10', 'hub.example'])(
    'the gateway does not listen on %s',
    async (host) => {
      await expect(openTestGateway({ host })).rejects.toMatchObject({ code: 'HUB_CONFIG_INVALID' });
    },
  );

  test('whoever sits at this machine is the viewer', async () => {
    viewers.length = 0;
    const local = await openTestGateway({ subschemas: [toWatchedHub()] });
    await send(`${local.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: BODY,
    });
    await local.close();
    expect(viewers).toEqual([{ id: 'local', kind: 'local', classes: ['public', 'internal', 'sensitive'] }]);
  });
});

test('keys that cannot work are refused at the start, all at once and without their text', async () => {
  const keys = [
    { id: 'a', sha256: 'plain-text-key' },
    { id: 'a', sha256: toKey('', 'x').sha256 },
  ];
  await expect(openTestGateway({ keys })).rejects.toThrow(
    'Access is not configured: key "a" must be given as the SHA-256 of its text, 64 hexadecimal digits; two keys are called "a".',
  );
});
