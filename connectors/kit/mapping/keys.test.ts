import { describe, expect, test } from '@jest/globals';
import { parseId, parseKey } from '../../../schema/identity.ts';
import type { RawValue } from '../contract.ts';
import { mapRow, type OneField, unitOf } from './mapping.fixture.ts';
import { RECORD, rain } from './rain.fixture.ts';

describe('keys', () => {
  const keyOf = (of: OneField, x: RawValue): string | null => {
    const built = unitOf(of);
    return mapRow({ ...built, types: built.types.map((type) => ({ ...type, key: ['x'] })) }, { id: '1', x })
      .key;
  };

  test.each<[OneField, readonly RawValue[], string]>([
    [{ converter: 'text' }, ['61512000', '61512000  ', '　61512000\0'], '61512000'],
    [{ converter: 'text', options: { pad: { x: 4 } } }, ['41', '0041', 41, '00041'], '0041'],
    [{ converter: 'integer' }, ['7', '7.0', 7, '007'], '7'],
    [{ converter: 'decimal', options: { places: 4 } }, ['26.1', '26.10000', 26.1], '26.1'],
    [{ converter: 'time' }, ['2026-04-05 08:30:00', '2026-04-05T08:30:00.000+08:00'], '2026-04-05T00:30:00Z'],
    [{ converter: 'monthDay', options: { formats: ['MMdd', 'Mdd'] } }, ['0401', '401'], '0401'],
    [{ converter: 'code', options: { list: 'hub.PlateColour' } }, ['黄', '黄色', 2, '02'], 'YELLOW'],
    [{ converter: 'plate' }, ['湘M·12345', '湘Ｍ12345', '湘m12345'], '湘M12345'],
    [{ converter: 'phone' }, ['+86 13907461234', '139-0746-1234'], '13907461234'],
  ])('%j: %j are one key', (of, raws, key) => {
    for (const raw of raws) expect(keyOf(of, raw)).toBe(key);
  });

  test('what separates parts is encoded, so that no two keys coincide', () => {
    expect(keyOf({ converter: 'text' }, 'a~b%c')).toBe('a%7Eb%25c');
    expect(parseKey('a%7Eb%25c')).toEqual(['a~b%c']);
    expect(parseId(`sample:Sample:${keyOf({ converter: 'text' }, '道县\n1')}`)).not.toBeNull();
  });

  test('of several ways to a link the first whose fields are all there counts', () => {
    const both = mapRow(rain(), { ...RECORD, rtu: '001' });
    expect(both.links).toEqual([{ link: 'station', key: '61512000', lookup: null }]);
  });
});
