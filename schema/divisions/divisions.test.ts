import { describe, expect, test } from '@jest/globals';
import { openDivisions } from './open-divisions.ts';
import { parseDivisions, parsePredecessors } from './parse-divisions.ts';

const divisions = await openDivisions();
const codeOf = (code: string): string | undefined => divisions.find(code)?.code;

describe('the divisions of 永州市', () => {
  test('are one city, 13 counties, 195 towns and 3,331 villages', () => {
    const count = (level: string): number =>
      divisions.all.filter((division) => division.level === level).length;
    expect([count('CITY'), count('COUNTY'), count('TOWN'), count('VILLAGE')]).toEqual([1, 13, 195, 3331]);
  });

  test('every one but the city lies in another', () => {
    const codes = new Set(divisions.all.map(({ code }) => code));
    for (const { level, parent } of divisions.all)
      expect(level === 'CITY' ? parent === null : parent !== null && codes.has(parent)).toBe(true);
  });
});

describe('finding a stated code', () => {
  test.each([
    ['431124', '431124'],
    ['431124000000', '431124'],
    ['431102001', '431102001'],
    ['431102001000', '431102001'],
    ['431102101201999', '431102101'],
    ['431124999', '431124'],
    ['4311', '431100'],
    ['431100000000', '431100'],
    ['431199', '431100'],
    ['43112', '431100'],
  ])('%s means %s', (stated, meant) => {
    expect(codeOf(stated)).toBe(meant);
  });

  test('follows 祁阳县, which became 祁阳市 in 2021', () => {
    expect(divisions.find('431121')).toMatchObject({ code: '431181', name: '祁阳市', level: 'COUNTY' });
  });

  test('gives the county alone for towns of the old 祁阳县, whose codes were given anew', () => {
    expect(codeOf('431121101')).toBe('431181');
  });

  test.each(['430102', '43', '', 'abc', '4311 24', '-431124'])('does not know %p', (stated) => {
    expect(divisions.find(stated)).toBeNull();
  });
});

describe('finding by name', () => {
  test.each([
    [['道县'], '431124'],
    [['永州市道县'], '431124'],
    [['湖南省永州市道县'], '431124'],
    [['祁阳县'], '431181'],
    [['江华县'], '431129'],
    [['江华'], '431129'],
    [['永州市'], '431100'],
    [['零陵区', '朝阳街道'], '431102001'],
    [['零陵区', '朝阳'], '431102001'],
    [['零陵区', '没有这个镇'], '431102'],
    [['', '珠山镇'], '431102102'],
    [['永州市零陵区珠山镇某路3号'], '431102102'],
    [['　零陵区　', ' 珠山镇 '], '431102102'],
  ])('%j means %s', (names, code) => {
    expect(divisions.byName(names)?.code).toBe(code);
  });

  test('goes down to the village', () => {
    expect(divisions.byName(['经济技术开发区', '仁湾街道', '东冲村'])).toMatchObject({
      code: '431171001201',
    });
  });

  test('gives no answer for a name that several bear', () => {
    const names = divisions.all.filter(({ level }) => level === 'VILLAGE').map(({ name }) => name);
    const shared = names.find((name, index) => names.indexOf(name) !== index) ?? '';
    expect(shared).not.toBe('');
    expect(divisions.byName([shared])).toBeNull();
  });

  test.each([[[]], [['']], [['长沙市']], [['不存在']]])('gives no answer for %j', (names: string[]) => {
    expect(divisions.byName(names)).toBeNull();
  });

  test('every county and town is found by its own names', () => {
    for (const { code, name, level, parent } of divisions.all) {
      if (level === 'COUNTY') expect(divisions.byName([name])?.code).toBe(code);
      if (level === 'TOWN')
        expect(divisions.byName([divisions.find(parent ?? '')?.name ?? '', name])?.code).toBe(code);
    }
  });
});

describe('the range of a division', () => {
  test('holds exactly the division and its descendants', () => {
    for (const top of ['431100', '431102', '431129', '431102001', '431171001002']) {
      const { from, to } = divisions.range(top);
      const inside = divisions.all.filter(({ code }) => from <= code && code < to).map(({ code }) => code);
      const prefix = top === '431100' ? '4311' : top;
      expect(inside).toEqual(
        divisions.all.filter(({ code }) => code.startsWith(prefix)).map(({ code }) => code),
      );
    }
  });

  test('is that of the successor for a replaced code', () => {
    expect(divisions.range('431121')).toEqual({ from: '431181', to: '431182' });
  });

  test('holds nothing for an unknown code', () => {
    const { from, to } = divisions.range('999999');
    expect(from < to).toBe(false);
  });
});

describe('children', () => {
  test('the city has its counties, a county its towns, a village nothing', () => {
    expect(divisions.children('431100').map(({ level }) => level)).toEqual(Array(13).fill('COUNTY'));
    expect(divisions.children('431171').map(({ code }) => code)).toEqual(['431171001']);
    expect(divisions.children('431171001002')).toEqual([]);
    expect(divisions.children('000000')).toEqual([]);
  });
});

describe('what is known of a division', () => {
  test('is its people, area, seat and outline, by the code of today or the one before', () => {
    const facts = divisions.facts('431181');
    expect(facts).toMatchObject({
      population: 832_813,
      area: 2541.9,
      centre: { lon: 111.852022, lat: 26.58951 },
      boundary: { type: 'MultiPolygon' },
    });
    expect(divisions.facts('431121')).toBe(facts);
  });

  test('is of the city all but an outline: that is its counties’', () => {
    const { area, ...city } = divisions.facts('431100');
    const counties = divisions.children('431100').map(({ code }) => divisions.facts(code).area ?? 0);
    expect(area).toBeCloseTo(
      counties.reduce((sum, one) => sum + one, 0),
      0,
    );
    expect(city).toMatchObject({ population: 5_289_824, boundary: null });
  });

  test.each(['431171', '431173', '431102001', '431171001002', '999999'])('is nothing for %s', (code) => {
    const nothing = { population: null, area: null, centre: null, boundary: null };
    expect(divisions.facts(code)).toEqual(nothing);
  });
});

describe('the codes that a division had before', () => {
  const qiyang = { code: '431121', name: '祁阳县', until: '2021-01-20', successor: '431181' };

  test('are dated, and found from either code', () => {
    expect(divisions.predecessors('431181')).toEqual([qiyang]);
    expect(divisions.predecessors('431121')).toEqual([qiyang]);
  });

  test.each(['431100', '431124', '431181001', '999999'])('are none for %s', (code) => {
    expect(divisions.predecessors(code)).toEqual([]);
  });

  test('every one led to a county that exists, and exists no more itself', () => {
    const codes = new Map(divisions.all.map((division) => [division.code, division]));
    for (const { code } of divisions.all)
      for (const { code: old, successor } of divisions.predecessors(code)) {
        expect(codes.get(successor)?.level).toBe('COUNTY');
        expect(codes.has(old)).toBe(false);
      }
  });
});

describe('the files of the divisions', () => {
  test('are refused at the line that is not as promised', () => {
    expect(() => parseDivisions('code,name,level,parent\n431124,道县,SHIRE,431100')).toThrow(
      'line 2 must be code,name,level,parent, but got: 431124,道县,SHIRE,431100',
    );
    expect(() => parsePredecessors('code,name,until,successor\n431121,祁阳县,2021,431181')).toThrow(
      'line 2 must be code,name,until,successor',
    );
  });

  test('give predecessors newest first', () => {
    const lines = 'code,name,until,successor\n431198,甲县,1996-01-08,431199\n431197,乙市,2011-06-01,431199';
    expect(parsePredecessors(lines).map(({ code }) => code)).toEqual(['431197', '431198']);
  });
});
