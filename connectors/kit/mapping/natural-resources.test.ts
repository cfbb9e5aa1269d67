// The mapping over the real manifest of the natural resources bureau: pinyin columns, axes with each other's names, money in
// 万元, dates as five clerks write them, and people's numbers.
import { describe, expect, test } from '@jest/globals';
import { openUnitMappings } from './unit-mappings.fixture.ts';

const { map } = await openUnitMappings('natural-resources');

const HAZARD = {
  ...{ yhdbh: '431124000021', yhdmc: '寿雁镇高枧滑坡', yhdlx: '滑坡', gmdj: '小', xqdj: '中型' },
  ...{ sz: '永州市', qx: '道县', xz: '寿雁镇', c: '高枧村', z: '3组', dlwz: '屋后' },
  ...{ lon: '25.475000', lat: '111.505000', zhgm: '1200', wxccwy: '35.50', wxhsh: '5', wxrsr: ' 21' },
  ...{ yhdfxsj: '2019-06-09', jczrr: '唐建国', jczrrdh: '139 0001 1013' },
};

describe('a hazard point', () => {
  test('stands where it stands, although `lon` holds the latitude; its money is in ten thousands of yuan', () => {
    expect(map('hazards', HAZARD)[0]).toMatchObject({
      row: {
        key: '431124000021',
        values: {
          location: { lon: 111.505, lat: 25.475 },
          ...{ kind: 'LANDSLIDE', scale: 'SMALL', dangerGrade: 'MEDIUM', property: 35.5, people: 21 },
          ...{ address: '寿雁镇高枧村3组屋后', foundOn: '2019-06-09' },
        },
        division: { code: '431124102242', basis: 'NAME' },
        faults: [],
      },
    });
  });

  test('whose axes have their right names has no location here: nothing is turned silently', () => {
    expect(map('hazards', { ...HAZARD, lon: HAZARD.lat, lat: HAZARD.lon })[0]).toMatchObject({
      row: {
        values: { location: null },
        division: { code: '431124102242' },
        faults: [{ code: 'HUB_MAP_POINT_SWAPPED', field: 'location' }],
      },
    });
  });

  test('that lies in another county than it says keeps what it says, and is told', () => {
    expect(map('hazards', { ...HAZARD, lon: '26.434500', lat: '111.608000' })[0]).toMatchObject({
      row: { division: { code: '431124102242' }, faults: [{ code: 'HUB_MAP_DIVISION_CONFLICT' }] },
    });
  });

  test('of 祁阳县 lies in today’s 祁阳市', () => {
    const old = { ...HAZARD, qx: '祁阳县', xz: '白水镇', c: '护国村', lon: '26.401000', lat: '111.998000' };
    expect(map('hazards', old)[0]).toMatchObject({
      row: { division: { code: '431181107224', basis: 'NAME' }, faults: [] },
    });
  });

  test.each([
    ['2019-06-09', '2019-06-09', null],
    ['2019/6/9', '2019-06-09', null],
    ['2019年6月9日', '2019-06-09', null],
    ['20190609', '2019-06-09', null],
    ['2019-06', '2019-06-01', 'HUB_MAP_TIME'],
    ['六月', null, 'HUB_MAP_TIME'],
  ])('found on %s was found on %s', (yhdfxsj, foundOn, fault) => {
    const [outcome] = map('hazards', { ...HAZARD, yhdfxsj });
    expect(outcome).toMatchObject({
      row: { values: { foundOn }, faults: fault === null ? [] : [{ code: fault, raw: yhdfxsj }] },
    });
  });
});

describe('the watcher of a hazard point', () => {
  test.each(['139 0001 1013', '139-0001-1013', '+86 13900011013', '１３９０００１１０１３', '13900011013 '])(
    'comes with the same record, whose phone may be written as %s',
    (jczrrdh) => {
      expect(map('hazards', { ...HAZARD, jczrrdh })[1]).toMatchObject({
        row: {
          type: 'GeoResponsible',
          values: { watcher: '唐建国', watcherPhone: '13900011013' },
          links: [{ link: 'hazard', key: '431124000021' }],
        },
      });
    },
  );

  test('whose phone is a word has none, and the word is shown nowhere', () => {
    expect(map('hazards', { ...HAZARD, jczrrdh: '暂无' })[1]).toMatchObject({
      row: { values: { watcherPhone: null }, faults: [{ code: 'HUB_MAP_TEXT', raw: null }] },
    });
  });
});

describe('an alarm of a slope', () => {
  const ALARM = { gjbh: 'GJ1', yhdbh: '431124000021', gjsj: '2026-04-05 19:30:00', gjjb: '橙色', wy: '4.5' };

  test('has Beijing’s time and leads to its hazard point', () => {
    expect(map('alarms', ALARM)).toMatchObject([
      {
        row: {
          observedAt: '2026-04-05T11:30:00Z',
          values: { level: 'ORANGE', displacement: 4.5 },
          links: [{ link: 'hazard', key: '431124000021' }],
        },
      },
    ]);
    expect(map('alarms', { ...ALARM, gjjb: '2' })).toMatchObject([{ row: { values: { level: 'ORANGE' } } }]);
  });

  test('of a level that no list knows is set aside for a person', () => {
    expect(map('alarms', { ...ALARM, gjjb: '测试' })).toMatchObject([
      { kind: 'setAside', fault: { code: 'HUB_MAP_CODE', field: 'level' } },
    ]);
  });
});
