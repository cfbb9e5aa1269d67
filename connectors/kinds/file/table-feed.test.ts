// A book is read once all of its bytes are there, in steps, and text as it comes.
import { expect, test } from '@jest/globals';
import { csvCodec } from '../../codecs/csv/csv-codec.ts';
import type { BookCodec, TableOptions } from '../../kit/codec.ts';
import { type TableFeed, toTableFeed } from './table-feed.ts';

const TABLE: TableOptions = {
  header: { rows: [1], join: '/', columns: null },
  fillDown: [],
  stop: null,
};

/** A book whose rows are its bytes, two a step. */
const byteBook: BookCodec = {
  name: 'bytes',
  open(bytes, { sheet }) {
    let at = 0;
    return {
      columns: () => (at === 0 ? null : [`of ${'name' in sheet ? sheet.name : sheet.index}`]),
      async step() {
        if (at >= bytes.length) return null;
        const records = [...bytes.subarray(at, at + 2)].map((byte, index) => ({
          byte,
          '@row': at + index + 1,
        }));
        at += 2;
        return { records, unreadable: [] };
      },
    };
  },
};

async function readAll(feed: TableFeed, pieces: readonly Buffer[]): Promise<readonly (readonly unknown[])[]> {
  const steps = pieces.flatMap((piece) => {
    const copy = Buffer.from(piece);
    const taken = feed.step(copy);
    copy.fill(0);
    return [...taken];
  });
  for (let last = await feed.end(); last !== null; last = await feed.end()) steps.push(last);
  return steps.map(({ records }) => records.map(({ '@row': _, ...record }) => Object.values(record)[0]));
}

test('a book gives nothing before its last byte, then its rows step by step', async () => {
  const feed = toTableFeed({ codec: byteBook, sheet: { name: '学校' } }, TABLE, 5);
  expect(feed.columns()).toBeNull();
  expect(await readAll(feed, [Buffer.from([1, 2]), Buffer.from([3, 4, 5])])).toEqual([[1, 2], [3, 4], [5]]);
  expect(feed.columns()).toEqual(['of 学校']);
  expect(await feed.end()).toBeNull();
});

test('a book of no bytes is a book all the same: what it lacks is for its codec to say', async () => {
  expect(await readAll(toTableFeed({ codec: byteBook, sheet: { index: 1 } }, TABLE, 0), [])).toEqual([]);
});

test('text is read as it comes', async () => {
  const feed = toTableFeed({ codec: csvCodec, encoding: 'utf-8' }, TABLE, 8);
  const pieces = [Buffer.from('id\n1\n'), Buffer.from('2\n3')];
  expect((await readAll(feed, pieces)).flat()).toEqual(['1', '2', '3']);
});
