import { describe, expect, test } from '@jest/globals';
import { NOW } from '../compile/fixtures/rows.ts';
import { HYDROLOGY } from '../compile/fixtures/units.ts';
import type { TypeState } from '../compile/type-state.ts';
import type { SourceReport } from './contract.ts';
import { addSourceReport, toSourceReport } from './source-report.ts';

const HOUR = 3_600_000;

function toState(type: string, more: Partial<TypeState> = {}): TypeState {
  return { type, completeMs: NOW - HOUR, failing: false, landed: true, ...more };
}

function report(states: readonly TypeState[] | null, types = ['HydroStation', 'RiverReading']): SourceReport {
  return toSourceReport(HYDROLOGY, { types, states, rows: 3, milliseconds: 4.4 }, NOW);
}

describe('the line of a unit', () => {
  test('tells the worst freshness and the greatest age of what was touched', () => {
    expect(report([toState('HydroStation'), toState('RiverReading')])).toEqual({
      unit: 'hydrology',
      status: 'OK',
      via: 'STORE',
      freshness: 'STALE',
      ageSeconds: 3600,
      milliseconds: 4,
      requests: 1,
      rows: 3,
    });
  });

  test('is degraded when the source is failing, or when one of the types was never loaded', () => {
    expect(report([toState('HydroStation', { failing: true }), toState('RiverReading')])).toMatchObject({
      status: 'DEGRADED',
      via: 'FALLBACK',
    });
    expect(report([toState('HydroStation')])).toMatchObject({
      status: 'DEGRADED',
      freshness: 'DEAD',
      ageSeconds: null,
    });
  });

  test('is down when nothing was loaded, or the store gave no answer', () => {
    expect(report([])).toMatchObject({ status: 'DOWN', via: null, ageSeconds: null });
    expect(report(null)).toMatchObject({ status: 'DOWN', via: null, freshness: null });
  });

  test('is fine when only keys were asked', () => {
    expect(report([], [])).toMatchObject({ status: 'OK', freshness: null, ageSeconds: null });
  });

  test('takes in further requests: sums what adds up, keeps what is worst', () => {
    const sources: SourceReport[] = [];
    addSourceReport(sources, report([toState('HydroStation')], ['HydroStation']));
    addSourceReport(sources, report([toState('RiverReading', { failing: true })], ['RiverReading']));
    addSourceReport(sources, { ...report(null), unit: 'water' });
    expect(sources).toHaveLength(2);
    expect(sources[0]).toEqual({
      unit: 'hydrology',
      status: 'DEGRADED',
      via: 'FALLBACK',
      freshness: 'STALE',
      ageSeconds: 3600,
      milliseconds: 8,
      requests: 2,
      rows: 6,
    });
  });

  test('stands in the order of the units’ names, whichever answered first', () => {
    const line = report([toState('HydroStation')], ['HydroStation']);
    const names = ['weather', 'forestry', 'hydrology', 'forestry'];
    const sources: SourceReport[] = [];
    for (const unit of names) addSourceReport(sources, { ...line, unit });
    expect(sources.map(({ unit, requests }) => [unit, requests])).toEqual([
      ['forestry', 2],
      ['hydrology', 1],
      ['weather', 1],
    ]);
  });
});
