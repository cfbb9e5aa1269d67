// Lists that are whole for a part of the city only (one file a county): each can lose its own rows and no other's.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';
import { STATIONS, samplePage, stationRow } from '../sample/sample-rows.fixture.ts';
import { STATION, sampleUnit } from '../sample/sample-unit.fixture.ts';

const TYPE = {
  ...STATION,
  forms: STATION.forms.map((form) => ({ ...form, sync: { ...form.sync, scope: ['@county'] } })),
  deletes: { ...STATION.deletes, maxPercent: 60 },
};

let sample: Sample;
beforeAll(async () => {
  sample = await openSample(sampleUnit([TYPE]));
});
afterAll(() => sample.close());

/** One county's whole list, read in one page. */
async function take(scope: string, codes: readonly string[], delivery?: string) {
  const run = await sample.open(STATIONS);
  const rows = codes.map((code) => stationRow(code));
  const counts = await sample.commit(run, samplePage(rows, { remember: true, scope }));
  const read = delivery === undefined ? {} : { delivery };
  const end = { state: 'succeeded', mark: run.lease.mark, absence: true, scope, ...read } as const;
  const closed = await sample.store.sync
    .closeRun(run, end, { now: sample.now() })
    .finally(() => sample.store.sync.release(run.lease));
  return { ...closed, written: counts.written };
}
const standing = () =>
  sample.query('SELECT _key, _scope FROM sample.station WHERE _gone_at IS NULL ORDER BY _key');

test('a county’s list takes away its own rows, and leaves those of the others', async () => {
  await take('道县', ['1', '2', '3']);
  await take('宁远', ['7', '8']);
  expect(await take('道县', ['1', '2'])).toMatchObject({ deleted: 1 });
  expect(await take('宁远', ['8'])).toMatchObject({ deleted: 1 });
  expect(await standing()).toEqual([
    { _key: '1', _scope: '道县' },
    { _key: '2', _scope: '道县' },
    { _key: '8', _scope: '宁远' },
  ]);
});

test('the brake counts a county by itself: a list that lost most of its rows is not hidden by the city', async () => {
  await take('蓝山', ['21', '22', '23', '24', '25', '26', '27', '28', '29']);
  await expect(take('宁远', [])).rejects.toMatchObject({
    code: 'HUB_SYNC_DELETE_BRAKE',
    message: expect.stringContaining('1 of 1 rows'),
  });
});

test('a row that another county’s list brings is that county’s from then on', async () => {
  expect(await take('宁远', ['2', '8'])).toMatchObject({ written: 1, deleted: 0 });
  expect(await take('道县', ['1'])).toMatchObject({ deleted: 0 });
  expect(await take('宁远', ['8'])).toMatchObject({ deleted: 1 });
  expect((await standing()).map(({ _key }) => _key).slice(0, 1)).toEqual(['1']);
});

test('a record that is replayed does not say whose list it came with: its row stays where it was', async () => {
  await take('宁远', ['8']);
  const run = await sample.open(STATIONS);
  await sample.commit(run, samplePage([stationRow('8', { warnLevel: 2 })]));
  await sample.store.sync.release(run.lease);
  expect(await standing()).toContainEqual({ _key: '8', _scope: '宁远' });
});

describe('lists that the brake holds back', () => {
  const held = async () =>
    (await sample.store.operate.braked('sample')).map(({ scope, types, accepted }) => ({
      scope,
      missing: types[0]?.missing,
      accepted,
    }));
  const heldOf = async () => {
    const run = await sample.open(STATIONS);
    await sample.store.sync.release(run.lease);
    return [...(run.lease.braked ?? [])].sort();
  };
  const failing = async () =>
    (await sample.query('SELECT last_error_code AS code FROM hub.type_state'))[0]?.code ?? null;

  test('stand side by side, a county each, until each county sends another', async () => {
    await take('江永', ['31', '32', '33', '34', '35']);
    await take('江华', ['41', '42', '43', '44', '45']);
    await expect(take('江永', ['31'], '江永.csv')).rejects.toMatchObject({ code: 'HUB_SYNC_DELETE_BRAKE' });
    await expect(take('江华', [], '江华.csv')).rejects.toMatchObject({ code: 'HUB_SYNC_DELETE_BRAKE' });
    expect(await held()).toEqual([
      { scope: '江华', missing: 5, accepted: false },
      { scope: '江永', missing: 4, accepted: false },
    ]);
    expect(await heldOf()).toEqual(['江华.csv', '江永.csv']);
    await take('宁远', ['8']);
    expect(await heldOf()).toEqual(['江华.csv', '江永.csv']);
    expect((await held()).map(({ scope }) => scope)).toEqual(['江华', '江永']);
    expect(await failing()).toBe('HUB_SYNC_DELETE_BRAKE');
  });

  test('what a person lets go of one county is not spent on another’s', async () => {
    expect(await sample.store.operate.acceptDeletes({ feed: STATIONS, scope: null })).toBe(false);
    expect(await sample.store.operate.acceptDeletes({ feed: STATIONS, scope: '江永' })).toBe(true);
    expect(await heldOf()).toEqual(['江华.csv']);
    await expect(take('江华', ['41'], '江华-2.csv')).rejects.toMatchObject({ code: 'HUB_SYNC_DELETE_BRAKE' });
    expect(await take('江永', ['31'], '江永.csv')).toMatchObject({ deleted: 4 });
    expect(await held()).toEqual([{ scope: '江华', missing: 4, accepted: false }]);
    expect(await failing()).toBe('HUB_SYNC_DELETE_BRAKE');
  });

  test('the last one that is mended makes the type well again', async () => {
    expect(await take('江华', ['41', '42', '43'])).toMatchObject({ deleted: 2 });
    expect([await held(), await heldOf(), await failing()]).toEqual([[], [], null]);
  });
});
