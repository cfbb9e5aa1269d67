// C41–C48: deliveries. Complete ones only, oldest first, each read whole or not at all, then put away for good.
import { deepEqual, equal, fail, ok } from 'node:assert/strict';
import type { DeliveriesOptions, Delivery, Page, Source, SourceRecord } from '../contract.ts';
import { all, readPages, refused, sameRecords } from './expect.ts';
import { FIXTURE } from './fixture.ts';
import { toCheck } from './to-check.ts';
import type { Check, DeliveryPlace, World } from './world.ts';

/** Without the one that has an empty text: not every format knows it from null. */
const RECORDS = FIXTURE.stations.records.filter((record) => record.basin !== '');
const named = (code: string): readonly SourceRecord[] => RECORDS.map((record) => ({ ...record, code }));

/** A source, its place, and its deliveries once what lies there counts as complete. */
async function openPlace(world: World) {
  const place: DeliveryPlace = world.deliveries ?? fail('a world of deliveries needs a place for them');
  const source = await world.open();
  const object = world.names.stations;
  const list = async (options: DeliveriesOptions = {}) => {
    await source.deliveries(object, options);
    await place.wait();
    return source.deliveries(object, options);
  };
  return { place, source, object, list };
}

async function only(list: () => Promise<readonly Delivery[]>): Promise<Delivery> {
  const [delivery, ...more] = await list();
  deepEqual(more, [], 'one delivery');
  return delivery ?? fail('the delivery is given');
}

/** In one page, without what stands in each record beside its columns. */
async function readAll(source: Source, object: string, delivery: string): Promise<readonly SourceRecord[]> {
  return (await readPages(source, object, all('stations', 100, { delivery }))).flatMap(
    (page) => page.records,
  );
}

const names = (deliveries: readonly Delivery[]) => deliveries.map(({ name }) => name);

const LISTED = toCheck(
  'C41',
  'deliveries come oldest first, whatever their names, the same each time',
  'deliveries',
  async (world) => {
    const { place, source, object, list } = await openPlace(world);
    deepEqual(await list(), [], 'an empty place has none');
    for (const [name, minutes] of [
      ['b', 30],
      ['c', 90],
      ['a', 60],
    ] as const)
      await place.leave(name, named(name), minutes);
    const found = await list();
    deepEqual(
      found.map(({ name }) => name.slice(0, 1)),
      ['c', 'a', 'b'],
    );
    deepEqual(await source.deliveries(object), found, 'the same once more');
    equal(new Set(found.map(({ id }) => id)).size, 3, 'each has an id of its own');
    const times = found.map(({ receivedAt }) => Date.parse(receivedAt));
    deepEqual(
      times,
      [...times].sort((a, b) => a - b),
      'instants, oldest first',
    );
  },
);

const WHOLE = toCheck(
  'C42',
  'what is still being written is not given, and not put away',
  'deliveries',
  async (world) => {
    const { place, source, object, list } = await openPlace(world);
    await place.leave('whole', RECORDS, 60);
    await place.writeOn('half');
    for (let turns = 0; turns < 3; turns++) {
      await source.deliveries(object);
      await place.wait();
      await place.writeOn('half');
      const found = names(await source.deliveries(object));
      equal(found.length, 1, `only the whole one is given, but got: ${found.join(', ')}`);
    }
    equal((await list()).length, 2, 'it is given when it was left alone');
  },
);

const KNOWN = toCheck(
  'C43',
  'the same name and content are the same delivery, another content another one',
  'deliveries',
  async (world) => {
    const { place, list } = await openPlace(world);
    await place.leave('one', RECORDS, 60);
    const first = await only(list);
    await place.leave('one', RECORDS, 30);
    equal((await only(list)).id, first.id, 'the same content later');
    await place.leave('one', named('other'), 20);
    ok((await only(list)).id !== first.id, 'another content');
  },
);

const READ = toCheck(
  'C44',
  'a delivery gives its records, in pages of any length',
  'deliveries',
  async (world) => {
    const { place, source, object, list } = await openPlace(world);
    await place.leave('one', RECORDS, 60);
    await place.leave('two', named('other'), 50);
    const [one, two] = await list();
    for (const [delivery, wanted] of [
      [one, RECORDS],
      [two, named('other')],
    ] as const)
      for (const limit of [1, 3, RECORDS.length, RECORDS.length + 1]) {
        const request = all('stations', limit, { delivery: delivery?.id ?? '' });
        const pages = await readPages(source, object, request);
        sameRecords(
          pages.flatMap((page) => page.records),
          wanted,
          `${delivery?.name}: pages of ${limit}`,
        );
        const scanned: Page[] = [];
        for await (const page of source.scan(object, request)) scanned.push(page);
        deepEqual(scanned, pages, 'scan() gives the pages of select()');
      }
  },
);

const RESUMED = toCheck(
  'C45',
  'reading a delivery resumes from any cursor, in another source too; cursors of others are refused',
  'deliveries',
  async (world) => {
    const { place, source, object, list } = await openPlace(world);
    await place.leave('one', RECORDS, 60);
    await place.leave('two', named('other'), 50);
    const [one, two] = (await list()).map(({ id }) => id);
    const request = all('stations', 2, { delivery: one ?? '' });
    const pages = await readPages(source, object, request);
    for (const [index, page] of pages.entries()) {
      const after = page.cursor ?? fail('a page with records has a cursor, the last one too');
      const rest = await readPages(await world.open(), object, { ...request, limit: 3, after });
      const wanted = pages.slice(index + 1).flatMap((each) => each.records);
      deepEqual(
        rest.flatMap((each) => each.records),
        wanted,
        `after page ${index + 1}`,
      );
    }
    const after = pages[0]?.cursor ?? '';
    for (const foreign of [
      { ...request, delivery: two ?? '', after },
      { ...request, after: `${after.slice(0, -6)}AAAAAA` },
      { ...request, after: 'nonsense' },
      { ...request, after: '' },
      { ...request, delivery: 'nonsense' },
    ])
      await refused(world, source.select(object, foreign), 'HUB_SOURCE_CURSOR');
  },
);

const REFUSED = toCheck(
  'C46',
  'a delivery that cannot be read is refused before its first record, and the others are read',
  'deliveries',
  async (world) => {
    const { place, source, object, list } = await openPlace(world);
    await place.leaveSpoilt('bad', 60);
    await place.leave('good', RECORDS, 50);
    const [bad, good] = (await list()).map(({ id }) => id);
    const request = all('stations', 1, { delivery: bad ?? '' });
    for (const again of [1, 2]) {
      const error = await refused(
        world,
        source.select(object, request),
        'HUB_SOURCE_ENCODING',
        'HUB_SOURCE_FORMAT',
      );
      ok(error.message.includes('bad'), `reading ${again} names the delivery: ${error.message}`);
    }
    const first = source.scan(object, request)[Symbol.asyncIterator]().next();
    const error = await refused(world, first, 'HUB_SOURCE_ENCODING', 'HUB_SOURCE_FORMAT');
    sameRecords(await readAll(source, object, good ?? ''), RECORDS, 'the others are read');
    await source.settle(object, bad ?? '', { state: 'refused', error });
    equal((await only(list)).id, good, 'it is given no more');
  },
);

const SETTLED = toCheck(
  'C47',
  'what is settled is given no more, when it comes once more only if asked for; settling twice is harmless',
  'deliveries',
  async (world) => {
    const { place, source, object, list } = await openPlace(world);
    await place.leave('taken', named('t'), 60);
    await place.leave('passed', named('p'), 50);
    await place.leave('left', named('l'), 40);
    const [taken, passed, left] = (await list()).map(({ id }) => id);
    for (const _turn of [1, 2]) {
      await source.settle(object, taken ?? '', { state: 'taken' });
      await source.settle(object, passed ?? '', { state: 'passed' });
    }
    equal((await only(list)).id, left, 'the others stay');
    await refused(
      world,
      source.select(object, all('stations', 9, { delivery: taken ?? '' })),
      'HUB_SOURCE_CURSOR',
    );
    await place.leave('taken', named('t'), 30);
    const again = (await list({ again: true })).map(({ id }) => id);
    deepEqual(again, [left, taken], 'the same once more, asked for');
    equal((await only(list)).id, left, 'the same once more changes nothing');
    await place.leave('taken', named('new'), 20);
    equal((await list()).length, 2, 'another content under its name is given');
    await source.settle(object, taken ?? '', { state: 'taken' });
    equal((await list()).length, 2, 'and is not settled by the old id');
  },
);

const ENDED = toCheck(
  'C48',
  'a cancelled call and a closed source leave deliveries where they are',
  'deliveries',
  async (world) => {
    const { place, source, object, list } = await openPlace(world);
    await place.leave('one', RECORDS, 60);
    const { id } = await only(list);
    const request = all('stations', 9, { delivery: id });
    const options = { signal: AbortSignal.abort() };
    const calls = (given?: typeof options) => [
      source.deliveries(object, given),
      source.select(object, request, given),
      source.scan(object, request, given)[Symbol.asyncIterator]().next(),
      source.settle(object, id, { state: 'taken' }, given),
    ];
    for (const call of calls(options)) await refused(world, call, 'HUB_SOURCE_CLOSED');
    sameRecords(await readAll(source, object, id), RECORDS, 'a cancelled call costs nothing');
    await source.close();
    for (const call of calls()) await refused(world, call, 'HUB_SOURCE_CLOSED');
    equal((await place.lying()).length, 1, 'it lies where it was');
  },
);

export const DELIVERY_CHECKS: readonly Check[] = [
  LISTED,
  WHOLE,
  KNOWN,
  READ,
  RESUMED,
  REFUSED,
  SETTLED,
  ENDED,
];
