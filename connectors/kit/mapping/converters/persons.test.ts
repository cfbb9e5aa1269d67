import { describe, expect, test } from '@jest/globals';
import { readBrief, readField } from '../mapping.fixture.ts';

describe('phone numbers', () => {
  test.each([
    ['13907461234', '13907461234'],
    ['+86 139-0746-1234', '13907461234'],
    ['008613907461234', '13907461234'],
    ['１３９０７４６１２３４', '13907461234'],
    ['0746-8321234', '07468321234'],
    ['(0746) 8321234', '07468321234'],
    ['8321234', '07468321234'],
    ['+86 746 8321234', '07468321234'],
    ['7468321234', '07468321234'],
    ['7468321', '07467468321'],
    ['400-800-1234', '4008001234'],
    ['12345', 'HUB_MAP_TEXT'],
    ['139074612345', 'HUB_MAP_TEXT'],
    ['电话不详', 'HUB_MAP_TEXT'],
    ['', null],
  ])('%s is %s', (x, expected) => {
    expect(readBrief({ converter: 'phone' }, { x })).toBe(expected);
  });
});

describe('plates', () => {
  test.each([
    ['湘M12345', '湘M12345'],
    ['湘M·12345', '湘M12345'],
    ['湘Ｍ１２３４５', '湘M12345'],
    ['湘m 12345', '湘M12345'],
    ['湘M-D12345', '湘MD12345'],
    ['湘M1234挂', '湘M1234挂'],
    ['M12345', 'HUB_MAP_TEXT'],
    ['湘M1234567', 'HUB_MAP_TEXT'],
    ['无牌', 'HUB_MAP_TEXT'],
  ])('%s is %s', (x, expected) => {
    expect(readBrief({ converter: 'plate' }, { x })).toBe(expected);
  });
});

describe('identity numbers', () => {
  test.each([
    ['11010519491231002X', '11010519491231002X'],
    [' 11010519491231002x ', '11010519491231002X'],
    ['110105194912310021', 'HUB_MAP_TEXT'],
    ['11010519491331002X', 'HUB_MAP_TEXT'],
    ['110105491231002', 'HUB_MAP_TEXT'],
  ])('%s is %s', (x, expected) => {
    expect(readBrief({ converter: 'idNumber' }, { x })).toBe(expected);
  });

  test.each(['personal', 'sensitive'] as const)('a bad one of a %s field is shown nowhere', (dataClass) => {
    const { fault } = readField(
      { converter: 'idNumber', field: { class: dataClass } },
      { x: '431102199001010000' },
    );
    expect(fault).toMatchObject({ code: 'HUB_MAP_TEXT', raw: null });
    expect(JSON.stringify(fault)).not.toContain('4311');
  });
});
