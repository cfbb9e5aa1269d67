import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { openTestGateway, type TestGateway } from './test-gateway.check.ts';

/** Audits that do not pass, each with its reason. README.md of this folder holds the same table. */
const WAIVED: Readonly<Record<string, string>> = {
  '572B': 'SHOULD: a document that cannot be parsed is answered with 400 also under application/json',
  FDE2: 'SHOULD: a document that does not fit the schema is answered with 400 also under application/json',
  '7B9B': 'SHOULD: variables that do not fit are answered with 400 also under application/json',
  '5A70': 'MAY: a GET without a header that forces a preflight is refused (CSRF)',
  D6D5: 'MAY: the same, with variables',
  '6A70': 'MAY: the same, with variables, under application/json',
};

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway();
});
afterAll(() => gateway.close());

describe('GraphQL over HTTP, as graphql-http audits it', () => {
  const audits = serverAudits({ url: () => `${gateway.url}/graphql`, fetchFn: fetch });

  test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))(
    '%s %s',
    async (id, _name, audit) => {
      const result = await audit.fn();
      // A waiver that is no longer needed fails too: the table must stay true.
      expect([id, result.status]).toEqual([id, toExpected(id)]);
    },
  );

  test('no MUST is waived', () => {
    const names = new Map(audits.map(({ id, name }) => [id, name]));
    for (const id of Object.keys(WAIVED)) expect(names.get(id)).toMatch(/^(SHOULD|MAY)/);
  });

  test('the README of this folder gives the reason of every waiver', async () => {
    const readme = await readFile(new URL('README.md', import.meta.url), 'utf8');
    const documented = [...readme.matchAll(/^\| `([0-9A-Z]{4})` \|/gm)].map(([, id]) => id);
    expect(documented.sort()).toEqual(Object.keys(WAIVED).sort());
  });
});

function toExpected(id: string): 'ok' | 'warn' | 'notice' {
  const reason = WAIVED[id];
  if (reason === undefined) return 'ok';
  return reason.startsWith('SHOULD') ? 'warn' : 'notice';
}
