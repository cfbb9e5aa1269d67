import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NOW, type OneField, readBrief, readField } from '../mapping.fixture.ts';

const time = (options: OneField['options'] = {}, more: Partial<OneField> = {}): OneField => ({
  converter: 'time',
  options,
  ...more,
});

describe('native times', () => {
  test.each([
    ['2026-04-05 08:30:00', '2026-04-05T00:30:00Z'],
    ['2026-04-05 08:30:00.000000', '2026-04-05T00:30:00Z'],
    ['2026-04-05 08:30:00.123456', '2026-04-05T00:30:00.123456Z'],
    ['2026-04-05 08:30:00.120', '2026-04-05T00:30:00.12Z'],
    ['2026-04-05T08:30:00+08:00', '2026-04-05T00:30:00Z'],
    ['2026-04-05T00:30:00Z', '2026-04-05T00:30:00Z'],
    ['2026-04-04T20:30:00-04:00', '2026-04-05T00:30:00Z'],
    ['2026-04-05', '2026-04-04T16:00:00Z'],
    ['　2026-04-05 08:30:00\0', '2026-04-05T00:30:00Z'],
    ['1988-07-01 12:00:00', '1988-07-01T03:00:00Z'],
    ['2026-04-05 08:30', 'HUB_MAP_TIME'],
    ['2026-02-30 08:30:00', 'HUB_MAP_TIME'],
    ['2026-04-05 24:00:00', 'HUB_MAP_TIME'],
    ['0000-00-00 00:00:00', 'HUB_MAP_TIME'],
    ['1949-12-31 23:59:59', 'HUB_MAP_TIME'],
    ['2026-04-07 08:30:00', 'HUB_MAP_TIME'],
    ['2026-04-05 20:09:00', '2026-04-05T12:09:00Z'],
    ['2026-04-05 20:11:00', 'HUB_MAP_TIME_FUTURE'],
    ['9999-12-31 00:00:00', 'HUB_MAP_TIME'],
    ['', null],
  ])('%s is %s', (x, expected) => {
    expect(readBrief(time(), { x })).toBe(expected);
  });

  test('an hour that came twice lands as the first, with a note', () => {
    const field = time({}, { zone: 'Europe/Berlin' });
    expect(readBrief(field, { x: '2025-10-26 02:30:00' })).toEqual({
      value: '2025-10-26T00:30:00Z',
      noted: 'HUB_MAP_TIME',
    });
  });

  test('a declared future is allowed, however far', () => {
    expect(readBrief(time({ future: 'P30D' }), { x: '2026-05-01 00:00:00' })).toBe('2026-04-30T16:00:00Z');
    expect(readBrief(time({ future: 'P30D' }), { x: '2026-06-01 00:00:00' })).toBe('HUB_MAP_TIME');
  });
});

describe('written formats', () => {
  test.each([
    [['iso'], '2026-04-05T08:30:00+08:00', '2026-04-05T00:30:00Z'],
    [['iso'], '2026-04-05T08:30', '2026-04-05T00:30:00Z'],
    [['yyyy-MM-dd HH:mm', 'yyyy/M/d H:mm', 'yyyy年M月d日H时m分'], '2026/4/5 8:30', '2026-04-05T00:30:00Z'],
    [
      ['yyyy-MM-dd HH:mm', 'yyyy/M/d H:mm', 'yyyy年M月d日H时m分'],
      '2026年4月5日8时3分',
      '2026-04-05T00:03:00Z',
    ],
    [['yyMMddHHmm'], '2604050830', '2026-04-05T00:30:00Z'],
    [['yyMMddHHmm'], '9904050830', '1999-04-05T00:30:00Z'],
    [['yyyyMMddHHmmss'], '20260405083000', '2026-04-05T00:30:00Z'],
    [['yyyyMMddHHmmss'], '20260405003000Z', '2026-04-05T00:30:00Z'],
    [['yyyyMMddHHmmss'], '20260405083000+08:00', '2026-04-05T00:30:00Z'],
    [['yyyyMMddHHmmssSSS'], '20260405083000250', '2026-04-05T00:30:00.25Z'],
    [['epochSeconds'], '1775349000', '2026-04-05T00:30:00Z'],
    [['epochMillis'], '1775349000123', '2026-04-05T00:30:00.123Z'],
    [['excel'], '46117.354166666664', '2026-04-05T00:30:00Z'],
    [['HH.mm'], '08x30', 'HUB_MAP_TIME'],
    [['yyyyMMddHHmmss'], '2026040508300', 'HUB_MAP_TIME'],
    [['epochMillis'], '99999999999999999999', 'HUB_MAP_TIME'],
    [['iso'], '2026-04-05T08:30:00+25:00:00', 'HUB_MAP_TIME'],
  ])('%j reads %s as %s', (formats, x, expected) => {
    expect(readBrief(time({ formats }), { x })).toBe(expected);
  });

  test('epochs may come as numbers', () => {
    expect(readBrief(time({ formats: ['epochSeconds'] }), { x: 1775349000 })).toBe('2026-04-05T00:30:00Z');
  });

  test.each([
    ['0542', '2026-04-05T05:42:00Z'],
    ['542', '2026-04-05T05:42:00Z'],
    ['41', '2026-04-05T00:41:00Z'],
    [41, '2026-04-05T00:41:00Z'],
    ['00041', '2026-04-05T00:41:00Z'],
    ['0', '2026-04-05T00:00:00Z'],
    ['2460', 'HUB_MAP_TIME'],
    ['', 'HUB_MAP_TIME'],
  ])('FIRMS acq_time %p of 5 April is %s', (acq_time, expected) => {
    const field = time(
      { pad: { acq_time: 4 }, formats: ['yyyy-MM-dd HHmm'] },
      { columns: ['acq_date', 'acq_time'], zone: 'UTC' },
    );
    expect(readBrief(field, { acq_date: '2026-04-05', acq_time })).toBe(expected);
  });

  test('parts in columns of their own make one time', () => {
    const field = time({ formats: ['yyyy M d H'] }, { columns: ['Year', 'Mon', 'Day', 'Hour'], zone: 'UTC' });
    expect(readBrief(field, { Year: '2026', Mon: '4', Day: '5', Hour: '0' })).toBe('2026-04-05T00:00:00Z');
    expect(readField(field, { Year: '2026', Mon: '4', Day: '5', Hour: '77' }).fault).toMatchObject({
      column: 'Year Mon Day Hour',
      raw: '2026 4 5 77',
    });
  });

  test('an unknown format is refused when the mapping is made', () => {
    expect(() => readBrief(time({ formats: ['YYYY-MM-DD'] }), { x: '2026-04-05' })).toThrow('time format');
  });

  test('every second of Shanghai since 1992 comes back as it was written', () => {
    const seconds = fc.integer({ min: Date.UTC(1992, 0, 1) / 1000, max: NOW / 1000 });
    fc.assert(
      fc.property(seconds, (second) => {
        const shown = new Date(second * 1000 + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
        expect(readBrief(time(), { x: shown })).toBe(
          new Date(second * 1000).toISOString().replace('.000', ''),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe('dates and days of the year', () => {
  const date = (formats?: readonly string[]): OneField => ({
    converter: 'date',
    options: formats === undefined ? {} : { formats },
  });

  test.each([
    [undefined, '2026-04-05', '2026-04-05'],
    [undefined, '2026-04-05 08:30:00', '2026-04-05'],
    [undefined, '2026-04-04T20:00:00Z', '2026-04-05'],
    [undefined, '1932-01-01', '1932-01-01'],
    [undefined, '2026-02-29', 'HUB_MAP_TIME'],
    [['yyyy年M月d日'], '2026年4月5日', '2026-04-05'],
    [['yyyyMMdd'], '20260405', '2026-04-05'],
  ])('%j reads %s as %s', (formats, x, expected) => {
    expect(readBrief(date(formats), { x })).toBe(expected);
  });

  test('a missing month or day is the first, with a note', () => {
    expect(readBrief(date(['yyyy-MM']), { x: '2026-04' })).toEqual({
      value: '2026-04-01',
      noted: 'HUB_MAP_TIME',
    });
    expect(readBrief(date(['yyyy']), { x: '2026' })).toEqual({ value: '2026-01-01', noted: 'HUB_MAP_TIME' });
  });

  test.each([
    ['0401', '04-01'],
    ['401', '04-01'],
    ['0229', '02-29'],
    ['0230', 'HUB_MAP_TIME'],
    ['1301', 'HUB_MAP_TIME'],
    ['04-01', 'HUB_MAP_TIME'],
  ])('the season that begins %s begins on %s', (x, expected) => {
    expect(readBrief({ converter: 'monthDay', options: { formats: ['MMdd', 'Mdd'] } }, { x })).toBe(expected);
  });
});
