// Pages and cursors over real sockets: where they begin, where they end, and when the service's own count is not kept.
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Page } from '../../kit/contract.ts';
import { type Asked, type Reply, readAll } from '../../kit/web/service.fixture.ts';
import { toHarness } from './service.fixture.ts';

const harness = toHarness();
afterEach(harness.closeAll);

const ids = (pages: readonly Page[]) => pages.flatMap((page) => page.records.map(({ id }) => id));
const list = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));
const BY_PAGE = { p: { slot: 'page.number' }, n: { slot: 'page.size' } };
const BY_OFFSET = { from: { slot: 'page.offset' } };
const BY_TOKEN = { t: { slot: 'page.token' } };
const toObject = (query: object, paging: object, more: object = {}) => ({
  request: { method: 'GET', path: '/list', query },
  paging,
  records: 'data.list',
  ...more,
});
/** Pages by number from `first`, of the length asked for. */
const byPage =
  (all: readonly object[], first: number) =>
  ({ query }: Asked): Reply => {
    const [page, size] = [Number(query.get('p')) - first, Number(query.get('n'))];
    return { body: { data: { total: all.length, list: all.slice(page * size, (page + 1) * size) } } };
  };

describe('pages by number', () => {
  test.each([
    [0, 25, 3],
    [1, 25, 3],
    [1, 20, 3],
    [1, 0, 1],
    [1, 9, 1],
  ])('from %d: %d records come whole, in %d requests without a total', async (first, count, requests) => {
    const service = await harness.serve(byPage(list(count), first));
    const source = await harness.open(service.url, {}, toObject(BY_PAGE, { by: 'page', first, size: 10 }));
    expect(ids(await readAll(source))).toEqual(list(count).map(({ id }) => id));
    expect(service.asked.map(({ query }) => query.get('p'))).toEqual(
      Array.from({ length: requests }, (_, page) => String(first + page)),
    );
  });

  test('end at the total, without asking for an empty page', async () => {
    const service = await harness.serve(byPage(list(20), 1));
    const paging = { by: 'page', first: 1, size: 10, total: 'data.total' };
    const source = await harness.open(service.url, {}, toObject(BY_PAGE, paging));
    const pages = await readAll(source);
    expect(ids(pages)).toHaveLength(20);
    expect(service.asked).toHaveLength(2);
    expect(pages.map(({ counted }) => counted)).toEqual([undefined, true]);
  });

  test('a service that answers less than its own total is a fault of the run', async () => {
    const service = await harness.serve(({ query }) => {
      const page = Number(query.get('p'));
      return { body: { data: { total: '25', list: page === 1 ? list(10) : list(7) } } };
    });
    const paging = { by: 'page', first: 1, size: 10, total: 'data.total' };
    const source = await harness.open(service.url, {}, toObject(BY_PAGE, paging));
    await expect(readAll(source)).rejects.toMatchObject({
      code: 'HUB_SOURCE_QUERY',
      message: 'test.api (object list): it answered 17 of 25 records',
    });
  });

  test('a total that is not there is HUB_SOURCE_FORMAT with its path', async () => {
    const service = await harness.serve(() => ({ body: { data: { list: [], total: 'many' } } }));
    const paging = { by: 'page', first: 1, size: 10, total: 'data.total' };
    const source = await harness.open(service.url, {}, toObject(BY_PAGE, paging));
    await expect(readAll(source)).rejects.toMatchObject({
      code: 'HUB_SOURCE_FORMAT',
      message: expect.stringContaining('no number at data.total'),
    });
  });

  test('a service that does not heed the page number is found out at its second page', async () => {
    const service = await harness.serve(() => ({ body: { data: { list: list(30) } } }));
    const source = await harness.open(service.url, {}, toObject(BY_PAGE, { by: 'page', first: 1, size: 30 }));
    await expect(readAll(source)).rejects.toMatchObject({
      code: 'HUB_SOURCE_QUERY',
      message: expect.stringContaining('does it heed the slot page.number?'),
    });
    expect(service.asked).toHaveLength(2);
  });

  test('an answer longer than the limit is still one page', async () => {
    const service = await harness.serve(byPage(list(100), 1));
    const source = await harness.open(service.url, {}, toObject(BY_PAGE, { by: 'page', first: 1, size: 60 }));
    expect((await readAll(source, { limit: 5 })).map(({ records }) => records.length)).toEqual([60, 40]);
  });
});

describe('pages by offset', () => {
  test('go on behind what came, also where the service sends more than was asked for', async () => {
    const lengths = [10, 12, 3];
    const service = await harness.serve(({ query }) => {
      const from = Number(query.get('from'));
      return { body: { data: { list: list(25).slice(from, from + (lengths.shift() ?? 0)) } } };
    });
    const source = await harness.open(service.url, {}, toObject(BY_OFFSET, { by: 'offset', size: 10 }));
    expect(ids(await readAll(source))).toEqual(list(25).map(({ id }) => id));
    expect(service.asked.map(({ query }) => query.get('from'))).toEqual(['0', '10', '22']);
  });
});

describe('pages by token', () => {
  const chain =
    (answers: Record<string, object>) =>
    ({ query }: Asked): Reply => ({ body: answers[query.get('t') ?? ''] });

  test('go on as long as there is a token, short pages or not', async () => {
    const service = await harness.serve(
      chain({
        '': { data: { list: list(2) }, next: 'a/+=&' },
        'a/+=&': { data: { list: [] }, next: 17 },
        17: { data: { list: [{ id: 9 }] }, next: null },
      }),
    );
    const source = await harness.open(
      service.url,
      {},
      toObject(BY_TOKEN, { by: 'token', size: 10, next: 'next' }),
    );
    expect(ids(await readAll(source))).toEqual([0, 1, 9]);
    expect(service.asked.map(({ search }) => search)).toEqual(['', '?t=a%2F%2B%3D%26', '?t=17']);
  });

  test('end where `more` says no, whatever the token says', async () => {
    const service = await harness.serve(
      chain({
        '': { data: { list: list(2) }, next: 'a', more: true },
        a: { data: { list: [] }, next: 'b', more: 'false' },
      }),
    );
    const paging = { by: 'token', size: 2, next: 'next', more: 'more' };
    await readAll(await harness.open(service.url, {}, toObject(BY_TOKEN, paging)));
    expect(service.asked).toHaveLength(2);
  });

  test('a token that leads to itself is a fault, not an endless run', async () => {
    const service = await harness.serve(() => ({ body: { data: { list: list(2) }, next: 'a' } }));
    const source = await harness.open(
      service.url,
      {},
      toObject(BY_TOKEN, { by: 'token', size: 2, next: 'next' }),
    );
    await expect(readAll(source)).rejects.toMatchObject({ code: 'HUB_SOURCE_QUERY' });
    expect(service.asked).toHaveLength(2);
  });
});

describe('a cursor', () => {
  const query = {
    ...BY_PAGE,
    from: { slot: 'window.from', format: 'epochSeconds' },
    to: { slot: 'window.to', format: 'epochSeconds' },
  };
  const object = toObject(
    query,
    { by: 'page', first: 1, size: 10, total: 'data.total' },
    { window: { most: 'PT1H' } },
  );
  const span = { from: '2026-04-05T00:00:00Z', to: '2026-04-05T02:30:00Z' };
  /** In each hour 25 records that name it. */
  const answer = (asked: Asked): Reply => {
    const from = asked.query.get('from');
    return byPage(
      list(25).map(({ id }) => ({ id: `${from} ${id}` })),
      1,
    )(asked);
  };

  test('resumes in another process from any page of any interval, with the span that the scan began with', async () => {
    const service = await harness.serve(answer);
    const source = await harness.open(service.url, {}, object);
    const pages = await readAll(source, { span });
    expect(pages.map(({ records }) => records.length)).toEqual([10, 10, 5, 10, 10, 5, 10, 10, 5]);
    for (const [index, page] of pages.entries()) {
      const other = await harness.open(service.url, {}, object);
      const later = { from: '2026-04-06T00:00:00Z', to: '2026-04-06T01:00:00Z' };
      const rest = await readAll(other, { span: later, after: page.cursor ?? '' });
      expect(ids(rest)).toEqual(ids(pages.slice(index + 1)));
    }
  });

  test('is refused for another object, and after its object was changed in the manifest', async () => {
    const service = await harness.serve(answer);
    const source = await harness.open(service.url, {}, object);
    const { cursor } = await source.select('list', { columns: ['id'], limit: 10, span });
    const changed = [
      { ...object, paging: { ...object.paging, size: 20 } },
      { ...object, window: { most: 'PT2H' } },
      { ...object, request: { ...object.request, path: '/other' } },
    ];
    for (const each of changed) {
      const other = await harness.open(service.url, {}, each);
      await expect(readAll(other, { span, after: cursor ?? '' })).rejects.toMatchObject({
        code: 'HUB_SOURCE_CURSOR',
      });
    }
    for (const after of ['', 'x', cursor?.slice(0, -3) ?? ''])
      await expect(readAll(source, { span, after })).rejects.toMatchObject({ code: 'HUB_SOURCE_CURSOR' });
  });

  test('any list, cut anywhere, comes whole and once', async () => {
    const world = { count: 0 };
    const service = await harness.serve((asked) => byPage(list(world.count), 1)(asked));
    await fc.assert(
      fc.asyncProperty(fc.nat(60), fc.integer({ min: 1, max: 25 }), fc.nat(10), async (count, size, cut) => {
        world.count = count;
        const paging = { by: 'page', first: 1, size, total: 'data.total' };
        const source = await harness.open(service.url, {}, toObject(BY_PAGE, paging));
        const pages: Page[] = [];
        for await (const page of source.scan('list', { columns: ['id'], limit: 100 })) {
          pages.push(page);
          if (page.last || pages.length > cut) break;
        }
        const after = pages.at(-1)?.cursor;
        const rest =
          after == null
            ? []
            : await readAll(await harness.open(service.url, {}, toObject(BY_PAGE, paging)), { after });
        expect(ids([...pages, ...rest])).toEqual(list(count).map(({ id }) => id));
      }),
      { numRuns: 60 },
    );
  });
});
