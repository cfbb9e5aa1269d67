// Every kind of value through COPY into its column and back, and types whose forms each know a part.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Fault, MappedRow, MappedValue } from '../../connectors/kit/mapping/outcome.ts';
import type { FeedKey } from '../contract.ts';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';
import { deletedRow, STATIONS, samplePage, sampleRow, stationRow } from '../sample/sample-rows.fixture.ts';

describe.each([
  ['bound', 200],
  ['staged', 0],
])('rows that are %s', (_way, mostBound) => {
  let sample: Sample;
  beforeAll(async () => {
    sample = await openSample(undefined, { mostBound });
    await sample.sync(STATIONS, samplePage([stationRow('1')]));
  });
  afterAll(() => sample.close());

  const ALARMS: FeedKey = { unit: 'sample', source: 'fork', object: 'alarm', strategy: 'snapshot' };
  const DEVICES: FeedKey = { unit: 'sample', source: 'fork', object: 'device', strategy: 'snapshot' };
  const NOTICES: FeedKey = { unit: 'sample', source: 'fork', object: 'notice', strategy: 'push' };

  function alarmRow(number: string, values: { readonly [field: string]: MappedValue }): MappedRow {
    return sampleRow('Alarm', number, {
      values: { number, ...values },
      observedAt: '2026-04-05T00:30:00Z',
      native: { number },
    });
  }

  test('lists, shapes, long numbers, decimals, dates and flags keep every digit and character', async () => {
    const shape = {
      type: 'LineString',
      coordinates: [
        [111.5, 26.4],
        [111.6, 26.5],
      ],
    };
    const tags = ['a,b', '"引号"', '\\', '{}', '', 'NULL', 'tab\tline\n'];
    const row = alarmRow('A\\1\t\n', {
      at: '2026-04-05T00:30:00.123456Z',
      tags,
      shape,
      cost: '12345678901234567890.123456789',
      total: '9223372036854775807',
      open: false,
      day: '2024-02-29',
    });
    expect(await sample.sync(ALARMS, samplePage([row]))).toMatchObject({ written: 1 });
    const [stored] = await sample.query(
      `SELECT number, at::text, tags, shape, cost, total, open, day::text, _observed_at::text FROM sample.alarm WHERE _key = $1`,
      ['A\\1\t\n'],
    );
    expect(stored).toMatchObject({
      number: 'A\\1\t\n',
      tags,
      shape,
      cost: '12345678901234567890.123456789',
      total: '9223372036854775807',
      open: false,
      day: '2024-02-29',
    });
    expect(String(stored?.at)).toMatch(/00:30:00\.123456\+00$/);
  });

  test('nothing of a row but its key has to be there', async () => {
    await sample.sync(ALARMS, samplePage([alarmRow('empty', { tags: null, shape: null, cost: null })]));
    const rows = await sample.query(
      `SELECT tags, shape, cost, total, open, day FROM sample.alarm WHERE _key = 'empty'`,
    );
    expect(rows).toEqual([{ tags: null, shape: null, cost: null, total: null, open: null, day: null }]);
  });

  function devicePart(form: 0 | 1, values: { readonly [field: string]: MappedValue }): MappedRow {
    return sampleRow('Device', 'D1', {
      form,
      values: { code: 'D1', ...values },
      native: { code: 'D1', form: String(form) },
    });
  }

  test('forms that merge by field write what they give and leave the rest', async () => {
    await sample.sync(NOTICES, samplePage([devicePart(1, { status: 'ON' })]));
    await sample.sync(DEVICES, samplePage([devicePart(0, { name: '枪机' })]));
    await sample.sync(NOTICES, samplePage([devicePart(1, { status: 'OFF' })]));
    const [row] = await sample.query(`SELECT name, status, _form, _native, _parts FROM sample.device`);
    expect(row).toMatchObject({
      name: '枪机',
      status: 'OFF',
      _form: 0,
      _native: { code: 'D1', form: '0' },
      _parts: { 'fork/device': { source: 'fork' }, 'fork/notice': { native: { form: '1' } } },
    });
    expect(await sample.query('SELECT name, status FROM sample.device_history ORDER BY _version')).toEqual([
      { name: null, status: 'ON' },
      { name: '枪机', status: 'ON' },
    ]);
  });

  test('a form that says the same again writes nothing, whatever other forms said in between', async () => {
    const counts = await sample.sync(DEVICES, samplePage([devicePart(0, { name: '枪机' })]));
    expect(counts).toMatchObject({ written: 0, unchanged: 1 });
  });

  test('two forms of one key in one page both land', async () => {
    const page = samplePage([devicePart(0, { name: '球机' }), devicePart(1, { status: 'ON' })]);
    expect(await sample.sync(DEVICES, page)).toMatchObject({ written: 2 });
    expect(await sample.query('SELECT name, status FROM sample.device')).toEqual([
      { name: '球机', status: 'ON' },
    ]);
  });

  test('a fault is replaced by its own form only', async () => {
    const fault = (field: string) => ({
      code: 'HUB_MAP_TEXT' as const,
      field,
      column: field,
      raw: null,
      message: 'not in the declared form',
    });
    const faulty = (form: 0 | 1, field: string) => ({
      ...devicePart(form, { [field]: null }),
      faults: [fault(field)],
      hash: `${form}f`.padEnd(64, '0'),
    });
    await sample.sync(DEVICES, samplePage([faulty(0, 'name'), faulty(1, 'status')]));
    await sample.sync(DEVICES, samplePage([devicePart(0, { name: '新名' })]));
    expect(await sample.query('SELECT name, _faults FROM sample.device')).toEqual([
      { name: '新名', _faults: [fault('status')] },
    ]);
  });

  test('a fault of the division stands there once, however many forms say it, and goes with the division', async () => {
    const conflict = {
      code: 'HUB_MAP_DIVISION_CONFLICT' as const,
      field: null,
      column: 'county',
      raw: null,
      message: 'kept as stated',
    };
    const placed = (form: 0 | 1, code: string | null, faults: readonly Fault[]) => ({
      ...devicePart(form, {}),
      division: { code, basis: code === null ? ('NONE' as const) : ('CODE' as const) },
      faults,
      hash: `${form}${code ?? 'none'}`.replace(/[^0-9a-f]/g, 'e').padEnd(64, '0'),
    });
    const sync = async (...rows: readonly MappedRow[]) => {
      await sample.sync(DEVICES, samplePage(rows));
      return sample.query('SELECT _division, _faults FROM sample.device');
    };
    const contested = placed(0, '431124', [conflict]);
    const both = await sync(contested, placed(1, '431124', [conflict]));
    expect(both).toEqual([{ _division: '431124', _faults: [conflict] }]);
    expect(await sync(placed(1, null, []))).toEqual(both);
    expect(await sync(placed(0, '431125', []))).toEqual([{ _division: '431125', _faults: null }]);
  });

  test('a device that one form calls deleted becomes a tombstone', async () => {
    const counts = await sample.sync(DEVICES, samplePage([deletedRow(devicePart(0, { name: '新名' }))]));
    expect(counts).toMatchObject({ deleted: 1 });
    expect(await sample.query('SELECT _gone_at IS NULL AS live, name FROM sample.device')).toEqual([
      { live: false, name: '新名' },
    ]);
  });
});
