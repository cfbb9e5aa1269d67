// The conformance suite over a GraphQL service that executes what it is asked over FIXTURE, one of its lists in GBK.
import { describe, test } from '@jest/globals';
import { FIXTURE, type ObjectName } from '../../kit/conformance/fixture.ts';
import { runCheck, toChecks } from '../../kit/conformance/suite.ts';
import { openWire } from '../../kit/conformance/wire.ts';
import type { Waiver, World } from '../../kit/conformance/world.ts';
import type { Source, SourceRecord } from '../../kit/contract.ts';
import { known, openService, toGbk, toWebSettings } from '../../kit/web/service.fixture.ts';
import { openSource, toPosted, toService } from './service.fixture.ts';

const OBJECTS = Object.keys(FIXTURE) as ObjectName[];
const SECRET = 's3cr3t-key';

const WAIVERS: readonly Waiver[] = [
  {
    id: 'C01',
    reason:
      'a contract over http declares no keys, and a page no types: what describe() tells is in describe.test.ts',
  },
  { id: 'C02', reason: 'names over http have a case; a manifest says otherwise by `columnCase`' },
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

async function openWorld(): Promise<World> {
  const lists = new Map<ObjectName, SourceRecord[]>(
    OBJECTS.map((name) => [name, [...FIXTURE[name].records]]),
  );
  // A service answers in its own order: this one by time, and what is new at the end.
  lists.get('readings')?.sort((a, b) => (String(a.tm) < String(b.tm) ? -1 : 1));
  const resolvers = OBJECTS.map((name) => [
    name,
    ({ from, size }: { from: number; size: number }) => {
      const list = lists.get(name) ?? [];
      return { total: list.length, list: list.slice(from, from + size) };
    },
  ]);
  const execute = toService(SDL, Object.fromEntries(resolvers));
  const service = await openService(async (asked) => {
    if (asked.headers['x-key'] !== SECRET) return { status: 403, body: {} };
    const reply = await execute(asked);
    if (!toPosted(asked).query.includes('gbk') || typeof reply === 'function') return reply;
    const headers = { 'content-type': 'application/json; charset=GBK' };
    return { ...reply, headers, body: toGbk(JSON.stringify(reply.body)) };
  });
  const wire = await openWire('127.0.0.1', service.port);
  const sources: Source[] = [];
  return {
    names: Object.fromEntries(OBJECTS.map((object) => [object, object])) as World['names'],
    secret: SECRET,
    async open(overrides = {}) {
      const objects = OBJECTS.map((name) => ({
        name,
        options: {
          request: { root: name, args: { from: { slot: 'page.offset' }, size: { slot: 'page.size' } } },
          paging: { by: 'offset', size: 500, total: 'total' },
          records: 'list',
        },
      }));
      const options = { encoding: 'detect', auth: { header: { 'X-Key': known(SECRET) } } };
      const url = `http://127.0.0.1:${wire.port}/${SECRET}`;
      const source = await openSource({
        ...toWebSettings(url, options, {}, { objects, timeoutMs: 5000 }),
        ...overrides,
      });
      sources.push(source);
      return source;
    },
    async insert(object, records) {
      lists.get(object)?.push(...records);
    },
    async dropColumn() {
      throw new Error('waived: C25');
    },
    faults: wire,
    connections: service.connections,
    async close() {
      await Promise.all(sources.map((source) => source.close()));
      await wire.close();
      await service.close();
    },
  };
}
