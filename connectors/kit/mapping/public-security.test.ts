// The mapping over the manifest of the call-taking centre: what its sheets become.
import { describe, expect, test } from '@jest/globals';
import gcoord from 'gcoord';
import { openUnitMappings } from './unit-mappings.fixture.ts';

const police = await openUnitMappings('public-security');

const CALL = {
  JJDBH: 'J431120260405060000           ',
  BJFSDM: '03',
  JQLBDM: '050000',
  BJRXM: '唐志强',
  BJDH: '0746-8212345',
  SFDD: '永州市道县寿雁镇月岩路1号',
  GIS_X: '',
  GIS_Y: '',
  BJNR: '',
  BJSJ: '20260405060000',
  GXDWDM: '431124510000',
  XZQHDM: '431124000000',
};
const call = (change: object) => police.toRow('JCJ_JJDB', { ...CALL, ...change });

describe('the call-taking centre', () => {
  test.each([
    ['01', 'CALL_110'],
    ['02', 'CALL_122'],
    ['03', 'CALL_119'],
    ['04', 'CALL_OTHER'],
  ])('calls channel %s what it is: %s', (BJFSDM, channel) => {
    expect(call({ BJFSDM }).values).toMatchObject({ channel });
  });

  test('loses no call for a channel that is in no list', () => {
    expect(call({ BJFSDM: '09' })).toMatchObject({
      values: { channel: null },
      faults: [{ code: 'HUB_MAP_CODE', field: 'channel' }],
    });
  });

  test('writes times as fourteen digits of Beijing’s clocks', () => {
    expect(call({}).observedAt).toBe('2026-04-04T22:00:00Z');
    expect(police.map('JCJ_JJDB', { ...CALL, BJSJ: '2026-04-05 06:00' })).toMatchObject([
      { kind: 'setAside', fault: { code: 'HUB_MAP_TIME' } },
    ]);
  });

  test('writes coordinates as texts of the police map, which is GCJ-02', () => {
    const { transform, WGS84, GCJ02 } = gcoord as unknown as typeof gcoord.default;
    const [lon, lat] = transform<[number, number]>([111.591614, 25.518444], WGS84, GCJ02);
    const { values } = call({ GIS_X: String(lon), GIS_Y: String(lat) });
    expect(values.location).toEqual({ lon: 111.591614, lat: 25.518444 });
  });

  test('leaves what it does not know empty, which is null', () => {
    expect(call({ BJRXM: '', BJDH: ' ', JQLBDM: '' })).toMatchObject({
      values: { caller: null, phone: null, kind: null, location: null, content: null },
      faults: [],
    });
  });

  test('pads its numbers in one table and not in the next', () => {
    const dispatch = { PJDBH: 'P1   ', JJDBH: 'J431120260405060000', PJSJ: '20260405060100', DDXCSJ: '' };
    expect(police.toRow('JCJ_PJDB', dispatch)).toMatchObject({
      key: 'P1',
      values: { arrivedAt: null },
      links: [{ link: 'call', key: call({}).key }],
    });
  });

  test('says nothing of a person in a fault', () => {
    const { faults } = call({ BJDH: '唐志强的电话' });
    expect(faults).toMatchObject([{ code: 'HUB_MAP_TEXT', field: 'phone', raw: null }]);
    expect(JSON.stringify(faults)).not.toContain('唐志强');
  });

  test('still knows 祁阳 by its code before 2021', () => {
    expect(call({ XZQHDM: '431121000000' }).division).toEqual({ code: '431181', basis: 'CODE' });
  });
});
