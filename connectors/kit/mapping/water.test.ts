// The mapping over the manifest of the water bureau: what SL 323's tables of 2011 become.
import { describe, expect, test } from '@jest/globals';
import { openUnitMappings } from './unit-mappings.fixture.ts';

const water = await openUnitMappings('water');

const STATION = {
  STCD: '6158106 ',
  STNM: '白水水库　                  ',
  RVNM: '',
  LGTD: '111.998000',
  LTTD: '26.401000',
  ADDVCD: '431121',
  STTP: 'RR',
  USESYMB: '1',
  'cch.NORMZ': '123.000',
  'cch.TTCP': '31.500',
};
const RAIN = { STCD: '6158106', TM: '2026-04-05 08:00:00', DRP: '4.5', INTV: '1.00', PDR: '0.35', DYP: null };
const rain = (change: object) => water.toRow('ST_PPTN_R', { ...RAIN, ...change }).values;
const season = (begins: string, ends: string) =>
  water.toRow('ST_RSVRFSR_B', { STCD: '6158106 ', BGMD: begins, EDMD: ends, FSLTDZ: '121.500' });

describe('the water bureau', () => {
  test('pads a code with blanks in one table and not in the other: key and links are the same', () => {
    expect(water.toRow('ST_STBPRP_B', STATION)).toMatchObject({
      key: '6158106',
      links: [{ link: 'hydroStation', key: '6158106' }],
    });
    const level = { STCD: '6158106', MPCD: ' ', TM: '2026-04-05 08:00:00', RZ: '121.34', W: '17.325' };
    expect(water.toRow('ST_RSVR_R', level)).toMatchObject({
      key: '6158106~0~2026-04-05T00:00:00Z',
      links: [{ link: 'reservoir', key: '6158106' }],
    });
  });

  test('counts storage in millions of m³: the figure stays, the unit is told', () => {
    const level = { STCD: '6158106', MPCD: '1', TM: '2026-04-05 08:00:00', RZ: '121.34', W: '17.325' };
    expect(water.toRow('ST_RSVR_R', level).values).toMatchObject({ level: 121.34, storage: 17.325 });
    expect(water.toRow('ST_STBPRP_B', STATION).values).toMatchObject({ capacity: 31.5, normal: 123 });
  });

  test('counts a period in hours: minutes would be too long to be true', () => {
    expect(rain({ INTV: '1.00' }).period).toBe('PT1H');
    expect(rain({ INTV: '0.50' }).period).toBe('PT30M');
    expect(water.toRow('ST_PPTN_R', { ...RAIN, INTV: '60.00' }).faults).toMatchObject([
      { code: 'HUB_MAP_RANGE', field: 'period' },
    ]);
  });

  test.each([
    ['1.30', 'PT1H30M'],
    // A column that drops the last zero.
    ['1.3', 'PT1H30M'],
    ['0.35', 'PT35M'],
    ['0.05', 'PT5M'],
    ['2.00', 'PT2H'],
    ['', null],
  ])('reads how long it rained as hours and minutes: %s is %s', (PDR, rained) => {
    expect(rain({ PDR }).rained).toBe(rained);
  });

  test('refuses 1.75 as hours and minutes', () => {
    expect(water.toRow('ST_PPTN_R', { ...RAIN, PDR: '1.75' }).faults).toMatchObject([
      { code: 'HUB_MAP_NUMBER', field: 'rained' },
    ]);
  });

  test('types days of the year without their zero, and a season may go over the turn of the year', () => {
    expect(season('415', '630').values).toMatchObject({ begins: '04-15', ends: '06-30' });
    expect(season('1001', '414')).toMatchObject({
      key: '6158106~1001',
      values: { begins: '10-01', ends: '04-14' },
    });
    expect(season('415', '630').key).toBe(season('0415', '0630').key);
  });

  test('still writes the code of 祁阳 before 2021', () => {
    expect(water.toRow('ST_STBPRP_B', STATION).division).toEqual({ code: '431181', basis: 'CODE' });
  });

  test('leaves what it does not know empty, which is null', () => {
    expect(water.toRow('ST_STBPRP_B', STATION).values).toMatchObject({ name: '白水水库', river: null });
    const danger = {
      DNGCD: 'XQ1',
      DNGHTM: '2026-04-05 06:00:00',
      DNGSVT: '2',
      REPORTER: '',
      RPTTLNB: ' ',
      RMK: '',
    };
    expect(water.toRow('REI_PRJDBINF', danger).values).toMatchObject({
      ...{ severity: 'MAJOR', reporter: null, reporterPhone: null, note: null, location: null },
    });
  });

  test('lists what is no reservoir, or none any more, beside those that are', () => {
    for (const change of [{ STTP: 'PP' }, { USESYMB: '0' }])
      expect(water.map('ST_STBPRP_B', { ...STATION, ...change })).toEqual([
        { kind: 'notOurs', type: 'Reservoir' },
      ]);
  });

  test('has its clocks in Beijing', () => {
    expect(water.toRow('ST_PPTN_R', RAIN).observedAt).toBe('2026-04-05T00:00:00Z');
  });
});
