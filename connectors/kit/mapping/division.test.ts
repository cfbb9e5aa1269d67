import { describe, expect, test } from '@jest/globals';
import gcoord from 'gcoord';
import type { Divisions } from '../../../schema/divisions/divisions.ts';
import type { SourceRecord } from '../contract.ts';
import type { Unit, UnitType } from '../manifest/model.ts';
import { CONTEXT, DIVISIONS, field, form, mapRow, reading, unit, unitType } from './mapping.fixture.ts';
import { RECORD, rain } from './rain.fixture.ts';

describe('the division of a row', () => {
  const county: Divisions = { ...DIVISIONS, countyAt: () => '431124' };
  const placed = (division: Partial<UnitType>): Unit =>
    unit([
      unitType('Place', {
        fields: [field('id', 'text'), field('location', 'point'), field('area', 'shape')],
        forms: [
          form([
            reading('id', 'text', ['id']),
            reading('location', 'point', ['lon', 'lat'], {}, { point: { lon: 'lon', lat: 'lat' } }),
            reading('area', 'shape', ['area'], { form: 'pairs' }),
          ]),
        ],
        ...division,
      }),
    ]);
  const ways = placed({
    division: [
      { by: 'code', column: 'addvcd', digits: null },
      { by: 'name', columns: ['qx', 'xz'] },
      { by: 'point', field: 'location' },
    ],
  });
  const POINT = { lon: '111.6', lat: '25.5' };
  const of = (record: SourceRecord, divisions = county, within = ways) => {
    const { division, faults } = mapRow(within, { id: '1', ...record }, CONTEXT, divisions);
    return [division.code, division.basis, ...faults.map(({ code }) => code)];
  };

  test.each<[SourceRecord, readonly unknown[]]>([
    [{ addvcd: '431124000000', qx: '零陵区' }, ['431124', 'CODE']],
    [{ addvcd: '431121' }, ['431181', 'CODE']],
    [{ addvcd: null, qx: '零陵区', xz: '珠山镇' }, ['431102102', 'NAME']],
    [{ addvcd: '999999', qx: '零陵区' }, ['431102', 'NAME']],
    [{ ...POINT }, ['431124', 'POINT']],
    [{}, [null, 'NONE']],
    [{ addvcd: '999999', qx: '长沙市' }, [null, 'NONE', 'HUB_MAP_DIVISION']],
    [{ addvcd: '431124', ...POINT }, ['431124', 'CODE']],
    [{ addvcd: '431102', ...POINT }, ['431102', 'CODE', 'HUB_MAP_DIVISION_CONFLICT']],
    [{ qx: '祁阳县', ...POINT }, ['431181', 'NAME', 'HUB_MAP_DIVISION_CONFLICT']],
    [{ addvcd: '431100', ...POINT }, ['431100', 'CODE']],
    [{ addvcd: '锟斤拷', qx: '道县' }, ['431124', 'NAME']],
  ])('%j is %j', (record, expected) => {
    expect(of(record)).toEqual(expected);
  });

  test('a point gives no answer and no conflict while there are no polygons', () => {
    expect(of({ ...POINT }, DIVISIONS)).toEqual([null, 'NONE']);
    expect(of({ addvcd: '431102', ...POINT }, DIVISIONS)).toEqual(['431102', 'CODE']);
  });

  test('a shape counts where its middle lies, and a code may be the beginning of something longer', () => {
    const shape = placed({ division: [{ by: 'shape', field: 'area' }] });
    expect(of({ area: '111.5,25.4;111.7,25.4;111.6,25.6' }, county, shape)).toEqual(['431124', 'POINT']);
    const digits = placed({ division: [{ by: 'code', column: 'identifier', digits: 6 }] });
    expect(of({ identifier: '43112441600000_20260405083000' }, DIVISIONS, digits)).toEqual([
      '431124',
      'CODE',
    ]);
  });

  test('a point of the other system is told from one that is simply elsewhere', () => {
    const { transform, WGS84, GCJ02 } = gcoord as unknown as typeof gcoord.default;
    // A border that runs north to south through 111.6° E: 零陵 lies west of it and 道县 east of it.
    const border: Divisions = { ...DIVISIONS, countyAt: ({ lon }) => (lon < 111.6 ? '431102' : '431124') };
    const toRecord = (lon: number) => {
      const [x, y] = transform<[number, number]>([lon, 25.5], WGS84, GCJ02);
      return { addvcd: '431102', lon: String(x), lat: String(y) };
    };
    const within = (crs: 'WGS84' | 'CGCS2000' | 'GCJ02' | 'BD09', record: SourceRecord) =>
      of(record, border, { ...ways, sources: ways.sources.map((one) => ({ ...one, crs })) }).slice(2);
    // 300 m west of the border: GCJ-02 shows it on the other side.
    const near = toRecord(111.597);
    expect(within('CGCS2000', near)).toEqual(['HUB_MAP_CRS']);
    expect(within('WGS84', near)).toEqual(['HUB_MAP_CRS']);
    expect(within('GCJ02', near)).toEqual([]);
    expect(within('CGCS2000', toRecord(111.7))).toEqual(['HUB_MAP_DIVISION_CONFLICT']);
    expect(within('BD09', { ...near, lon: '111.7' })).toEqual(['HUB_MAP_DIVISION_CONFLICT']);
    // WGS84 taken for GCJ-02: converted once too often, it lies too far west.
    expect(within('GCJ02', { addvcd: '431124', lon: '111.603', lat: '25.5' })).toEqual(['HUB_MAP_CRS']);
  });

  test('an empty link is no parent', () => {
    const orphan = rain({ key: ['observedAt'] });
    expect(mapRow(orphan, { ...RECORD, stcd: null }).division).toEqual({ code: null, basis: 'NONE' });
  });
});
