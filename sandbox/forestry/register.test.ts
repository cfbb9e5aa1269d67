import { describe, expect, test } from '@jest/globals';
import { toRangers, toRangerTable, toTowers, toTowerTable } from './register.ts';

const first = toRangers(1, 0);
const second = toRangers(1, 1);
const written = toRangerTable(first).lines.map(({ text }) => text.split(','));
const column = (index: number) => written.map((cells) => cells[index] ?? '');

describe('the register of rangers', () => {
  test('has 200 rangers over eleven counties, each with a number and phone of their own', () => {
    expect(first).toHaveLength(200);
    expect(new Set(first.map(({ village }) => village.county)).size).toBe(11);
    expect(new Set(first.map(({ number }) => number)).size).toBe(200);
    expect(new Set(first.map(({ phone }) => phone)).size).toBe(200);
    for (const { phone, village } of first) {
      expect(phone).toMatch(/^1390000\d{4}$/);
      expect(village.code).toMatch(/^431\d{9}$/);
    }
  });

  test('loses two rangers with its second issue, and one phone is put right', () => {
    const numbers = new Set(second.map(({ number }) => number));
    expect(first.filter(({ number }) => !numbers.has(number))).toHaveLength(2);
    const changed = second.filter((ranger) => !first.some((before) => before.phone === ranger.phone));
    expect(changed).toHaveLength(1);
    expect(first.find(({ number }) => number === changed[0]?.number)?.phone).not.toBe(changed[0]?.phone);
    expect(second).toHaveLength(198);
  });

  test('names 新圩镇 in two counties, so that only the county’s column says which', () => {
    const towns = new Set(written.filter((cells) => cells[4] === '新圩镇').map((cells) => cells[3]));
    expect(towns).toEqual(new Set(['蓝山县', '新田县']));
  });

  test('writes counties, villages and phones as people do', () => {
    expect(new Set(column(3))).toEqual(
      new Set(
        '零陵区 冷水滩区 祁阳市 祁阳县 东安县 双牌县 道县 江永县 宁远县 蓝山县 新田县 江华瑶族自治县 江华县'.split(
          ' ',
        ),
      ),
    );
    expect(column(5).some((name) => name.endsWith('村委会'))).toBe(true);
    expect(column(5).filter((name) => name.endsWith('村')).length).toBeGreaterThan(100);
    expect(column(5).every((name) => !name.endsWith('村村'))).toBe(true);
    const phones = column(2);
    expect(phones.some((phone) => /^1390000\d{4}$/.test(phone))).toBe(true);
    expect(phones.some((phone) => /^139-0000-\d{4}$/.test(phone))).toBe(true);
    expect(phones.some((phone) => /^\+86 1390000\d{4}$/.test(phone))).toBe(true);
  });

  test('gives areas in mu, fifteen to the hectare', () => {
    expect(column(6).map(Number)).toEqual(first.map(({ hectares }) => hectares * 15));
  });

  test('has a name that GB2312 could not write', () => {
    expect(column(1).some((name) => /[镕喆堃]/.test(name))).toBe(true);
  });
});

describe('the register of towers', () => {
  test('has 30 towers over eleven counties, in degrees, minutes and seconds', () => {
    const towers = toTowers(1);
    expect(towers).toHaveLength(30);
    expect(new Set(towers.map(({ county }) => county)).size).toBe(11);
    const rows = toTowerTable(towers).lines.map(({ text }) => text.split(','));
    for (const [index, cells] of rows.entries()) {
      const [, degrees, minutes, seconds] = /^(\d+)°(\d\d)′(\d\d)″$/.exec(cells[4] ?? '') ?? [];
      expect(Number(degrees) * 3600 + Number(minutes) * 60 + Number(seconds)).toBe(towers[index]?.lonSeconds);
      expect(cells[5]).toMatch(/^2[456]°[0-5]\d′[0-5]\d″$/);
    }
  });
});
