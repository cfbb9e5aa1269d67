// The conformance suite over a GraphQL service that executes what it is asked over FIXTURE, one of its lists in GBK.
import { describe, test } from '@jest/globals';
import { FIXTURE } from '../../kit/conformance/fixture.ts';
import { runCheck, toChecks } from '../../kit/conformance/suite.ts';
import type { Waiver } from '../../kit/conformance/world.ts';
import { type Lists, OBJECTS, openWebWorld, SECRET, WEB_WAIVERS } from '../../kit/web/conformance.fixture.ts';
import { type Asked, known, type Reply, toGbk, toWebSettings } from '../../kit/web/service.fixture.ts';
import { openSource, toPosted, toService } from './service.fixture.ts';

const WAIVERS: readonly Waiver[] = [
  ...WEB_WAIVERS,
  {
    id: 'C22',
    reason:
      'a column that is not there is refused by the service, which names no nearest one for the hub to trust',
  },
  {
    id: 'C25',
    reason: 'a column that is gone makes the document invalid at once: HUB_SOURCE_SHAPE by answer.test.ts',
  },
];

const TYPES = OBJECTS.map(
  (name) => `type T_${name} { ${FIXTURE[name].columns.map((column) => `${column.name}: String`).join(' ')} }
  type L_${name} { total: Int! list: [T_${name}!]! }`,
);
const SDL = `${TYPES.join('\n')} type Query { ${OBJECTS.map((name) => `${name}(from: Int!, size: Int!): L_${name}`).join(' ')} }`;

describe('the graphql kind over a paged service', () => {
  test.each(toChecks(WAIVERS))('$id $title', (check) => runCheck(check, openWorld), 60_000);
});

const openWorld = () =>
  openWebWorld({
    toAnswer,
    toSettings: (url) => {
      const objects = OBJECTS.map((name) => ({
        name,
        options: {
          request: { root: name, args: { from: { slot: 'page.offset' }, size: { slot: 'page.size' } } },
          paging: { by: 'offset', size: 500, total: 'total' },
          records: 'list',
        },
      }));
      const options = { encoding: 'detect', auth: { header: { 'X-Key': known(SECRET) } } };
      return toWebSettings(url, options, {}, { objects, timeoutMs: 5000 });
    },
    open: openSource,
    dropColumn: async () => {
      throw new Error('waived: C25');
    },
  });

type Page = { readonly from: number; readonly size: number };

function toAnswer(lists: Lists): (asked: Asked) => Promise<Reply> {
  const resolvers = OBJECTS.map((name) => {
    const { records } = lists.get(name) ?? { records: [] };
    const resolve = ({ from, size }: Page) => ({
      total: records.length,
      list: records.slice(from, from + size),
    });
    return [name, resolve] as const;
  });
  const execute = toService(SDL, Object.fromEntries(resolvers));
  return async (asked) => {
    if (asked.headers['x-key'] !== SECRET) return { status: 403, body: {} };
    const reply = await execute(asked);
    if (!toPosted(asked).query.includes('gbk') || typeof reply === 'function') return reply;
    const headers = { 'content-type': 'application/json; charset=GBK' };
    return { ...reply, headers, body: toGbk(JSON.stringify(reply.body)) };
  };
}
