// The conformance suite over a SOAP service that holds FIXTURE: lists as XML in the return element, one of them in GBK.
import { describe, test } from '@jest/globals';
import { FIXTURE, type ObjectName } from '../../kit/conformance/fixture.ts';
import { runCheck, toChecks } from '../../kit/conformance/suite.ts';
import { openWire } from '../../kit/conformance/wire.ts';
import type { Waiver, World } from '../../kit/conformance/world.ts';
import type { Source, SourceRecord } from '../../kit/contract.ts';
import {
  type Asked,
  known,
  openService,
  type Reply,
  toGbk,
  toWebSettings,
} from '../../kit/web/service.fixture.ts';
import { NAMESPACE, openSource, toFault11, toReturn, toXmlText } from './service.fixture.ts';

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

describe('the soap kind over a paged service', () => {
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
  // A service answers in its own order: this one by time, and what is new at the end.
  lists.get('readings')?.records.sort((a, b) => (String(a.tm) < String(b.tm) ? -1 : 1));
  const service = await openService((asked) => answer(lists, asked));
  const wire = await openWire('127.0.0.1', service.port);
  const sources: Source[] = [];
  return {
    names: Object.fromEntries(OBJECTS.map((object) => [object, object])) as World['names'],
    secret: SECRET,
    async open(overrides = {}) {
      const args = { key: known(SECRET), from: { slot: 'page.offset' }, size: { slot: 'page.size' } };
      const objects = OBJECTS.map((name) => ({
        name,
        options: {
          request: { operation: name, namespace: NAMESPACE, args },
          paging: { by: 'offset', size: 500, total: 'list.total' },
          unwrap: [{ path: `${name}Return`, codec: 'xml' }],
          records: 'list.item',
        },
      }));
      const url = `http://127.0.0.1:${wire.port}/${SECRET}`;
      const settings = toWebSettings(url, { encoding: 'detect' }, {}, { objects, timeoutMs: 5000 });
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

function answer(lists: ReadonlyMap<string, List>, { body }: Asked): Reply {
  const name = /<q:(\w+) /.exec(body)?.[1] ?? '';
  const list = lists.get(name);
  const argumentOf = (argument: string) => new RegExp(`<${argument}>([^<]*)<`).exec(body)?.[1] ?? '';
  if (list === undefined || argumentOf('key') !== SECRET) return toFault11('soap:Client.Authentication');
  const from = Number(argumentOf('from'));
  const page = list.records.slice(from, from + Number(argumentOf('size')));
  const items = page.map(
    (record) => `<item>${list.columns.map((name) => toElement(name, record)).join('')}</item>`,
  );
  const text = `<list><total>${list.records.length}</total>${items.join('')}</list>`;
  const reply = toReturn(toXmlText(text), name) as { readonly body: string };
  return name === 'gbk'
    ? { headers: { 'content-type': 'text/xml; charset=GBK' }, body: toGbk(reply.body) }
    : reply;
}

function toElement(name: string, record: SourceRecord): string {
  const value = record[name] ?? null;
  if (value === null) return `<${name} xmlns:xsi="x" xsi:nil="true"/>`;
  return `<${name}>${toXmlText(String(value))}</${name}>`;
}
