import { describe, expect, test } from '@jest/globals';
import { buildSchema, isEnumType } from 'graphql';
import { VOCABULARY_SDL } from '../sdl.ts';
import { HUB_CODE_LISTS } from './hub-lists.ts';

const toValue = (list: string, raw: string): string | undefined =>
  HUB_CODE_LISTS.get(list)?.values.find(({ from }) => from.includes(raw))?.name;

describe('the hub’s code lists', () => {
  test.each([
    ['hub.PlateColour', '黄', 'YELLOW'],
    ['hub.PlateColour', '黄色', 'YELLOW'],
    ['hub.PlateColour', '2', 'YELLOW'],
    ['hub.PlateColour', '02', 'YELLOW'],
    ['hub.CapMsgType', 'Cancle', 'CANCEL'],
    ['hub.EventType', '11B03', 'RAINSTORM'],
    ['hub.CapSeverity', 'Red', 'EXTREME'],
    ['hub.CapStatus', 'Actual', 'ACTUAL'],
  ])('%s reads %s as %s', (list, raw, value) => {
    expect(toValue(list, raw)).toBe(value);
  });

  test('give every raw code one meaning', () => {
    for (const { values, ignoreCase } of HUB_CODE_LISTS.values()) {
      const raws = values.flatMap(({ from }) => from.map((raw) => (ignoreCase ? raw.toLowerCase() : raw)));
      expect(new Set(raws).size).toBe(raws.length);
    }
  });

  test('name values as GraphQL allows, and their `other` among them', () => {
    for (const { values, other } of HUB_CODE_LISTS.values()) {
      const names = values.map(({ name }) => name);
      expect(names.every((name) => /^[A-Z][A-Z0-9_]*$/.test(name))).toBe(true);
      expect(new Set(names).size).toBe(names.length);
      expect(other === null || names.includes(other)).toBe(true);
    }
  });

  test('DataQuality is word for word the enum of the shared vocabulary', () => {
    const unit = 'type Unit { name: String! } type Division { code: String! } type Query { unit: Unit }';
    const shared = buildSchema(`${VOCABULARY_SDL} ${unit}`).getType('DataQuality');
    const names = isEnumType(shared) ? shared.getValues().map(({ name }) => name) : [];
    expect(HUB_CODE_LISTS.get('hub.DataQuality')?.values.map(({ name }) => name)).toEqual(names);
  });
});
