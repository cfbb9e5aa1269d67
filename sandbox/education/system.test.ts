// The bureau's folder: what is in it when, the ways in which its workbooks lie, how it fails, and that the ledger tells of
// what was dropped and no more. Read with the hub's codec, which a sandbox itself never imports.
import { mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readBook } from '../../connectors/codecs/xlsx/workbook.fixture.ts';
import { eventually } from '../../test/support/eventually.ts';
import { BROKEN_SORTS } from './broken.ts';
import { CORRECTED, COUNTIES } from './register.ts';
import { type EducationSystem, openEducationSystem } from './system.ts';

const START = Date.parse('2026-04-05T00:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SCHOOLS = {
  header: { rows: [3, 4], join: '/', columns: null },
  fillDown: ['区县', '乡镇'],
  stop: { column: '序号', when: ['合计'] },
  sheet: { name: '学校' },
};
const BUSES = {
  header: { rows: [2], join: '/', columns: null },
  fillDown: ['学校代码'],
  stop: { column: '序号', when: ['合计'] },
};

let folder: string;
let system: EducationSystem;
const open = () =>
  openEducationSystem({
    folder,
    seed: 1,
    days: 1,
    clock: { start: START, frozen: true, wall: () => START + 30 * DAY },
    growMs: 20,
    log: () => undefined,
  });
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-network-education-'));
  system = await open();
});
afterEach(async () => {
  await system.close();
  await rm(folder, { recursive: true, force: true });
});

const list = async () => (await readdir(system.uploadFolder)).toSorted();
const readFrom = async (name: string, options: Parameters<typeof readBook>[1]) =>
  readBook(await readFile(join(system.uploadFolder, name)), options);
const schoolsOf = (name: string) => readFrom(name, SCHOOLS);

describe('the folder', () => {
  test('has two workbooks of every county when the history is there', async () => {
    expect(COUNTIES).toHaveLength(11);
    expect(await list()).toEqual(
      COUNTIES.flatMap((county) => [
        `学校台账-${county}-2025年秋季.xlsx`,
        `校车台账-${county}-2025年秋季.xlsx`,
      ]).toSorted(),
    );
  });

  test('has every school and bus of the ledger in them, under its own name', async () => {
    const names: unknown[] = [];
    const plates: unknown[] = [];
    for (const name of await list()) {
      const { records, unreadable } = await readFrom(name, name.startsWith('学校') ? SCHOOLS : BUSES);
      expect(unreadable).toEqual([]);
      for (const record of records) {
        if (record.学校名称 != null && record.序号 !== '小计' && name.startsWith('学校'))
          names.push(record.学校名称);
        if (record.车牌号 != null) plates.push(record.车牌号);
      }
    }
    const { schools, buses } = system.ledger();
    expect(names.toSorted()).toEqual(schools.map(({ name }) => name).toSorted());
    expect(plates).toHaveLength(buses.length);
    expect(schools.length).toBeGreaterThan(70);
    expect(buses.length).toBeGreaterThan(20);
    expect(new Set(schools.map(({ code }) => code)).size).toBe(schools.length);
    expect(new Set(buses.map(({ plate }) => plate)).size).toBe(buses.length);
  });

  test('gets a correction of one county on the morning after: a school fewer, a phone put right', async () => {
    const before = system.ledger();
    await system.tick(START + 25 * HOUR);
    expect((await list()).filter((name) => name.includes('2026'))).toEqual([
      `学校台账-${CORRECTED}-2026年春季.xlsx`,
      `校车台账-${CORRECTED}-2026年春季.xlsx`,
    ]);
    const after = system.ledger();
    expect([before.closed, after.closed.length]).toEqual([[], 1]);
    expect(after.schools).toHaveLength(before.schools.length - 1);
    expect(after.buses).toEqual(before.buses);
    const phones = (ledger: typeof after) =>
      new Map(ledger.schools.map(({ code, headPhone }) => [code, headPhone]));
    const changed = [...phones(after)].filter(([code, phone]) => phones(before).get(code) !== phone);
    expect(changed).toHaveLength(1);
  });

  test('never gets again what the hub has moved away, nor after a restart', async () => {
    for (const name of await list()) await rename(join(system.uploadFolder, name), join(folder, name));
    await system.tick();
    await system.close();
    system = await open();
    expect(await list()).toEqual([]);
    expect(system.ledger().schools.length).toBeGreaterThan(70);
  });
});

describe('its workbooks lie', () => {
  const readAll = async () => {
    const found = [];
    for (const name of await list())
      if (name.startsWith('学校')) found.push(...(await schoolsOf(name)).records);
    return found;
  };

  test('in every way that the manifest has to mend', async () => {
    const records = await readAll();
    const own = records.filter(({ 序号 }) => 序号 !== '小计');
    const shapes = (column: string) =>
      new Set(
        own.map((record) => {
          const value = record[column];
          return typeof value === 'number'
            ? 'number'
            : String(value).replace(/\d+/g, '9').replace(/^9\.9/, 'x');
        }),
      );
    expect(records.length).toBeGreaterThan(own.length);
    expect(shapes('学校代码')).toEqual(new Set(['number', '9']));
    expect(shapes('建校时间')).toEqual(
      new Set(['9-9-9', 'x.9', '9/9/9', '9年9月9日', '9年9月', 'x', '9', 'number']),
    );
    expect(shapes('经纬度')).toEqual(new Set(['x，9.9', 'x,9.9', 'x , 9.9']));
    expect(shapes('联系人/电话').has('number')).toBe(true);
    expect(own.some(({ 区县 }) => 区县 === '祁阳县')).toBe(true);
    expect(own.every(({ 乡镇 }) => typeof 乡镇 === 'string')).toBe(true);
  });
});

describe('a broken workbook', () => {
  test.each(BROKEN_SORTS.map((sort) => [sort]))('%s is dropped, and remembered', async (sort) => {
    const { name, sort: kept } = await system.dropBroken(sort, CORRECTED);
    expect(kept).toBe(sort);
    expect(await list()).toContain(name);
    const outcome = await schoolsOf(name).then(
      ({ records, unreadable }) => [records.length, unreadable.length],
      ({ code }) => code,
    );
    const refused = ['csv', 'xls', 'password', 'cut-off', 'bomb', 'no-sheet'].includes(sort);
    expect(typeof outcome).toBe(refused ? 'string' : 'object');
    if (sort === 'emptied') expect(outcome).toEqual([0, 0]);
    if (sort === 'error-cell') expect(outcome).toMatchObject({ 1: 1 });
    expect((await stat(join(system.uploadFolder, name))).size).toBeLessThan(100_000);
  });
});

describe('the faults', () => {
  test('down: the folder is gone, and comes back with all that was in it', async () => {
    const before = await list();
    await system.setFault('down');
    await expect(list()).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(system.dropBroken('again', CORRECTED)).rejects.toThrow('it is down');
    await system.tick(START + 25 * HOUR);
    await system.setFault('none');
    expect(await list()).toEqual(before);
    await system.tick();
    expect(await list()).toHaveLength(before.length + 2);
  });

  test('hang: a workbook grows and nothing else arrives; it ends whole', async () => {
    await system.setFault('hang');
    await system.tick(START + 25 * HOUR);
    const grown = (await list()).find((name) => name.includes('growing')) ?? '';
    const size = async () => (await stat(join(system.uploadFolder, grown))).size;
    const first = await size();
    await eventually(async () => (await size()) > first, { what: 'a larger file' });
    await system.setFault('none');
    expect((await schoolsOf(grown)).records.length).toBeGreaterThan(5);
    expect(system.faultCounters().hang).toMatchObject({ activations: 1, bytesToClient: expect.any(Number) });
  });

  test('slow: files come two hours of the clock late', async () => {
    const before = await list();
    await system.setFault('slow');
    await system.tick(START + 25 * HOUR);
    expect(await list()).toEqual(before);
    await system.tick(START + 27 * HOUR);
    expect(await list()).toHaveLength(before.length + 2);
  });

  test('garbage: one file that is no workbook', async () => {
    await system.setFault('garbage');
    const name = (await list()).find((one) => one.includes('garbage')) ?? '';
    await expect(schoolsOf(name)).rejects.toMatchObject({ code: 'HUB_SOURCE_FORMAT' });
    expect(system.faultCounters().garbage.activations).toBe(1);
  });
});
