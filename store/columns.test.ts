// Names in the store: no two fields share a column, nothing is cut, nothing of PostgreSQL's own is taken.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  isPartitioned,
  toColumnName,
  toFieldColumns,
  toHistoryName,
  toIdentityColumns,
  toLinkColumnName,
  toSqlType,
  toStoredColumns,
  toTableName,
} from './columns.ts';
import { ALARM, DEVICE, READING, STATION, sampleField, sampleType } from './sample/sample-unit.fixture.ts';

const fieldName = fc.stringMatching(/^[a-z][A-Za-z0-9]{0,12}$/);

test('no two field names give one column name', () => {
  fc.assert(
    fc.property(fieldName, fieldName, (left, right) => {
      expect(toColumnName(left) === toColumnName(right)).toBe(left === right);
    }),
  );
});

test.each([
  ['warnLevel', 'warn_level'],
  ['rain1h', 'rain1h'],
  ['aQI', 'a_q_i'],
  ['xmin', 'xmin_'],
])('field %s lies in column %s', (field, column) => {
  expect(toColumnName(field)).toBe(column);
});

test('a type lies in a table of its unit’s schema, with its history beside it', () => {
  expect(toTableName('fire-rescue', 'FireStation')).toBe('"fire-rescue"."fire_station"');
  expect(toHistoryName('hydrology', 'RiverReading')).toBe('"hydrology"."river_reading_history"');
  expect(toLinkColumnName('homeStation')).toBe('home_station_key');
});

test.each([
  ['String', 'text'],
  ['PhoneNumber', 'text'],
  ['MonthDay', 'text'],
  ['HydroStationKind', 'text'],
  ['Float', 'float8'],
  ['Int', 'int4'],
  ['Long', 'int8'],
  ['Decimal', 'numeric'],
  ['Boolean', 'bool'],
  ['DateTime', 'timestamptz'],
  ['Date', 'date'],
  ['Duration', 'interval'],
  ['GeoJSON', 'jsonb'],
  ['Point', 'point'],
])('%s lies as %s', (graphql, sqlType) => {
  expect(toSqlType(sampleField('x', graphql))).toBe(sqlType);
});

test('a list lies as a list of texts, a point in two columns', () => {
  const list = sampleField('divisions', 'Division', {
    graphql: { name: 'Division', list: true, isEnum: false },
  });
  expect(toSqlType(list)).toBe('text[]');
  expect(toFieldColumns(sampleField('location', 'Point')).map(({ column, part }) => [column, part])).toEqual([
    ['location_lon', 'lon'],
    ['location_lat', 'lat'],
  ]);
});

describe('a type’s columns', () => {
  const names = (type: Parameters<typeof toStoredColumns>[0]) =>
    toStoredColumns(type).map(({ column }) => column);

  test('are its fields, its links, then the hub’s own', () => {
    expect(names(READING).slice(0, 7)).toEqual([
      'station_code',
      'rtu',
      'observed_at',
      'stage',
      'period',
      'station_key',
      '_key',
    ]);
  });

  test('hold the time of readings and events, and the parts of types that merge by field', () => {
    expect(names(STATION)).not.toContain('_observed_at');
    expect(names(ALARM)).toContain('_observed_at');
    expect(names(STATION)).not.toContain('_parts');
    expect(names(DEVICE)).toContain('_parts');
  });

  test('never share a name: two that would are refused with both names', () => {
    const type = sampleType('Gauge', 'thing', ['code'], {
      fields: [sampleField('location', 'Point'), sampleField('locationLon', 'Float')],
    });
    expect(() => toStoredColumns(type)).toThrow(
      'Gauge: field location and field locationLon would share the column location_lon',
    );
  });

  test('are never cut: a name that is too long is refused', () => {
    const long = sampleType('Gauge', 'thing', ['code'], { fields: [sampleField('a'.repeat(64), 'Float')] });
    expect(() => toStoredColumns(long)).toThrow('must have 1 to 63 bytes');
  });
});

test('readings whose key contains their time are partitioned and named by both', () => {
  expect(isPartitioned(READING)).toBe(true);
  expect(toIdentityColumns(READING)).toEqual(['_key', '_observed_at']);
  expect(isPartitioned({ ...READING, key: ['station'] })).toBe(false);
  expect(isPartitioned({ ...ALARM, key: ['number', 'at'] })).toBe(false);
});
