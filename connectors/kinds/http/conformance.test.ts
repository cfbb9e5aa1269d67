// The conformance suite over a REST service that holds FIXTURE as lists in JSON, one of them in GBK, page by page.
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
import { type Asked, known, type Reply, toGbk } from '../../kit/web/service.fixture.ts';
import { openSource, toSettings } from './service.fixture.ts';

describe('the http kind over a paged JSON service', () => {
  test.each(toChecks(SILENT_WAIVERS))('$id $title', (check) => runCheck(check, openWorld), 60_000);
});

const openWorld = () =>
  openWebWorld({
    toAnswer: (lists) => (asked) => answer(lists, asked),
    toSettings: (url) => {
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
      return toSettings(url, options, {}, { objects, timeoutMs: 5000 });
    },
    open: openSource,
  });

function answer(lists: Lists, { path, query }: Asked): Reply {
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
