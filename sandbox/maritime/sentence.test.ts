import { describe, expect, test } from '@jest/globals';
import {
  toBase,
  toBeacon,
  toClassA,
  toClassB,
  toNamePart,
  toQuestion,
  toSizePart,
  toVoyage,
} from './messages.ts';
import { type Field, toSentences, toTextFields } from './sentence.ts';
import { toFleet, toMotion } from './ship.ts';

const payloadOf = (lines: readonly string[]) => lines.map((line) => line.split(',')[5]).join('');
const spaces = (text: string, characters: number) => toTextFields(text.padEnd(characters, ' '), characters);

describe('sentences that circulate', () => {
  test('a position of class A comes out byte for byte', () => {
    const position: readonly Field[] = [
      ...([
        [1, 6],
        [0, 2],
        [477_553_000, 30],
        [5, 4],
        [0, 8],
        [0, 10],
        [0, 1],
      ] as const),
      ...([
        [-73_407_500, 28],
        [28_549_700, 27],
        [510, 12],
        [181, 9],
        [15, 6],
      ] as const),
      ...([
        [0, 2],
        [0, 3],
        [0, 1],
        [149_208, 19],
      ] as const),
    ];
    expect(toSentences(position, 'B', 0)).toEqual(['!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C']);
  });

  test('a voyage of two sentences has the same bits, and is cut where a sentence has room', () => {
    const voyage: readonly Field[] = [
      ...([
        [5, 6],
        [0, 2],
        [351_759_000, 30],
        [0, 2],
        [9_134_270, 30],
      ] as const),
      ...[...spaces('3FOF8', 7), ...spaces('EVER DIADEM', 20)],
      ...([
        [70, 8],
        [225, 9],
        [70, 9],
        [1, 6],
        [31, 6],
        [1, 4],
        [5, 4],
        [15, 5],
        [14, 5],
        [0, 6],
        [122, 8],
      ] as const),
      ...spaces('NEW YORK', 20),
      ...([
        [0, 1],
        [0, 1],
      ] as const),
    ];
    const known = '55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp888888888880';
    const lines = toSentences(voyage, 'A', 1);
    expect(payloadOf(lines)).toBe(known);
    expect(lines.map((line) => line.slice(0, 15))).toEqual(['!AIVDM,2,1,1,A,', '!AIVDM,2,2,1,A,']);
    expect(lines.every((line) => line.length <= 80)).toBe(true);
    expect(lines[1]).toMatch(/,2\*[0-9A-F]{2}$/);
  });

  test('a name of class B comes out byte for byte', () => {
    const name: readonly Field[] = [
      [24, 6],
      [0, 2],
      [271_041_815, 30],
      [0, 2],
      ...toTextFields('PROGUY', 20),
    ];
    expect(toSentences(name, 'A', 0)).toEqual(['!AIVDM,1,1,,A,H42O55i18tMET00000000000000,2*6D']);
  });
});

test('every message has as many bits as its table', () => {
  const at = Date.parse('2026-04-04T21:20:07Z');
  const place = { lon: 111.6, lat: 26.3 };
  const bits = (fields: readonly Field[]) => fields.reduce((sum, [, width]) => sum + width, 0);
  for (const ship of toFleet(1)) {
    const said = [toMotion(1, ship, at), null].map((motion) => ({ ship, motion, at }));
    for (const each of said) expect([bits(toClassA(1, each)), bits(toClassB(each))]).toEqual([168, 168]);
    expect([toVoyage(ship), toNamePart(ship), toSizePart(ship)].map(bits)).toEqual([424, 168, 168]);
    expect(bits(toQuestion('004132701', ship))).toBe(88);
  }
  expect([toBase('004132701', place, at), toBeacon('994131001', place)].map(bits)).toEqual([168, 272]);
});
