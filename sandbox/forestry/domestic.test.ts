import { describe, expect, test } from '@jest/globals';
import { toDateStamp, toDomesticTable, toLocalText, toStamp } from './domestic.ts';

const AT = Date.parse('2026-04-05T01:03:00Z');

describe('the domestic list', () => {
  test('writes Beijing time in one of three ways', () => {
    expect([0, 1, 2].map((style) => toLocalText(AT, style))).toEqual([
      '2026-04-05 09:03',
      '2026/4/5 9:03',
      '2026年4月5日9时3分',
    ]);
  });

  test('has the local day and minute in its name, also after midnight in Beijing', () => {
    expect(toStamp(Date.parse('2026-04-04T16:05:00Z'))).toBe('202604050005');
    expect(toDateStamp(Date.parse('2026-04-04T15:59:00Z'))).toBe('20260404');
  });

  test('gives places to four decimals and the open flame in hectares', () => {
    const { header, lines } = toDomesticTable(
      [
        {
          at: AT,
          lon: 111.7859,
          lat: 25.625,
          county: '431124',
          sensor: 'domestic',
          satellite: 'domestic',
          number: '43112420260405101',
          pixels: 2,
          continued: false,
          flame: 13,
          smoke: '有烟',
          landUse: '有林地',
        },
      ],
      0,
    );
    expect(header).toBe('热点编号,经度,纬度,像素数,是否连续,明火面积,烟云,地类,观测时间');
    expect(lines[0]?.text).toBe('43112420260405101,111.7859,25.6250,2,否,1.3,有烟,有林地,2026-04-05 09:03');
  });
});
