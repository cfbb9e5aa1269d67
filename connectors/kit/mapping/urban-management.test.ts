// The mapping over the manifest of urban management: what its wide table of cases becomes.
import { describe, expect, test } from '@jest/globals';
import { openUnitMappings } from './unit-mappings.fixture.ts';

const bureau = await openUnitMappings('urban-management');

const NEVER = '0000-00-00 00:00:00';
const CASE = {
  CASE_NO: 'YZCG1',
  BIG_TYPE: '01',
  SMALL_TYPE: '0101',
  X: '560646.591',
  Y: '2925116.658',
  CASE_DESC: '井盖缺失🚧',
  REPORT_TEL: '匿名',
  REPORT_TM: '2026-04-05 06:00:00',
  FILING_TM: '2026-04-05 06:20:00',
  DISPATCH_TM: NEVER,
  HANDLE_TM: '',
  CHECK_TM: NEVER,
  CLOSE_TM: NEVER,
  HANDLE_TMMIT: NEVER,
  IS_FILING: '1',
  IS_FILCLOSE: '0',
  XZQH: '',
  QX: '祁阳市',
  JD: '白水镇',
  IS_TEST: 0,
  DEL_FLAG: '0',
};
const values = (change: object) => bureau.toRow('T_CASE_INFO', { ...CASE, ...change }).values;

describe('urban management', () => {
  test('takes all zeros, and nothing, for no time', () => {
    expect(bureau.toRow('T_CASE_INFO', CASE)).toMatchObject({
      values: {
        ...{ reportedAt: '2026-04-04T22:00:00Z', filedAt: '2026-04-04T22:20:00Z' },
        ...{ dispatchedAt: null, handledAt: null, dueAt: null, closedAt: null, reporterPhone: null },
      },
      faults: [],
    });
  });

  test('makes steps of the times that are there, and of no others', () => {
    const steps = bureau
      .map('T_CASE_INFO', CASE)
      .flatMap((outcome) => (outcome.kind === 'row' && outcome.row.type === 'CaseStep' ? [outcome.row] : []));
    expect(steps.map(({ key, observedAt }) => [key, observedAt])).toEqual([
      ['YZCG1~REPORTED', '2026-04-04T22:00:00Z'],
      ['YZCG1~FILED', '2026-04-04T22:20:00Z'],
    ]);
  });

  test('a deadline may lie in the future, another time may not', () => {
    expect(values({ HANDLE_TMMIT: '2026-04-06 06:00:00' }).dueAt).toBe('2026-04-05T22:00:00Z');
    const late = bureau.toRow('T_CASE_INFO', { ...CASE, CLOSE_TM: '2026-04-06 08:00:00' });
    expect(late.faults).toMatchObject([{ code: 'HUB_MAP_TIME_FUTURE', field: 'closedAt' }]);
  });

  test('has its places in a plane, and the origin for none', () => {
    expect(values({}).location).toEqual({ lon: 111.608, lat: 26.4345 });
    expect(values({ X: '0.000', Y: '0.000' }).location).toBeNull();
  });

  test('keeps signs beyond the basic plane', () => {
    expect(values({}).text).toBe('井盖缺失🚧');
  });

  test('finds a division by the old code, else by the point, else by the names', () => {
    const division = (change: object) => bureau.toRow('T_CASE_INFO', { ...CASE, ...change }).division;
    expect(division({ XZQH: '431121' })).toEqual({ code: '431181', basis: 'CODE' });
    expect(division({})).toEqual({ code: '431103', basis: 'POINT' });
    expect(division({ X: '0', Y: '0' })).toEqual({ code: '431181107', basis: 'NAME' });
  });

  test('leaves rehearsals out, and marks what was struck out', () => {
    expect(bureau.map('T_CASE_INFO', { ...CASE, IS_TEST: 1 }).map(({ kind }) => kind)).toEqual([
      'notOurs',
      'notOurs',
    ]);
    expect(bureau.toRow('T_CASE_INFO', { ...CASE, DEL_FLAG: '1' }).deleted).toBe(true);
  });
});
