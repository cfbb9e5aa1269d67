import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { World } from '../drop/state.ts';
import { HOUR } from '../storm/storm.ts';
import { toBytes } from './csv.ts';
import { DAY } from './fire.ts';
import { planFiles } from './schedule.ts';

const START = Date.parse('2026-04-05T00:00:00Z');
const world: World = { seed: 1, from: START - 3 * DAY, start: START };
const all = planFiles(world, world.from - 1, START + 10 * DAY);

describe('the schedule', () => {
  test('is some files a day, not hundreds', () => {
    const history = planFiles(world, world.from - 1, START);
    expect(history.length).toBeGreaterThan(20);
    expect(history.length).toBeLessThan(35);
  });

  test('is the same in one span as in two, and begins with the history', () => {
    const names = all.map(({ name }) => name);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 13 * 24 }), (hours) => {
        const middle = world.from + hours * HOUR;
        const parts = [...planFiles(world, 0, middle), ...planFiles(world, middle, START + 10 * DAY)];
        expect(parts.map(({ name }) => name)).toEqual(names);
      }),
      { numRuns: 20 },
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test('drops no row before it is seen, and bytes that follow from the seed', () => {
    const again = planFiles(world, world.from - 1, START + 10 * DAY);
    for (const [index, file] of all.entries()) {
      for (const { of } of file.toTable().lines) if (of !== null) expect(of.at).toBeLessThan(file.due);
      const twin = again[index];
      if (twin === undefined) throw new Error('no twin');
      expect(toBytes(twin.toTable(), twin.dress).equals(toBytes(file.toTable(), file.dress))).toBe(true);
    }
  });

  test('has every way of writing a file in ten days', () => {
    const firms = all.filter(({ folder }) => folder === 'firms');
    const drop = all.filter(({ folder }) => folder === 'drop');
    expect(new Set(all.map(({ renamed }) => renamed))).toEqual(new Set([true, false]));
    expect(all.filter(({ renamed }) => renamed).length).toBeLessThan(all.length / 3);
    for (const files of [firms, drop]) {
      expect(new Set(files.map(({ dress }) => dress.newline))).toEqual(new Set(['\n', '\r\n']));
      expect(new Set(files.map(({ dress }) => dress.closed))).toEqual(new Set([true, false]));
    }
    expect(new Set(firms.map(({ dress }) => dress.mark))).toEqual(new Set([true, false]));
    expect(drop.every(({ dress }) => dress.encoding === 'gbk' && !dress.mark)).toBe(true);
    expect(firms.some((file) => file.toTable().lines.length === 0)).toBe(true);
    const times = drop.flatMap((file) =>
      file.what === 'hotspots' ? file.toTable().lines.map(({ text }) => text.split(',')[8] ?? '') : [],
    );
    for (const form of [
      /^\d{4}-\d\d-\d\d \d\d:\d\d$/,
      /^\d{4}\/\d+\/\d+ \d+:\d\d$/,
      /^\d{4}年\d+月\d+日\d+时\d+分$/,
    ])
      expect(times.some((time) => form.test(time))).toBe(true);
  });

  test('has the registers at the beginning of the history and on the morning after its end', () => {
    const registers = all.filter(({ what }) => what !== 'hotspots');
    expect(registers.map(({ name }) => name)).toEqual([
      '护林员_20260402.csv',
      '瞭望塔_20260402.csv',
      '护林员_20260406.csv',
      '瞭望塔_20260406.csv',
    ]);
  });
});
