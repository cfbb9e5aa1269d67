// C49–C53: digests made by the source itself, of each record and summed over pieces of time.
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import type { Condition, Digest, Source, SourceRecord } from '../contract.ts';
import { all, columnsOf, refused } from './expect.ts';
import { FIXTURE, type ObjectName } from './fixture.ts';
import { toCheck } from './to-check.ts';
import type { Check, World } from './world.ts';

type Digested = { readonly record: SourceRecord; readonly digest: Digest };

async function readDigests(
  source: Source,
  world: World,
  object: ObjectName,
  filter: readonly Condition[] = [],
): Promise<readonly Digested[]> {
  const page = await source.select(world.names[object], all(object, 1000, { filter, digest: true }));
  equal(page.digests?.length, page.records.length, 'one digest a record');
  return page.records.map((record, index) => ({ record, digest: page.digests?.[index] ?? '' }));
}

const sumOf = (read: readonly Digested[]) =>
  read.reduce((sum, { digest }) => sum + BigInt(digest), 0n).toString();

export const DIGEST_CHECKS: readonly Check[] = [
  toCheck('C49', 'equal content has an equal digest, and other content another', 'digests', async (world) => {
    const source = await world.open();
    const rows = await readDigests(source, world, 'loose');
    const contents = new Map(rows.map(({ record, digest }) => [JSON.stringify(record), digest]));
    for (const { record, digest } of rows) {
      equal(digest, contents.get(JSON.stringify(record)), 'equal records');
      ok(/^-?\d{1,20}$/.test(digest) && BigInt.asIntN(64, BigInt(digest)) === BigInt(digest), '64 bits');
    }
    equal(new Set(contents.values()).size, contents.size, 'null, case and rare characters count');
    deepEqual(await readDigests(await world.open(), world, 'loose'), rows, 'another source says the same');
    const plain = await source.select(world.names.loose, all('loose', 3));
    equal(plain.digests, undefined, 'none where none was asked for');
  }),

  toCheck('C50', 'nothing moves from one column to the next unseen', 'digests', async (world) => {
    const source = await world.open();
    // Separators, escapes and the words for null of every product, wandering over the border of two columns.
    const words = [
      '',
      ',',
      ':',
      '~',
      '1:',
      '()',
      '"',
      '""',
      '\\',
      '\\N',
      'null',
      "'",
      'a',
      'a,',
      ',a',
      '1:a',
      'a~',
    ];
    const pairs = words.flatMap((name) => words.map((basin) => [name, basin] as const));
    const nulls = [...words.map((word) => [null, word]), ...words.map((word) => [word, null]), [null, null]];
    const records = [...pairs, ...nulls].map(([name = null, basin = null], index) => ({
      code: `Z${index}`,
      name,
      basin,
    }));
    await world.insert('stations', records);
    const request = { columns: ['name', 'basin'], limit: 1000, digest: true };
    const page = await source.select(world.names.stations, request);
    const seen = new Map<string, string>();
    for (const [index, record] of page.records.entries()) {
      const content = JSON.stringify([record.name, record.basin]);
      const digest = page.digests?.[index] ?? '';
      equal(seen.get(digest) ?? content, content, 'two contents share a digest');
      seen.set(digest, content);
    }
  }),

  toCheck('C51', 'pieces hold the counts and the sums of their records', 'digests', async (world) => {
    const source = await world.open();
    const read = await readDigests(source, world, 'readings');
    const columns = columnsOf('readings');
    for (const [per, length, tail] of [
      ['hour', 13, ':00:00'],
      ['day', 10, ' 00:00:00'],
    ] as const) {
      const groups = new Map<string, Digested[]>();
      for (const one of read) {
        const from = `${String(one.record.tm).slice(0, length)}${tail}`;
        groups.set(from, [...(groups.get(from) ?? []), one]);
      }
      deepEqual(
        await source.digest(world.names.readings, { columns, bucket: { column: 'tm', per } }),
        [...groups]
          .map(([from, group]) => ({ from, count: group.length, sum: sumOf(group) }))
          .sort((a, b) => (a.from < b.from ? -1 : 1)),
        `by ${per}`,
      );
    }
    const stations = await readDigests(source, world, 'stations');
    const [whole, ...more] = await source.digest(world.names.stations, {
      columns: columnsOf('stations'),
      bucket: null,
    });
    deepEqual(
      [whole, more],
      [{ from: null, count: FIXTURE.stations.records.length, sum: sumOf(stations) }, []],
    );
    const days = await source.digest(world.names.stations, {
      columns: columnsOf('stations'),
      bucket: { column: 'opened', per: 'day' },
    });
    equal(
      days.find(({ from }) => from === null)?.count,
      1,
      'the record without a time is a piece of its own',
    );
    deepEqual(await source.digest(world.names.empty, { columns: columnsOf('empty'), bucket: null }), []);
  }),

  toCheck(
    'C52',
    'a filter bounds what is counted, and a change is seen in its piece only',
    'digests',
    async (world) => {
      const source = await world.open();
      const filter: readonly Condition[] = [{ column: 'tm', op: 'lt', value: '2026-04-05 02:00:00' }];
      const request = {
        columns: columnsOf('readings'),
        filter,
        bucket: { column: 'tm', per: 'hour' } as const,
      };
      const before = await source.digest(world.names.readings, request);
      const read = await readDigests(source, world, 'readings', filter);
      equal(
        before.reduce((sum, { count }) => sum + count, 0),
        read.length,
        'as many as select gives',
      );
      await world.insert('readings', [
        { code: 'S0', tm: '2026-04-05 01:30:00', seq: 5000, value: '1' },
        { code: 'S0', tm: '2026-04-05 03:30:00', seq: 5001, value: '1' },
      ]);
      const after = await source.digest(world.names.readings, request);
      deepEqual(
        after.filter((bucket, index) => bucket.sum !== before[index]?.sum).map(({ from }) => from),
        ['2026-04-05 01:00:00'],
      );
    },
  ),

  toCheck('C53', 'a digest over a column that is not there is refused', 'digests', async (world) => {
    const source = await world.open();
    const { readings } = world.names;
    await refused(world, source.digest(readings, { columns: ['nowhere'], bucket: null }), 'HUB_SOURCE_SHAPE');
    const bucket = { column: 'nowhen', per: 'day' } as const;
    await refused(world, source.digest(readings, { columns: ['code'], bucket }), 'HUB_SOURCE_SHAPE');
    const [all, fewer] = [columnsOf('readings'), ['code', 'tm']].map((columns) => ({
      columns,
      bucket: null,
    }));
    if (all === undefined || fewer === undefined) return;
    notEqual(
      (await source.digest(readings, all))[0]?.sum,
      (await source.digest(readings, fewer))[0]?.sum,
      'the columns asked for count',
    );
  }),
];
