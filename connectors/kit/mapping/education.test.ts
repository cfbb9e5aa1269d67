// The mapping over the education bureau's own manifest: each way in which its workbooks lie, and what becomes of it.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { readBook, toBook, toRow } from '../../codecs/xlsx/workbook.fixture.ts';
import type { RawValue, SourceRecord } from '../contract.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { compileMappings } from './compile-mappings.ts';
import { CONTEXT, DIVISIONS } from './mapping.fixture.ts';
import type { ObjectMapping, Outcome } from './outcome.ts';

const text = await readFile(new URL('../../units/education/unit.yaml', import.meta.url), 'utf8');
const { unit } = parseManifest(text, { file: 'unit.yaml', folder: 'education' });
if (unit === null) throw new Error('education must have a manifest');
const mappings = compileMappings(unit, { divisions: DIVISIONS });
const mappingOf = (object: string): ObjectMapping => {
  const found = mappings.find((mapping) => mapping.object === object);
  if (found === undefined) throw new Error(`no mapping for ${object}`);
  return found;
};

const SCHOOL: SourceRecord = {
  序号: 1,
  区县: '道县',
  乡镇: '寿雁镇',
  '村（社区）': '高枧村',
  学校代码: '0431124001',
  学校名称: '寿雁镇中心小学',
  办学类型: '小学',
  经纬度: '111.516488，25.477706',
  地址: '道县寿雁镇',
  '学生数/小学': 420,
  '学生数/初中': null,
  '学生数/高中': null,
  寄宿生数: 60,
  建校时间: '1998-09-01',
  '联系人/姓名': '唐志强',
  '联系人/电话': '13900005000',
  '避难场所/是否': '是',
  '避难场所/容纳人数': 800,
  '避难场所/面积（㎡）': 2400,
};
const BUS: SourceRecord = {
  序号: 1,
  学校代码: 431124001,
  车牌号: '湘M12345（黄）',
  核载人数: 36,
  行驶线路: '寿雁镇—高枧村',
  驾驶员: '何建国',
  联系电话: 13900007000,
  年检日期: '2026年3月5日',
};

const toOutcomes = (object: string, record: SourceRecord): readonly Outcome[] =>
  mappingOf(object).map({ '@county': '道县', '@row': 5, ...record }, CONTEXT);
function readRow(object: string, record: SourceRecord, type: string) {
  const outcome = toOutcomes(object, record).find((one) => one.kind === 'row' && one.row.type === type);
  if (outcome?.kind !== 'row') throw new Error(`no ${type}`);
  return outcome.row;
}
const schoolOf = (column: string, value: RawValue, type = 'School') =>
  readRow('schools', { ...SCHOOL, [column]: value }, type);
const busOf = (column: string, value: RawValue) => readRow('buses', { ...BUS, [column]: value }, 'SchoolBus');

describe('a school', () => {
  test('lands with its village by name, its place in WGS84, and zeros for what was left blank', () => {
    expect(readRow('schools', SCHOOL, 'School')).toMatchObject({
      key: '0431124001',
      values: { primary: 420, junior: 0, senior: 0, boarders: 60, kind: 'PRIMARY', founded: '1998-09-01' },
      division: { code: '431124102242', basis: 'NAME' },
      faults: [],
    });
  });

  test.each([
    ['as text', '0431124001'],
    ['as a number, without its zero', 431124001],
    ['with blanks', ' 0431124001　'],
  ])('has its code %s', (_, value) => {
    expect(schoolOf('学校代码', value).key).toBe('0431124001');
  });

  test.each([
    ['2003-09-01', '2003-09-01'],
    ['2003.9.1', '2003-09-01'],
    ['2003/9/1', '2003-09-01'],
    ['2003年9月1日', '2003-09-01'],
    [37865, '2003-09-01'],
  ] as const)('founded %s, says so without a fault', (written, founded) => {
    const { values, faults } = schoolOf('建校时间', written);
    expect([values.founded, faults]).toEqual([founded, []]);
  });

  test.each([
    ['2003年9月', '2003-09-01'],
    ['2003.9', '2003-09-01'],
    [2003.9, '2003-09-01'],
    ['1958', '1958-01-01'],
    [1958, '1958-01-01'],
  ] as const)('founded %s, has the first day and a note', (written, founded) => {
    const { values, faults } = schoolOf('建校时间', written);
    expect(values.founded).toBe(founded);
    expect(faults).toMatchObject([{ code: 'HUB_MAP_TIME', field: 'founded' }]);
  });

  test.each([
    ['full-width', '111.516488，25.477706'],
    ['ASCII', '111.516488,25.477706'],
    ['blanks and an ASCII', ' 111.516488 , 25.477706 '],
  ])(
    'has its BD-09 position with a %s comma, a kilometre from where a map of WGS84 would show it',
    (_, value) => {
      const { location } = schoolOf('经纬度', value).values as { location: { lon: number; lat: number } };
      expect(location).toEqual({ lon: expect.closeTo(111.505, 3), lat: expect.closeTo(25.475, 2) });
      const metres = Math.hypot((location.lon - 111.516488) * 100_700, (location.lat - 25.477706) * 110_800);
      expect(metres).toBeGreaterThan(900);
      expect(metres).toBeLessThan(1500);
    },
  );

  test('with its axes swapped keeps no place, and is not turned round in silence', () => {
    const { values, faults } = schoolOf('经纬度', '25.477706，111.516488');
    expect(values.location).toBeNull();
    expect(faults).toMatchObject([{ code: 'HUB_MAP_POINT_SWAPPED' }]);
  });

  test.each([
    ['a mobile as a number', 13900005000, '13900005000'],
    ['a landline as a number, without its zero', 7468221234, '07468221234'],
    ['a landline as people write it', '0746-8221234', '07468221234'],
  ])('has its phone: %s', (_, written, phone) => {
    expect(schoolOf('联系人/电话', written).values.headPhone).toBe(phone);
  });

  test('of a kind that nobody listed lands as OTHER, noted', () => {
    const { values, faults } = schoolOf('办学类型', '特殊教育');
    expect(values.kind).toBe('OTHER');
    expect(faults).toMatchObject([{ code: 'HUB_MAP_CODE', field: 'kind' }]);
  });

  test('a subtotal below a town is none', () => {
    const subtotal = { ...SCHOOL, 序号: '小计', 学校代码: null, 学校名称: null, '避难场所/是否': null };
    expect(toOutcomes('schools', subtotal).filter(({ kind }) => kind !== 'notOurs')).toEqual([]);
  });
});

describe('a shelter', () => {
  test('is a school that says it is one, with the same code', () => {
    expect(readRow('schools', SCHOOL, 'Shelter')).toMatchObject({
      key: '0431124001',
      values: { name: '寿雁镇中心小学避难场所', people: 800, area: 2400 },
      division: { basis: 'PARENT' },
    });
    const types = toOutcomes('schools', { ...SCHOOL, '避难场所/是否': '否' }).flatMap((one) =>
      one.kind === 'row' ? [one.row.type] : [],
    );
    expect(types).toEqual(['School']);
  });
});

describe('a school bus', () => {
  test.each([
    ['湘M12345（黄）', '湘M12345~YELLOW'],
    ['湘Ｍ12345（黄）', '湘M12345~YELLOW'],
    ['湘M·12345（蓝）', '湘M12345~BLUE'],
    ['湘M12345', '湘M12345~YELLOW'],
    ['湘MD12345（渐变绿）', '湘MD12345~GREEN'],
  ])('%s is known as %s', (written, key) => {
    expect(busOf('车牌号', written).key).toBe(key);
  });

  test('is its school’s, whose code has lost its zero here too', () => {
    expect(readRow('buses', BUS, 'SchoolBus')).toMatchObject({
      values: { schoolCode: '0431124001', driverPhone: '13900007000', inspectedOn: '2026-03-05' },
      division: { basis: 'PARENT' },
    });
  });

  test('with a colour that is none is set aside: it would be another vehicle', () => {
    expect(toOutcomes('buses', { ...BUS, 车牌号: '湘M12345（彩）' })).toMatchObject([{ kind: 'setAside' }]);
  });
});

test('the manifest’s words of the table: header of two rows, blank rows passed over, the end at 合计', async () => {
  const { rows, ...table } = {
    rows: [
      toRow(1, '学校台账'),
      toRow(3, '序号', '区县', '学生数', ''),
      toRow(4, '', '', '小学', '初中'),
      toRow(5, 1, '道县', 10, 20),
      toRow(8, 2, '', 30, ''),
      toRow(9, '小计', '', 40, 20),
      toRow(10, '合计', '', 40, 20),
      toRow(11, '填表人：', '唐志强'),
    ].join(''),
    header: { rows: [3, 4], join: '/', columns: null },
    fillDown: ['区县'],
    stop: { column: '序号', when: ['合计'] },
    sheet: { name: '学校' },
  };
  const rest =
    '<mergeCells><mergeCell ref="C3:D3"/><mergeCell ref="A3:A4"/><mergeCell ref="B5:B8"/></mergeCells>';
  const { records } = await readBook(toBook({ sheets: { 学校: { rows, rest } } }), table);
  expect(records).toEqual([
    { 序号: 1, 区县: '道县', '学生数/小学': 10, '学生数/初中': 20, '@row': 5 },
    { 序号: 2, 区县: '道县', '学生数/小学': 30, '学生数/初中': null, '@row': 8 },
    { 序号: '小计', 区县: null, '学生数/小学': 40, '学生数/初中': 20, '@row': 9 },
  ]);
});
