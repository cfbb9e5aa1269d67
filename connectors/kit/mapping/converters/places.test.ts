import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import gcoord from 'gcoord';
import { type OneField, readBrief, readField } from '../mapping.fixture.ts';
import { compileToWgs84 } from '../to-wgs84.ts';

const LON_LAT: NonNullable<OneField['reading']> = { point: { lon: 'lon', lat: 'lat' } };
const point = (options: OneField['options'] = {}, more: Partial<OneField> = {}): OneField => ({
  converter: 'point',
  columns: ['lon', 'lat'],
  options,
  reading: LON_LAT,
  ...more,
});

describe('points', () => {
  test.each([
    [
      { lon: '111.6080', lat: '26.4345' },
      { lon: 111.608, lat: 26.4345 },
    ],
    [
      { lon: 111.6080004, lat: 26.4345006 },
      { lon: 111.608, lat: 26.434501 },
    ],
    [{ lon: null, lat: '' }, null],
    [{ lon: 0, lat: '0.0' }, null],
    [{ lon: '111.6', lat: null }, 'HUB_MAP_POINT'],
    [{ lon: 'x', lat: '26' }, 'HUB_MAP_POINT'],
    [{ lon: '116.4', lat: '39.9' }, 'HUB_MAP_POINT'],
    [{ lon: '26.4345', lat: '111.608' }, 'HUB_MAP_POINT_SWAPPED'],
    [{ lon: '999', lat: '999' }, 'HUB_MAP_POINT'],
    // 40 km and 60 km south of the southern border.
    [
      { lon: '111.6', lat: '24.28' },
      { lon: 111.6, lat: 24.28 },
    ],
    [{ lon: '111.6', lat: '24.09' }, 'HUB_MAP_POINT'],
  ])('%j is %j', (record, expected) => {
    expect(readBrief(point(), record)).toEqual(expected);
  });

  test.each([
    [{ scale: '0.000001' }, { lon: '111608000', lat: 26434500 }],
    [{ form: 'dms' as const }, { lon: '111°36′28.8″', lat: '26°26′4.2″' }],
    [{ form: 'dms' as const }, { lon: '111度36分28.8秒', lat: 'x26' }],
    [{ form: 'dms' as const }, { lon: '111°36\'28.8"E', lat: `26°26'4.2''N` }],
    [{ form: 'dms' as const }, { lon: '111.608', lat: '26.4345' }],
  ])('%j reads %j', (options, record) => {
    const expected = record.lat === 'x26' ? 'HUB_MAP_POINT' : { lon: 111.608, lat: 26.4345 };
    expect(readBrief(point(options), record)).toEqual(expected);
  });

  test.each([
    ['lonLat', '111.608,26.4345', { lon: 111.608, lat: 26.4345 }],
    ['latLon', '26.4345, 111.608', { lon: 111.608, lat: 26.4345 }],
    ['latLon', '111.608,26.4345', 'HUB_MAP_POINT_SWAPPED'],
    ['lonLat', '111.608', 'HUB_MAP_POINT'],
    ['lonLat', '1,2,3', 'HUB_MAP_POINT'],
    ['lonLat', '', null],
  ] as const)('a text in %s order reads %s', (order, x, expected) => {
    const field = point({}, { columns: ['x'], reading: { point: { text: 'x', order, by: ',' } } });
    expect(readBrief(field, { x })).toEqual(expected);
  });

  test('AIS sends 181 and 91 for a position that it has not got', () => {
    expect(readBrief(point({ nullWhen: ['181', '91'] }), { lon: 181, lat: '91.0' })).toBeNull();
  });

  test('the fault of an axis names its column', () => {
    expect(readField(point(), { lon: '锟斤拷', lat: '26' }).fault).toMatchObject({
      code: 'HUB_MAP_DAMAGED',
      column: 'lon',
      raw: '锟斤拷',
    });
  });

  test('a source without coordinates is refused when the mapping is made', () => {
    expect(() => readBrief(point({}, { crs: null }), {})).toThrow('must state crs');
  });

  describe('of EPSG:4546 are metres in a plane', () => {
    const plane: OneField = {
      ...point({}, { crs: 'EPSG:4546' }),
      columns: ['X', 'Y'],
      reading: { point: { east: 'X', north: 'Y' } },
    };

    // Computed with the npm package proj4 2.22.0, +proj=etmerc on the ellipsoid GRS80, which is that of CGCS2000.
    test.each([
      ['560646.5906', '2925116.6584', 111.608, 26.4345],
      ['561355.9478', '2901796.7425', 111.614, 26.224],
      ['500000.0000', '2766054.1691', 111, 25],
      ['646799.8556', '2728059.4156', 112.45, 24.65],
      ['495030.6874', '2971010.9226', 110.95, 26.85],
    ])('%s east, %s north', (X, Y, lon, lat) => {
      expect(readBrief(plane, { X, Y })).toEqual({ lon, lat });
      const found = compileToWgs84('EPSG:4546', 'x')({ lon: Number(X), lat: Number(Y) });
      // A tenth of a millimetre is what four decimals of a metre say.
      expect(Math.abs(found.lon - lon)).toBeLessThan(1e-9);
      expect(Math.abs(found.lat - lat)).toBeLessThan(1e-9);
    });

    test.each([
      ['2925116.6584', '560646.5906', 'HUB_MAP_POINT_SWAPPED'],
      // With the number of the zone before the easting, of another zone, and in degrees.
      ['37560646.5906', '2925116.6584', 'HUB_MAP_POINT'],
      ['260646.5906', '2925116.6584', 'HUB_MAP_POINT'],
      ['111.608', '26.4345', 'HUB_MAP_POINT'],
      ['9e99', '1', 'HUB_MAP_POINT'],
      ['0', '0.000', null],
    ])('%s east, %s north is %s', (X, Y, expected) => {
      expect(readBrief(plane, { X, Y })).toEqual(expected);
    });
  });

  test('GCJ-02 lies 657 m from WGS84 in the city, and is moved back', () => {
    const [lon, lat] = gcoordOf('GCJ02', 111.608, 26.4345);
    expect(readBrief(point({}, { crs: 'GCJ02' }), { lon, lat })).toEqual({ lon: 111.608, lat: 26.4345 });
    expect(Math.hypot((lon - 111.608) * 99_700, (lat - 26.4345) * 110_800)).toBeCloseTo(657, -1);
  });

  test.each(['GCJ02', 'BD09'] as const)(
    '%s comes back within a billionth of a degree everywhere in the city',
    (crs) => {
      const back = compileToWgs84(crs, 'x');
      const degree = (min: number, max: number) => fc.double({ min, max, noNaN: true });
      fc.assert(
        fc.property(degree(110.5, 112.9), degree(24.2, 27.3), (lon, lat) => {
          const [shiftedLon, shiftedLat] = gcoordOf(crs, lon, lat);
          const found = back({ lon: shiftedLon, lat: shiftedLat });
          expect(Math.abs(found.lon - lon)).toBeLessThan(1e-9);
          expect(Math.abs(found.lat - lat)).toBeLessThan(1e-9);
        }),
      );
    },
  );
});

function gcoordOf(crs: 'GCJ02' | 'BD09', lon: number, lat: number): readonly [number, number] {
  const { transform, WGS84, GCJ02, BD09 } = gcoord as unknown as typeof gcoord.default;
  return transform<[number, number]>([lon, lat], WGS84, crs === 'GCJ02' ? GCJ02 : BD09);
}

describe('shapes', () => {
  const shape = (options: NonNullable<OneField['options']>): OneField => ({ converter: 'shape', options });
  const ring = [
    [111.5, 26.1],
    [111.7, 26.1],
    [111.7, 26.3],
    [111.5, 26.1],
  ];

  test('a CAP polygon is written lat,lon and lands lon,lat', () => {
    const polygon = { type: 'Polygon', coordinates: [ring] };
    expect(
      readBrief(shape({ form: 'capPolygon' }), { x: '26.1,111.5 26.1,111.7 26.3,111.7 26.1,111.5' }),
    ).toEqual(polygon);
    expect(readBrief(shape({ form: 'capPolygon' }), { x: '26.1,111.5 26.1,111.7 26.3,111.7' })).toEqual(
      polygon,
    );
  });

  test('several areas are one shape of several polygons, each once however many languages say it', () => {
    const one = '26.1,111.5 26.1,111.7 26.3,111.7';
    const other = '25.1,111.5 25.1,111.7 25.3,111.7';
    const area = (polygon: string | readonly string[]) => ({ area: { polygon } });
    const many: OneField = { ...shape({ form: 'capPolygon' }), columns: ['info.area.polygon'] };
    expect(readBrief(many, { info: [area([one, other]), area([one, other])] })).toEqual({
      type: 'MultiPolygon',
      coordinates: [[ring], [ring.map(([lon = 0, lat = 0]) => [lon, lat - 1])]],
    });
    expect(readBrief(many, { info: [area(one), area(one)] })).toEqual({
      type: 'Polygon',
      coordinates: [ring],
    });
    expect(readBrief(many, { info: area([one, 'nonsense']) })).toBe('HUB_MAP_SHAPE_BAD');
    expect(readBrief(many, { info: [{ area: {} }] })).toBeNull();
  });

  test('pairs make a line or a polygon', () => {
    const x = '111.5,26.1;111.7,26.1;111.7,26.3';
    expect(readBrief(shape({ form: 'pairs', draw: 'line' }), { x })).toEqual({
      type: 'LineString',
      coordinates: ring.slice(0, 3),
    });
    expect(readBrief(shape({ form: 'pairs' }), { x })).toEqual({ type: 'Polygon', coordinates: [ring] });
  });

  test.each([
    [{ form: 'capPolygon' as const }, '111.5,26.1 111.7,26.1 111.7,26.3'],
    [{ form: 'pairs' as const }, '111.5,26.1;111.7'],
    [{ form: 'pairs' as const }, '111.5,26.1;111.7,26.1'],
    [{ form: 'pairs' as const, draw: 'line' as const }, '111.5,26.1'],
    [{ form: 'pairs' as const }, 'POLYGON((…))'],
  ])('%j refuses %s', (options, x) => {
    expect(readBrief(shape(options), { x })).toBe('HUB_MAP_SHAPE_BAD');
  });
});

describe('lists of divisions', () => {
  const divisions = (by: 'code' | 'name', columns = ['x']): OneField => ({
    converter: 'divisions',
    columns,
    options: { by },
  });

  test('come as text or as a list, padded or old, each once', () => {
    expect(readBrief(divisions('code'), { x: '431124000000, 431121，431181' })).toEqual(['431124', '431181']);
    expect(readBrief(divisions('code'), { x: ['431124', '431102001'] })).toEqual(['431124', '431102001']);
    expect(readBrief(divisions('name'), { x: '道县、祁阳县' })).toEqual(['431124', '431181']);
  });

  test('are gathered from all areas of a warning', () => {
    const record = { info: { area: [{ geocode: { value: '431124' } }, { geocode: { value: '431102' } }] } };
    expect(readBrief(divisions('code', ['info.area.geocode.value']), record)).toEqual(['431124', '431102']);
  });

  test('keep the known ones and note the others', () => {
    expect(readBrief(divisions('code'), { x: '431124,430102' })).toEqual({
      value: ['431124'],
      noted: 'HUB_MAP_DIVISION',
    });
    expect(readField(divisions('code'), { x: '430102' }).fault?.message).toContain('1 of 1');
  });
});
