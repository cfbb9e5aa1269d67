import { describe, expect, test } from '@jest/globals';
import gcoord from 'gcoord';
import type { Position } from '../../../schema/divisions/division.ts';
import type { Divisions } from '../../../schema/divisions/divisions.ts';
import type { SourceRecord } from '../contract.ts';
import type { Crs, Unit, UnitType } from '../manifest/model.ts';
import {
  CONTEXT,
  DIVISIONS,
  field,
  form,
  mapRow,
  reading,
  source,
  unit,
  unitType,
} from './mapping.fixture.ts';
import type { MappedValue } from './outcome.ts';
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
    [{ addvcd: '431122100', ...POINT }, ['431122100', 'CODE', 'HUB_MAP_DIVISION_CONFLICT']],
    [{ addvcd: '431100', ...POINT }, ['431100', 'CODE']],
    // 回龙圩管理区 lies inside 江永's outline and has none of its own: a point there does not contradict it.
    [{ addvcd: '431173', ...POINT }, ['431173', 'CODE']],
    [{ addvcd: '锟斤拷', qx: '道县' }, ['431124', 'NAME']],
  ])('%j is %j', (record, expected) => {
    expect(of(record)).toEqual(expected);
  });

  test('a point outside the city gives no answer and no conflict', () => {
    const outside: Divisions = { ...DIVISIONS, countyAt: () => null };
    expect(of({ ...POINT }, outside)).toEqual([null, 'NONE']);
    expect(of({ addvcd: '431102', ...POINT }, outside)).toEqual(['431102', 'CODE']);
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

describe('the division of a row by the real outlines', () => {
  /** As in a manifest: `location: { point: { lon: lgtd, lat: lttd } }`, its source `crs: …`, and the type’s division ways. */
  const placed = (crs: Crs, division: UnitType['division']): Unit =>
    unit(
      [
        unitType('Place', {
          division,
          fields: [field('id', 'text'), field('location', 'point')],
          forms: [
            form([
              reading('id', 'text', ['id']),
              reading('location', 'point', ['lgtd', 'lttd'], {}, { point: { lon: 'lgtd', lat: 'lttd' } }),
            ]),
          ],
        }),
      ],
      { sources: [source({ crs })] },
    );
  const BY_POINT: UnitType['division'] = [{ by: 'point', field: 'location' }];
  const BY_CODE: UnitType['division'] = [{ by: 'code', column: 'addvcd', digits: null }, ...BY_POINT];
  /** Between 冷水滩区 and 祁阳市; written in GCJ-02. */
  const BORDER = { id: '1', lgtd: '111.750699', lttd: '26.583880' };

  test('a GCJ-02 point beside a border lies in 冷水滩区; taken for WGS84 it would lie in 祁阳市', () => {
    const row = mapRow(placed('GCJ02', BY_POINT), BORDER);
    expect([row.division, row.faults]).toEqual([{ code: '431103', basis: 'POINT' }, []]);
    expect(toMetresFromBorder('431103', row.values.location)).toBeLessThan(700);
    expect(mapRow(placed('WGS84', BY_POINT), BORDER).division).toEqual({ code: '431181', basis: 'POINT' });
  });

  test('a stated code that contradicts its point is kept, and the contradiction is recorded', () => {
    const { division, faults } = mapRow(placed('GCJ02', BY_CODE), { ...BORDER, addvcd: '431121' });
    expect(division).toEqual({ code: '431181', basis: 'CODE' });
    expect(faults).toEqual([
      {
        code: 'HUB_MAP_CRS',
        field: null,
        column: 'addvcd',
        raw: null,
        message: expect.stringContaining('check crs of the source'),
      },
    ]);
    // Deep inside another county no mistake of the system explains it.
    const inside = { ...BORDER, addvcd: '431124' };
    expect(mapRow(placed('GCJ02', BY_CODE), inside)).toMatchObject({
      division: { code: '431124', basis: 'CODE' },
      faults: [
        {
          code: 'HUB_MAP_DIVISION_CONFLICT',
          column: 'addvcd',
          message: 'the stated division and the position lie in different counties: the stated one is kept',
        },
      ],
    });
  });

  test.each([
    ['the county itself', '431103'],
    ['a town of the county', '431103001'],
    ['the city', '431100'],
    ['a management area without an outline', '431171'],
  ])('a stated code of %s is kept, and nothing is recorded', (_what, addvcd) => {
    const { division, faults } = mapRow(placed('GCJ02', BY_CODE), { ...BORDER, addvcd });
    expect([division, faults]).toEqual([{ code: addvcd, basis: 'CODE' }, []]);
  });

  test('a point of the neighbouring city, near enough to be plausible, has no division', () => {
    const { division, values } = mapRow(placed('WGS84', BY_POINT), { id: '1', lgtd: '112.6', lttd: '26.9' });
    expect([division, values.location]).toEqual([
      { code: null, basis: 'NONE' },
      { lon: 112.6, lat: 26.9 },
    ]);
  });
});

/** Metres to the nearest edge of the county’s outline, on a plane through the point. */
function toMetresFromBorder(county: string, point: MappedValue | undefined): number {
  if (typeof point !== 'object' || point === null || !('lon' in point)) throw new Error('no point');
  const [degree, shrink] = [111_320, Math.cos((point.lat * Math.PI) / 180)];
  const toPlane = ([lon, lat]: Position): Position => [
    (lon - point.lon) * degree * shrink,
    (lat - point.lat) * degree,
  ];
  const rings = DIVISIONS.facts(county).boundary?.coordinates.flat() ?? [];
  const distances = rings.flatMap((ring) =>
    ring.slice(1).map((corner, index) => {
      const [[fromX, fromY], [toX, toY]] = [toPlane(ring[index] ?? corner), toPlane(corner)];
      const [alongX, alongY] = [toX - fromX, toY - fromY];
      const length = alongX ** 2 + alongY ** 2;
      const share = length === 0 ? 0 : Math.min(1, Math.max(0, -(fromX * alongX + fromY * alongY) / length));
      return Math.hypot(fromX + share * alongX, fromY + share * alongY);
    }),
  );
  return Math.min(...distances);
}
