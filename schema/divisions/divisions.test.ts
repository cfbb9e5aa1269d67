import { describe, expect, test } from '@jest/globals';
import { openDivisions } from './open-divisions.ts';

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

describe('children and points', () => {
  test('the city has its counties, a county its towns, a village nothing', () => {
    expect(divisions.children('431100').map(({ level }) => level)).toEqual(Array(13).fill('COUNTY'));
    expect(divisions.children('431171').map(({ code }) => code)).toEqual(['431171001']);
    expect(divisions.children('431171001002')).toEqual([]);
    expect(divisions.children('000000')).toEqual([]);
  });

  test('a point has no county while there are no polygons, and the one that they give afterwards', async () => {
    const point = { lon: 111.59, lat: 25.5 };
    expect(divisions.countyAt(point)).toBeNull();
    const drawn = await openDivisions({ countyAt: () => '431124' });
    expect(drawn.countyAt(point)).toBe('431124');
  });
});
