// What a commit tells of itself: where its rows changed, and nothing of what was not committed.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../../test/support/eventually.ts';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';
import {
  deletedRow,
  RIVER,
  readingRow,
  STATIONS,
  samplePage,
  sampleRow,
  stationRow,
} from '../sample/sample-rows.fixture.ts';
import { type Change, parseChange, toChangeText } from './contract.ts';
import { openChanges } from './open-changes.ts';

let sample: Sample;
const committed: Change[] = [];
beforeAll(async () => {
  sample = await openSample(undefined, { onChange: (change) => committed.push(change) });
});
beforeEach(async () => {
  await sample.reset();
  committed.length = 0;
});
afterAll(() => sample.close());

const at = (code: string, division: string | null) =>
  sampleRow('Station', code, {
    ...stationRow(code),
    division: { code: division, basis: division === null ? 'NONE' : 'CODE' },
  });
const divisions = () => committed.map((change) => change.divisions);

test('a row that moved counts in its old division and in its new one', async () => {
  await sample.sync(STATIONS, samplePage([at('1', '431124'), at('2', '431103')]));
  await sample.sync(STATIONS, samplePage([at('1', '431102'), at('2', '431103')]));
  expect(committed).toEqual([
    { unit: 'sample', type: 'Station', version: 1, divisions: ['431103', '431124'] },
    { unit: 'sample', type: 'Station', version: 2, divisions: ['431102', '431124'] },
  ]);
});

test('a deleted row, and one that a whole snapshot no longer has, count where they were', async () => {
  const rows = ['1', '2', '3', '4', '5', '6'].map((code) => at(code, `43110${code}`));
  await sample.sync(STATIONS, samplePage(rows, { remember: true }));
  await sample.sync(STATIONS, samplePage([deletedRow(at('1', '431101'))]));
  await sample.sync(STATIONS, samplePage(rows.slice(1, 5), { remember: true }));
  expect(divisions().slice(1)).toEqual([['431101'], ['431106']]);
});

test('a row that lies in no division changes none', async () => {
  await sample.sync(STATIONS, samplePage([at('1', null)]));
  await sample.sync(STATIONS, samplePage([at('1', null), at('2', '431124')]));
  expect(divisions()).toEqual([[], ['431124']]);
});

test('a reading counts where its thing lies, and anywhere when that is not known', async () => {
  await sample.sync(STATIONS, samplePage([at('1', '431124'), at('2', null)]));
  await sample.sync(RIVER, samplePage([readingRow('1', '2026-04-05T00:00:00Z', 1)]));
  await sample.sync(RIVER, samplePage([readingRow('2', '2026-04-05T00:00:00Z', 1)]));
  expect(divisions()).toEqual([['431124'], ['431124'], null]);
});

test('more than 64 divisions are anywhere', async () => {
  const rows = Array.from({ length: 65 }, (_row, index) => at(String(index), String(431_100_000 + index)));
  await sample.sync(STATIONS, samplePage(rows.slice(1)));
  await sample.sync(STATIONS, samplePage(rows.map((row) => deletedRow(row))));
  expect(divisions().map((list) => list?.length ?? null)).toEqual([64, null]);
});

test('a page that changes nothing, and one that is rolled back, tell nothing', async () => {
  const heard: Change[] = [];
  const changes = await openChanges({ url: sample.url });
  changes.listen((change) => heard.push(change));
  await sample.sync(STATIONS, samplePage([at('1', '431124')]));
  await sample.sync(STATIONS, samplePage([at('1', '431124')]));
  const run = await sample.open(STATIONS);
  // The last statement of the page fails: its counts.
  await sample.query('ALTER TABLE hub.run ADD CONSTRAINT refuses CHECK (written = 0) NOT VALID');
  await expect(sample.commit(run, samplePage([at('2', '431124')]))).rejects.toMatchObject({
    code: 'HUB_STORE_QUERY',
  });
  await sample.query('ALTER TABLE hub.run DROP CONSTRAINT refuses');
  await sample.commit(run, samplePage([at('3', '431103')]));
  await eventually(() => heard.at(-1)?.version === 2);
  await changes.close();
  expect(heard).toEqual([
    { unit: 'sample', type: 'Station', version: 1, divisions: ['431124'] },
    { unit: 'sample', type: 'Station', version: 2, divisions: ['431103'] },
  ]);
  expect(committed).toEqual(heard);
});

test('what is no change is not taken for one', () => {
  const change = { unit: 'a', type: 'B', version: 3, divisions: ['431124'] };
  expect(parseChange(toChangeText(change))).toEqual(change);
  for (const text of ['', 'null', '{}', '[1]', '{"unit":"a","type":"B","version":"3","divisions":null}'])
    expect(parseChange(text)).toBeNull();
});
