// The conformance suite over a REST service that holds FIXTURE as lists in JSON, one of them in GBK, page by page.
import { describe, test } from '@jest/globals';
import { FIXTURE, type ObjectName } from '../../kit/conformance/fixture.ts';
import { runCheck, toChecks } from '../../kit/conformance/suite.ts';
import { openWire } from '../../kit/conformance/wire.ts';
import type { Waiver, World } from '../../kit/conformance/world.ts';
import type { Source, SourceRecord } from '../../kit/contract.ts';
import { type Asked, known, openService, type Reply, toGbk } from '../../kit/web/service.fixture.ts';
import { openSource, toSettings } from './service.fixture.ts';

const OBJECTS = Object.keys(FIXTURE) as ObjectName[];
const SECRET = 's3cr3t-key';

const MISSING = 'manifest §6: in JSON and XML a missing column is null; missing from a whole run it is drift';
const WAIVERS: readonly Waiver[] = [
  {
    id: 'C01',
    reason:
      'a contract over http declares no keys, and a page no types: what describe() tells is in describe.test.ts',
  },
  { id: 'C02', reason: 'names over http have a case; a manifest says otherwise by `columnCase`' },
  { id: 'C22', reason: MISSING },
  { id: 'C25', reason: MISSING },
];

describe('the http kind over a paged JSON service', () => {
  test.each(toChecks(WAIVERS))('$id $title', (check) => runCheck(check, openWorld), 60_000);
});

type List = { columns: readonly string[]; records: SourceRecord[] };

async function openWorld(): Promise<World> {
  const lists = new Map<string, List>(
    OBJECTS.map((object) => [
      object,
      { columns: FIXTURE[object].columns.map(({ name }) => name), records: [...FIXTURE[object].records] },
    ]),
  );
  // An HTTP service answers in its own order: this one by time, and what is new at the end.
  lists.get('readings')?.records.sort((a, b) => (String(a.tm) < String(b.tm) ? -1 : 1));
  const service = await openService((asked) => answer(lists, asked));
  const wire = await openWire('127.0.0.1', service.port);
  const sources: Source[] = [];
  return {
    names: Object.fromEntries(OBJECTS.map((object) => [object, object])) as World['names'],
    secret: SECRET,
    async open(overrides = {}) {
      const options = {
        auth: { query: { key: known(SECRET) } },
        encoding: 'detect',
        success: { path: 'code', ok: ['0'] },
      };
      const query = { from: { slot: 'page.offset' }, size: { slot: 'page.size' } };
      const objects = OBJECTS.map((name) => ({
        name,
        options: {
          request: { method: 'GET', path: `/${name}`, query },
          paging: { by: 'offset', size: 500, total: 'data.total' },
          records: 'data.list',
        },
      }));
      const settings = toSettings(
        `http://127.0.0.1:${wire.port}/${SECRET}`,
        options,
        {},
        { objects, timeoutMs: 5000 },
      );
      const source = await openSource({ ...settings, ...overrides });
      sources.push(source);
      return source;
    },
    async insert(object, records) {
      lists.get(object)?.records.push(...records);
    },
    async dropColumn(object, column) {
      const list = lists.get(object);
      if (list !== undefined) list.columns = list.columns.filter((name) => name !== column);
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

function answer(lists: ReadonlyMap<string, List>, { path, query }: Asked): Reply {
  const name = path.split('/').at(-1) ?? '';
  const list = lists.get(name);
  if (list === undefined || query.get('key') !== SECRET) return { status: 403, body: {} };
  const from = Number(query.get('from'));
  const page = list.records.slice(from, from + Number(query.get('size')));
  const text = `{"code":0,"data":{"total":${list.records.length},"list":[${page.map((record) => toJson(record, list.columns)).join()}]}}`;
  return name === 'gbk'
    ? { headers: { 'content-type': 'application/json; charset=GBK' }, body: toGbk(text) }
    : { body: text };
}

/** Numbers with all their digits, as a service in another language writes them. */
function toJson(record: SourceRecord, columns: readonly string[]): string {
  const pairs = columns.map((name) => {
    const value = record[name] ?? null;
    const isNumber = ['huge', 'big', 'seq', 'value'].includes(name) && value !== null;
    return `${JSON.stringify(name)}:${isNumber ? String(value) : JSON.stringify(value)}`;
  });
  return `{${pairs.join()}}`;
}
