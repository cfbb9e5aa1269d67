// The kinds as a worker gets them: which of them connect where, with nothing but the environment's word for it.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Source } from '../connectors/kit/contract.ts';
import { openService, type Service, toWebSettings } from '../connectors/kit/web/service.fixture.ts';
import { openDivisions } from '../schema/divisions/open-divisions.ts';
import { toKinds } from './kinds.ts';

const LOG = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const REQUESTS = {
  http: { method: 'GET', path: '/list' },
  soap: { operation: 'list' },
  graphql: { root: 'list' },
} as const;

let service: Service;
beforeAll(async () => {
  service = await openService(() => ({ status: 418, body: '' }));
});
afterAll(() => service.close());

const ask = async (kind: keyof typeof REQUESTS, url: string, privateTargets: readonly string[]) => {
  const kinds = toKinds(await openDivisions(), LOG, { privateTargets });
  const source: Source | undefined = await kinds[kind]?.open(
    toWebSettings(url, {}, { request: REQUESTS[kind] }),
  );
  if (source === undefined) throw new Error(`there is no kind ${kind}`);
  const answer = await source.select('list', { columns: ['id'], limit: 1 }).catch((error: unknown) => error);
  await source.close();
  return answer;
};

describe.each(['http', 'soap', 'graphql'] as const)('a source of kind %s', (kind) => {
  test.each(['http://127.0.0.1', 'http://localhost', 'http://[::ffff:127.0.0.1]'])(
    'is never connected to this machine by itself: %s',
    async (origin) => {
      const before = service.asked.length;
      expect(await ask(kind, `${origin}:${service.port}`, [])).toMatchObject({
        code: 'HUB_SOURCE_TARGET',
        message: expect.not.stringContaining(String(service.port)),
      });
      expect(service.asked).toHaveLength(before);
    },
  );

  test('is, where the installation allows it', async () => {
    const before = service.asked.length;
    expect(await ask(kind, service.url, [`127.0.0.1:${service.port}`])).toMatchObject({
      code: 'HUB_SOURCE_QUERY',
    });
    expect(await ask(kind, service.url, ['127.0.0.0/8'])).toMatchObject({ code: 'HUB_SOURCE_QUERY' });
    expect(service.asked).toHaveLength(before + 2);
  });
});
