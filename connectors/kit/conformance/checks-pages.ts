// C11–C17: pages in a total order, resumable from any cursor.
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Page, SourceRecord } from '../contract.ts';
import { all, readPages, sameRecords, toPlain } from './expect.ts';
import { FIXTURE } from './fixture.ts';
import { toCheck } from './to-check.ts';
import type { Check } from './world.ts';

const recordsOf = (pages: readonly Page[]): readonly SourceRecord[] => pages.flatMap((page) => page.records);
const toIds = (records: readonly SourceRecord[]) => records.map((record) => toPlain(record.seq));

export const PAGE_CHECKS: readonly Check[] = [
  toCheck('C11', 'pages of any length hold every record once, in one order', 'select', async (world) => {
    const source = await world.open();
    let order: readonly (string | null)[] | null = null;
    for (const limit of [1, 7, 60, 239, 240, 241]) {
      const got = recordsOf(
        await readPages(source, world.names.readings, all('readings', limit, { order: ['tm'] })),
      );
      sameRecords(got, FIXTURE.readings.records, `pages of ${limit}`);
      order ??= toIds(got);
      deepEqual(toIds(got), order, `pages of ${limit} have the same order`);
      const times = got.map((record) => String(record.tm));
      deepEqual(times, [...times].sort(), 'ascending in the asked order');
    }
  }),

  toCheck('C12', 'reading resumes from any cursor that was handed out', 'select', async (world) => {
    const source = await world.open();
    const request = all('readings', 50, { order: ['tm'] });
    const pages = await readPages(source, world.names.readings, request);
    const ids = toIds(recordsOf(pages));
    for (const [index, page] of pages.entries()) {
      ok(page.cursor !== null, 'a page with records has a cursor, the last one too');
      const other = await world.open();
      const rest = await readPages(other, world.names.readings, {
        ...request,
        limit: 33,
        after: page.cursor,
      });
      deepEqual(toIds(recordsOf(rest)), ids.slice((index + 1) * 50), `after page ${index + 1}`);
    }
  }),

  toCheck('C13', 'nulls and ties in the order lose nothing', 'select', async (world) => {
    const source = await world.open();
    for (const order of [['value'], ['value', 'tm'], ['tm', 'value']]) {
      const got = recordsOf(await readPages(source, world.names.readings, all('readings', 11, { order })));
      sameRecords(got, FIXTURE.readings.records, `by ${order.join(', ')}`);
    }
  }),

  toCheck('C14', 'records that come while pages are read move none of the others', 'scan', async (world) => {
    const source = await world.open();
    const request = all('readings', 40, { order: ['tm'] });
    const got: SourceRecord[] = [];
    let added = 0;
    for await (const page of source.scan(world.names.readings, request)) {
      got.push(...page.records);
      added += 1;
      await world.insert('readings', [
        { code: 'S0', tm: '2026-04-05 00:00:00', seq: 1000 + added, value: null },
        { code: 'S1', tm: '2026-04-05 03:00:00', seq: 2000 + added, value: '1' },
      ]);
    }
    const old = got.filter((record) => Number(record.seq) < 1000);
    sameRecords(old, FIXTURE.readings.records, 'each old record came once');
    equal(new Set(toIds(got)).size, got.length, 'no record came twice');
  }),

  toCheck(
    'C15',
    'without a declared key, equal records are neither lost nor doubled',
    'select',
    async (world) => {
      const source = await world.open();
      for (const limit of [1, 2, 4, 100])
        for (const keyHint of [[], ['code']]) {
          const got = recordsOf(await readPages(source, world.names.loose, all('loose', limit, { keyHint })));
          sameRecords(got, FIXTURE.loose.records, `pages of ${limit}, hint ${keyHint.join()}`);
        }
    },
  ),

  toCheck('C16', 'an empty object is one empty last page without a cursor', 'select', async (world) => {
    const source = await world.open();
    const page = await source.select(world.names.empty, all('empty', 5));
    const { counted: _counted, ...empty } = page;
    deepEqual(empty, { records: [], cursor: null, last: true, unpushed: [] });
    const full = await source.select(world.names.gbk, all('gbk', 5));
    equal(full.last, true);
    const behind = await source.select(
      world.names.gbk,
      all('gbk', 5, full.cursor === null ? {} : { after: full.cursor }),
    );
    equal(behind.records.length, 0);
    equal(behind.cursor, full.cursor, 'behind the end the cursor stays where it was');
  }),

  toCheck('C17', 'scan() gives the pages of select() and ends', 'scan', async (world) => {
    const source = await world.open();
    const request = all('readings', 100);
    const pages: Page[] = [];
    for await (const page of source.scan(world.names.readings, request)) pages.push(page);
    deepEqual(pages, await readPages(source, world.names.readings, request));
    const first: Page[] = [];
    for await (const page of source.scan(world.names.readings, request)) {
      first.push(page);
      break;
    }
    equal(first.length, 1, 'a reader may stop after any page');
  }),
];
