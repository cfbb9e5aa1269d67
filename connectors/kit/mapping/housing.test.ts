// The mapping over the real manifest of the housing bureau: one site of its graph becomes a site, its cranes, their readings
// and its pits.
import { describe, expect, test } from '@jest/globals';
import type { SourceRecord } from '../contract.ts';
import type { MappedRow } from './outcome.ts';
import { openUnitMappings } from './unit-mappings.fixture.ts';

const { map } = await openUnitMappings('housing');
const rowsOf = (type: string, record: SourceRecord): readonly MappedRow[] =>
  map('sites', record).flatMap((outcome) =>
    outcome.kind === 'row' && outcome.row.type === type ? [outcome.row] : [],
  );

const CRANE = {
  ...{ deviceNo: 'TD0121', ratedMoment: 800, moment: 512.5, radius: 30.1, height: 62, windSpeed: 4.2 },
  ...{ tilt: -0.31, updatedAt: '2026-04-05T19:58:00+08:00' },
};
const SITE = {
  ...{ projectCode: 'yz431103-gd012', name: '滨江新城2期', stage: 'MAIN', divisionCode: '431103000000' },
  ...{ lng: 111.61808, lat: 26.4377, workersOnSite: 42 },
  contractor: { name: '永建有限公司', uscc: '91431110000000000x' },
  manager: { name: '唐建国', mobile: '139-0002-1143' },
  towerCranes: [CRANE, { ...CRANE, deviceNo: 'TD0122', moment: null, updatedAt: null }],
  deepPits: [{ pitNo: 'JK0121', depth: 8.4, settlement: -12.5 }],
};

describe('a building site', () => {
  test('has its code in capitals, its place where it is and not where 百度 draws it, and a manager with a number', () => {
    expect(rowsOf('ConstructionSite', SITE)).toMatchObject([
      {
        key: 'YZ431103-GD012',
        values: {
          ...{ stage: 'STRUCTURE', builderCode: '91431110000000000X', managerPhone: '13900021143' },
          location: { lon: expect.closeTo(111.6064, 3), lat: expect.closeTo(26.4347, 3) },
        },
        division: { code: '431103', basis: 'CODE' },
        faults: [],
      },
    ]);
  });

  test('of a stage that no document names is OTHER, and of a company without a code has none', () => {
    const record = { ...SITE, stage: 'ACCEPTANCE', contractor: { name: '永建', uscc: '申办中' } };
    expect(rowsOf('ConstructionSite', record)).toMatchObject([
      {
        values: { stage: 'OTHER', builder: '永建', builderCode: null },
        faults: [{ code: 'HUB_MAP_CODE' }, { code: 'HUB_MAP_TEXT' }],
      },
    ]);
  });

  test('with the code before 2021 lies in today’s 祁阳, and one without a manager has none', () => {
    const record = { ...SITE, divisionCode: '431121', lng: null, lat: null, manager: null };
    expect(rowsOf('ConstructionSite', record)).toMatchObject([
      { values: { manager: null, managerPhone: null }, division: { code: '431181' }, faults: [] },
    ]);
  });
});

describe('what stands on a site', () => {
  test('leads to it, whatever case its code was written in', () => {
    for (const type of ['TowerCrane', 'DeepPit'])
      for (const { links } of rowsOf(type, SITE))
        expect(links).toEqual([{ link: 'site', key: 'YZ431103-GD012', lookup: null }]);
    expect(rowsOf('TowerCrane', SITE).map(({ key }) => key)).toEqual(['TD0121', 'TD0122']);
    expect(rowsOf('DeepPit', SITE)).toMatchObject([
      { key: 'JK0121', values: { depth: 8.4, settlement: -12.5 } },
    ]);
  });

  test('measures when it stands: a crane without a time has no reading', () => {
    expect(rowsOf('CraneReading', SITE)).toMatchObject([
      { key: 'TD0121~2026-04-05T11:58:00Z', values: { moment: 512.5, tilt: -0.31 } },
    ]);
  });

  test.each([[null], [[]]])('is nothing where the list is %j', (none) => {
    const record = { ...SITE, towerCranes: none, deepPits: none };
    expect(map('sites', record).map(({ kind }) => kind)).toEqual(['row', 'notOurs', 'notOurs', 'notOurs']);
  });
});

describe('an alarm of a crane', () => {
  const ALARM = { id: 'BJ-1', deviceNo: 'TD0121', alarmTime: '2026-04-05T19:30:00+08:00', value: 15.5 };

  test.each([
    ['MOMENT', 'MOMENT', 'kN.m'],
    ['WIND', 'WIND', 'm/s'],
    ['TILT', 'TILT', 'deg'],
    ['COLLISION', 'COLLISION', 'm'],
    ['POWER', 'OTHER', null],
  ])('of kind %s is %s, its value in %s', (alarmType, kind, valueUnit) => {
    expect(map('alarms', { ...ALARM, alarmType })).toMatchObject([
      {
        row: {
          observedAt: '2026-04-05T11:30:00Z',
          values: { kind, value: 15.5, valueUnit },
          faults: kind === 'OTHER' ? [{ code: 'HUB_MAP_CODE' }] : [],
        },
      },
    ]);
  });
});
