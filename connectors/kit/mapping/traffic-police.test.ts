// The mapping over the real manifest of the traffic police: what its service says, and what it means.
import { describe, expect, test } from '@jest/globals';
import { NOW } from './mapping.fixture.ts';
import { openUnitMappings } from './unit-mappings.fixture.ts';

const { map } = await openUnitMappings('traffic-police');

const EVENT = {
  ...{ eventId: 'SJ1', eventType: '3', status: '1', happenTime: NOW - 60_000, endTime: 0, updateTime: NOW },
  ...{ lnglat: '111.611872,26.431042', xzqh: '431103', sectionId: 'LD1', roadName: 'G322国道' },
};

describe('an event of the traffic police', () => {
  test('is where the map shifted it from, open where its end is 0', () => {
    expect(map('events', EVENT)).toMatchObject([
      {
        row: {
          key: 'SJ1',
          observedAt: '2026-04-05T11:59:00Z',
          values: {
            ...{ kind: 'FLOODED', state: 'OPEN', endedAt: null },
            location: { lon: expect.closeTo(111.6066, 3), lat: expect.closeTo(26.4345, 3) },
          },
          division: { code: '431103', basis: 'CODE' },
          links: [{ link: 'section', key: 'LD1' }],
          faults: [],
        },
      },
    ]);
  });

  test('of a kind that no document names is OTHER, and counted', () => {
    expect(map('events', { ...EVENT, eventType: '9' })).toMatchObject([
      { row: { values: { kind: 'OTHER' }, faults: [{ code: 'HUB_MAP_CODE', raw: '9' }] } },
    ]);
  });

  test('with the code before 2021 is today’s 祁阳, and without a place has its division all the same', () => {
    expect(map('events', { ...EVENT, xzqh: '431121', lnglat: '' })).toMatchObject([
      { row: { values: { location: null }, division: { code: '431181', basis: 'CODE' }, faults: [] } },
    ]);
  });

  test('with its axes the other way round is told, never turned', () => {
    expect(map('events', { ...EVENT, lnglat: '26.431042,111.611872' })).toMatchObject([
      { row: { values: { location: null }, faults: [{ code: 'HUB_MAP_POINT_SWAPPED' }] } },
    ]);
  });
});

describe('a line of the traffic police', () => {
  const CLOSURE = { closureId: 'FL1', eventId: 'SJ1', beginTime: NOW, endTime: 0, xzqh: '' };

  test('is drawn as GeoJSON, and says where it is when no code does', () => {
    const path = '111.611872,26.431042;111.621872,26.431042;';
    expect(map('closures', { ...CLOSURE, path })).toMatchObject([
      {
        row: {
          values: {
            ends: null,
            line: {
              type: 'LineString',
              coordinates: [
                [expect.closeTo(111.6066, 3), expect.closeTo(26.4345, 3)],
                [expect.closeTo(111.6166, 3), expect.closeTo(26.4345, 3)],
              ],
            },
          },
          division: { code: '431103', basis: 'POINT' },
          links: [{ link: 'event', key: 'SJ1' }],
        },
      },
    ]);
  });

  test.each(['111.611872,26.431042', '26.431042,111.611872;26.431042,111.621872', '111.6;26.4'])(
    'that cannot be drawn is null and told: %s',
    (path) => {
      expect(map('closures', { ...CLOSURE, path })).toMatchObject([
        { row: { values: { line: null }, faults: [{ code: 'HUB_MAP_SHAPE_BAD' }] } },
      ]);
    },
  );
});

test('a dead detector’s line is no reading', () => {
  const line = { sectionId: 'LD1', statTime: 0, tpi: null, avgSpeed: null };
  expect(map('congestion', line)).toMatchObject([{ kind: 'notOurs' }]);
  expect(map('congestion', { ...line, statTime: NOW, tpi: 1.25, avgSpeed: 56 })).toMatchObject([
    { row: { key: 'LD1~2026-04-05T12:00:00Z', values: { speed: 56, index: 1.25 } } },
  ]);
});
