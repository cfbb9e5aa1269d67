import { describe, expect, test } from '@jest/globals';
import { toBeijing } from '../clock/time-text.ts';
import { toCopyLine } from '../database/copy.ts';
import { MINUTE } from '../storm/storm.ts';
import { toRainEntry, toRiverEntry } from './ledger.ts';
import { toRainRow, toRiverRow } from './legacy.ts';
import type { RainReading, RiverReading } from './readings.ts';
import { parseStations } from './station.ts';

const AT = Date.parse('2026-04-04T23:55:00Z');
const daoxian = parseStations().find(({ name }) => name === '道县');
if (daoxian === undefined) throw new Error('no 道县');
const base = { station: daoxian, at: AT, correctedAt: null, deletedAt: null };
const rain: RainReading = { ...base, minutes: 5, tips: 23, dayTips: 107 };
const river: RiverReading = { ...base, stage: 17_325, flow: '652', trend: 'rising' };

describe('a reading in the legacy tables and in the ledger', () => {
  test('has Beijing wall-clock time without a zone here, UTC there', () => {
    expect(toBeijing(AT)).toBe('2026-04-05 07:55:00');
    expect(toRainEntry(rain)[1]).toBe('2026-04-04T23:55:00.000Z');
  });

  test('of rain has its period in minutes', () => {
    expect(toRainRow(rain, AT)).toEqual(['61521090', '2026-04-05 07:55:00', '2.3', 5, '10.7', 0, '431100']);
    expect(toRainEntry(rain).slice(2)).toEqual([2.3, '5 minutes', null, null]);
  });

  test('of a river has metres, cubic metres a second and the code of the trend', () => {
    const row = ['61521090', '2026-04-05 07:55:00', '173.25', '652', '5', 0, '431100'];
    expect(toRiverRow(river, AT)).toEqual(row);
    expect(toRiverEntry(river).slice(2)).toEqual([173.25, '652', null, null]);
  });

  test('is wrong in the legacy table until corrected, true in the ledger at once', () => {
    const correctedAt = AT + 10 * MINUTE;
    expect(toRiverRow({ ...river, correctedAt }, AT)[2]).toBe('174.25');
    expect(toRiverRow({ ...river, correctedAt }, correctedAt)[2]).toBe('173.25');
    expect(toRainRow({ ...rain, correctedAt }, AT)[2]).toBe('7.3');
    expect(toRiverEntry({ ...river, correctedAt })[2]).toBe(173.25);
  });

  test('is marked deleted from the moment it is withdrawn', () => {
    const deletedAt = AT + 20 * MINUTE;
    expect(toRainRow({ ...rain, deletedAt }, deletedAt - 1)[5]).toBe(0);
    expect(toRainRow({ ...rain, deletedAt }, deletedAt)[5]).toBe(1);
  });
});

test('a line for COPY escapes what would end a cell or a line', () => {
  expect(toCopyLine(['a\tb', null, 'c\\d\n', 5])).toBe('a\\tb\t\\N\tc\\\\d\\n\t5\n');
});
