// A service that is asked by its mark of the last change (slot `cursor`), from the manifest to the rows, over real sockets.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { jsonCodec } from '../../connectors/codecs/json/json-codec.ts';
import { toHttpKind } from '../../connectors/kinds/http/http-kind.ts';
import { parseManifest } from '../../connectors/kit/manifest/parse-manifest.ts';
import { compileMappings } from '../../connectors/kit/mapping/compile-mappings.ts';
import { wallClock } from '../../connectors/kit/resilience/clock.ts';
import { toTargets } from '../../connectors/kit/web/targets.ts';
import { planFeeds } from '../../jobs/plan/plan-feeds.ts';
import { syncFeed } from '../../jobs/sync/sync-feed.ts';
import { openDivisions } from '../../schema/divisions/open-divisions.ts';
import { openMemoryStore } from '../support/memory-store.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-04-05T12:00:00Z');
const MANIFEST = `
manifest: 1
unit: traffic
name: { zh: 交警, en: Traffic police }
owner: { contact: 值班室, phone: { secret: PHONE } }
sources:
  api:
    kind: http
    url: { secret: API }
    success: { path: code, ok: ["0"] }
    objects:
      events:
        request: { method: GET, path: /events, query: { since: { slot: cursor, format: epochMillis }, page: { slot: page.number } } }
        paging: { by: page, first: 1, size: 2, total: data.total }
        records: data.list
types:
  Event:
    zh: 事件
    en: Event
    role: event
    from: [{ source: api, object: events }]
    sync: { strategy: cursor, cursor: { column: updateTime, format: epochMillis }, every: PT1M, overlap: PT5M, late: P1D }
    key: [number]
    time: happenedAt
    freshness: { promise: PT2M }
    division: [none]
    fields:
      number: { zh: 编号, en: Number, text: id }
      state: { zh: 状态, en: State, text: state }
      happenedAt: { zh: 时间, en: Happened at, time: at, formats: [epochMillis] }
policy: { default: public }
`;

type Event = { id: string; state: string; at: number; updateTime: number };
const events = new Map<string, Event>();
const asked: string[] = [];
const server = createServer((request, response) => {
  const { searchParams } = new URL(`http://service${request.url ?? '/'}`);
  asked.push(searchParams.get('since') ?? '');
  const found = [...events.values()]
    .filter(({ updateTime }) => updateTime >= Number(searchParams.get('since') ?? 0))
    .sort((left, right) => right.updateTime - left.updateTime);
  const first = (Number(searchParams.get('page')) - 1) * 2;
  response.end(
    JSON.stringify({ code: '0', data: { total: found.length, list: found.slice(first, first + 2) } }),
  );
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

test('is asked from its newest change less the overlap, and an old event that changes comes again', async () => {
  const { unit } = parseManifest(MANIFEST, { file: 'unit.yaml', folder: 'traffic' });
  if (unit === null) throw new Error('the manifest has faults');
  const codecs = { documents: new Map([['json', jsonCodec]]), tables: new Map(), books: new Map() };
  const kind = toHttpKind({ codecs, clock: wallClock, counties: [], targets: toTargets(['127.0.0.1']) });
  const [mapping] = compileMappings(unit, { divisions: await openDivisions() });
  const [feed] = planFeeds(unit, mapping === undefined ? [] : [mapping], () => kind.capabilities);
  if (mapping === undefined || feed === undefined) throw new Error('one feed is planned');
  const [spec] = unit.sources;
  const source = await kind.open({
    ...{ unit: 'traffic', name: 'api', zone: 'Asia/Shanghai', inFlight: 1, timeoutMs: 5000, pageRows: 2 },
    ...{ rate: null, fileBytes: 1_000_000, columnCase: 'exact', options: spec?.settings ?? {} },
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects: (spec?.objects ?? []).map(({ name, settings }) => ({ name, options: settings })),
  });
  const store = openMemoryStore();
  let now = START;
  const run = async () => {
    await syncFeed(feed, {
      ...{ source, mapping, store: store.sync, clock: () => now, reason: 'schedule', holder: 'test' },
      signal: new AbortController().signal,
    });
    return new Set(asked.splice(0));
  };
  const put = (id: string, state: string, updateTime: number) =>
    events.set(id, { id, state, at: START - 60 * MINUTE, updateTime });
  for (const id of ['1', '2', '3']) put(id, 'OPEN', START - 10 * MINUTE + Number(id));
  expect(await run()).toEqual(new Set([String(START - 7 * 24 * 60 * MINUTE)]));
  now += MINUTE;
  put('1', 'CLOSED', now - 1000);
  // In whole seconds, never later than what was asked for.
  expect(await run()).toEqual(new Set([String(START - 15 * MINUTE)]));
  expect([...store.rows].map(([key, { values }]) => [key, values.state]).toSorted()).toEqual([
    ['Event:1', 'CLOSED'],
    ['Event:2', 'OPEN'],
    ['Event:3', 'OPEN'],
  ]);
  await source.close();
});
