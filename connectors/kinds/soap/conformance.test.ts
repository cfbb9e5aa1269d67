// The conformance suite over a SOAP service that holds FIXTURE: lists as XML in the return element, one of them in GBK.
import { describe, test } from '@jest/globals';
import { runCheck, toChecks } from '../../kit/conformance/suite.ts';
import type { SourceRecord } from '../../kit/contract.ts';
import {
  type Lists,
  OBJECTS,
  openWebWorld,
  SECRET,
  SILENT_WAIVERS,
} from '../../kit/web/conformance.fixture.ts';
import { type Asked, known, type Reply, toGbk, toWebSettings } from '../../kit/web/service.fixture.ts';
import { NAMESPACE, openSource, toFault11, toReturn, toXmlText } from './service.fixture.ts';

describe('the soap kind over a paged service', () => {
  test.each(toChecks(SILENT_WAIVERS))('$id $title', (check) => runCheck(check, openWorld), 60_000);
});

const openWorld = () =>
  openWebWorld({
    toAnswer: (lists) => (asked) => answer(lists, asked),
    toSettings: (url) => {
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
      return toWebSettings(url, { encoding: 'detect' }, {}, { objects, timeoutMs: 5000 });
    },
    open: openSource,
  });

function answer(lists: Lists, { body }: Asked): Reply {
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
