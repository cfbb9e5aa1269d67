import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR, toStorm } from '../storm/storm.ts';
import { toCatchment, toFloods, toFlow, toThreeDigits, toThresholds } from './runoff.ts';
import { parseStations, toInflows } from './station.ts';

const stations = parseStations();
const inflows = toInflows(stations);
const at = (name: string) => {
  const station = stations.find((each) => each.name === name);
  if (station === undefined) throw new Error(`no station ${name}`);
  return { station, inflow: inflows.get(station.code) ?? [] };
};
const flowOf = (name: string, time: number) => {
  const { inflow } = at(name);
  return toFlow(inflow, toFloods(1, inflow, time, time), time);
};
/** The hour of the highest flow in the three days after a storm began. */
const crest = (name: string, begins: number) => {
  const hours = Array.from({ length: 30 }, (_, hour) => hour);
  return hours.reduce((best, hour) =>
    flowOf(name, begins + hour * HOUR) > flowOf(name, begins + best * HOUR) ? hour : best,
  );
};

describe('the rivers', () => {
  test('carry a flood crest downstream: 道县, then 零陵, then 祁阳', () => {
    const { begins } = toStorm(1, 16_002);
    const crests = ['道县', '零陵', '祁阳'].map((name) => crest(name, begins));
    expect(crests).toEqual(crests.toSorted((a, b) => a - b));
    expect(new Set(crests).size).toBe(3);
  });

  test('never fall below low water', () => {
    const { inflow } = at('道县');
    fc.assert(
      fc.property(fc.integer({ min: 480_000, max: 500_000 }), (hour) => {
        expect(flowOf('道县', hour * HOUR)).toBeGreaterThanOrEqual(toCatchment(inflow) * 0.02);
      }),
    );
  });

  test('flow the same whatever span was asked for', () => {
    const { inflow } = at('祁阳');
    const hours = fc.integer({ min: 0, max: 72 });
    fc.assert(
      fc.property(fc.integer({ min: 480_000, max: 500_000 }), hours, hours, (hour, before, after) => {
        const time = hour * HOUR;
        const floods = toFloods(1, inflow, time - before * HOUR, time + after * HOUR);
        expect(toFlow(inflow, floods, time)).toBe(flowOf('祁阳', time));
      }),
      { numRuns: 50 },
    );
  });

  test('have more water below a confluence than above it', () => {
    const time = 490_000 * HOUR;
    expect(toCatchment(at('老埠头').inflow)).toBeGreaterThan(toCatchment(at('零陵').inflow));
    expect(flowOf('老埠头', time)).toBeGreaterThan(flowOf('零陵', time) * 0.9);
  });

  test('reach their warning levels in some storms, not in all', () => {
    const { station, inflow } = at('道县');
    const { warnFlow } = toThresholds(station, inflow);
    const peaks = Array.from({ length: 40 }, (_, index) => {
      const { begins } = toStorm(1, 16_000 + index);
      return flowOf('道县', begins + crest('道县', begins) * HOUR);
    });
    const reached = peaks.filter((peak) => peak > warnFlow).length;
    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThan(peaks.length);
  });

  test('order their thresholds: gauge zero < warning < guarantee < dykes', () => {
    for (const station of stations.filter(({ stageEvery, use }) => stageEvery !== null && use === 'inUse')) {
      const levels = toThresholds(station, inflows.get(station.code) ?? []);
      const { warnStage, guaranteeStage, recordStage, dykeLeft, dykeRight } = levels;
      expect(station.zero).toBeLessThan(warnStage);
      expect(warnStage).toBeLessThan(guaranteeStage);
      expect(guaranteeStage).toBeLessThan(Math.min(recordStage, dykeLeft, dykeRight));
    }
  });

  test.each([
    [1234.5, '1230'],
    [98.76, '98.8'],
    [0.0123, '0.012'],
    [0, '0.001'],
  ])('write the flow %p as %p', (flow, text) => {
    expect(toThreeDigits(flow)).toBe(text);
  });
});
