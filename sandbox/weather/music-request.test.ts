import { describe, expect, test } from '@jest/globals';
import { MusicRefusal, parseMusicRequest } from './music-request.ts';
import { CREDENTIALS, START, stationNamed } from './weather.fixture.ts';

const GOOD: Readonly<Record<string, string>> = {
  userId: 'HUB',
  pwd: 'p&w',
  interfaceId: 'getSurfEleInRegionByTimeRange',
  dataCode: 'SURF_CHN_MUL_HOR',
  elements: 'Station_Id_C,TEM,Q_TEM',
  timeRange: '[20260405000000,20260405060000]',
  adminCodes: '431100',
  dataFormat: 'json',
};

const parse = (changes: Readonly<Record<string, string | undefined>> = {}) => {
  const query = new URLSearchParams();
  for (const [name, text] of Object.entries({ ...GOOD, ...changes }))
    if (text !== undefined) query.set(name, text);
  return parseMusicRequest(query, CREDENTIALS);
};
const refusal = (changes: Readonly<Record<string, string | undefined>>) => {
  try {
    parse(changes);
  } catch (error) {
    if (error instanceof MusicRefusal) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'none';
};

describe('a MUSIC request', () => {
  test('asks for a table, columns as they were spelt, and a time with both its ends in UTC', () => {
    const { table, columns, from, to } = parse({ elements: 'station_id_c,TEM,TEM' });
    expect(table.dataCode).toBe('SURF_CHN_MUL_HOR');
    expect(columns.map(({ asked, element }) => [asked, element.name])).toEqual([
      ['station_id_c', 'Station_Id_C'],
      ['TEM', 'TEM'],
    ]);
    expect([from, to]).toEqual([START, START + 6 * 3_600_000]);
  });

  test('finds stations by the code they state, of a county, a city or a province', () => {
    const finds = (adminCodes: string, name: string) => parse({ adminCodes }).isWanted(stationNamed(name));
    expect(finds('431100', '道县') && finds('430000', '道县') && finds('431181,431124', '道县')).toBe(true);
    expect(finds('431200', '道县') || finds('431125', '道县')).toBe(false);
    expect(finds('431121', '祁阳') && !finds('431181', '祁阳')).toBe(true);
    expect(finds('431124', '上江圩') && !finds('431125', '上江圩')).toBe(true);
  });

  test('may narrow the levels of the stations', () => {
    const { isWanted } = parse({ staLevels: '011,012,013' });
    expect(isWanted(stationNamed('道县'))).toBe(true);
    expect(isWanted(stationNamed('寿雁'))).toBe(false);
  });

  test('may be ordered by time and station, both ways', () => {
    expect(parse({ orderby: 'Datetime:ASC' }).order).toEqual([{ by: 'time', sign: 1 }]);
    expect(parse({ orderby: 'Station_ID_C:DESC,Datetime:asc' }).order).toEqual([
      { by: 'station', sign: -1 },
      { by: 'time', sign: 1 },
    ]);
  });

  test.each([
    [{ pwd: 'p' }, /^-1001 The user or the password is wrong$/],
    [{ userId: undefined, elements: undefined }, /^-1001 /],
    [{ elements: undefined, adminCodes: '' }, /^-1002 Missing parameter: elements,adminCodes$/],
    [{ limitCnt: '5' }, /^-1003 Wrong parameter: limitCnt \(no such parameter\)$/],
    [{ interfaceId: 'getSurfEleByTime' }, /^-1003 Wrong parameter: interfaceId/],
    [{ dataCode: 'SURF_CHN_MUL_DAY' }, /^-1003 Wrong parameter: dataCode/],
    [{ dataFormat: 'xml' }, /^-1003 Wrong parameter: dataFormat/],
    [{ callback: 'alert(1)' }, /^-1003 Wrong parameter: callback/],
    [{ adminCodes: '431' }, /^-1003 Wrong parameter: adminCodes/],
    [{ orderby: 'TEM:ASC' }, /^-1003 Wrong parameter: orderby/],
    [{ timeRange: '[20260405000000,20260404000000]' }, /^-1003 Wrong parameter: timeRange/],
    [{ timeRange: '20260405000000,20260405000000' }, /^-1003 Wrong parameter: timeRange/],
    [{ timeRange: '[20260431000000,20260501000000]' }, /^-1003 Wrong parameter: timeRange/],
    [{ elements: 'TEM,TEMP' }, /^-1004 Unknown element of SURF_CHN_MUL_HOR: TEMP$/],
    [{ elements: 'TEM,Min' }, /^-1004 /],
    [{ dataCode: 'SURF_CHN_MUL_MIN', elements: 'VIS' }, /^-1004 Unknown element of SURF_CHN_MUL_MIN: VIS$/],
    [{ elements: 'TEM,' }, /^-1004 /],
  ])('is refused with its code: %j', (changes, expected) => {
    expect(refusal(changes)).toMatch(expected);
  });
});
