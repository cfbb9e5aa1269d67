import { describe, expect, test } from '@jest/globals';
import { toLatest, toLookup, toPlural, toSingular, toUnitPrefix } from './names.ts';

describe('generated names', () => {
  test.each([
    ['HydroStation', 'hydroStation', 'hydroStations'],
    ['Ferry', 'ferry', 'ferries'],
    ['SchoolBus', 'schoolBus', 'schoolBuses'],
    ['RescueProgress', 'rescueProgress', 'rescueProgresses'],
    ['CityCase', 'cityCase', 'cityCases'],
    ['Relay', 'relay', 'relays'],
    ['Branch', 'branch', 'branches'],
    ['Series', 'series', 'serieses'],
    ['AQIReading', 'aqiReading', 'aqiReadings'],
    ['POI', 'poi', 'pois'],
  ])('%s is asked as %s and %s', (type, singular, plural) => {
    expect([toSingular(type), toPlural(type)]).toEqual([singular, plural]);
  });

  test('of a lookup carry the unit, so that no two units share one', () => {
    expect(toLookup('hydrology', 'Division')).toBe('_hydrologyDivisions');
    expect(toLookup('fire-rescue', 'FireStation')).toBe('_fireRescueFireStations');
    expect(toUnitPrefix('natural-resources')).toBe('naturalResources');
  });

  test('of the newest reading begin with latest', () => {
    expect(toLatest('river')).toBe('latestRiver');
  });
});
