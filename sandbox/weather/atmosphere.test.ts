import { describe, expect, test } from '@jest/globals';
import { HOUR, STEP, toShowers } from '../storm/storm.ts';
import { type Air, toAir } from './atmosphere.ts';
import { START, stationNamed } from './weather.fixture.ts';

const YEAR_STEPS = Array.from({ length: 365 * 8 }, (_, index) => START + index * 3 * HOUR);

const toYear = (name: string): Air[] => {
  const station = stationNamed(name);
  return YEAR_STEPS.map((at) => toAir(1, station, toShowers(1, station, at, at), at));
};
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the air over the city', () => {
  const year = toYear('道县');

  test('stays all year round within what the region knows', () => {
    for (const { temperature, humidity, pressure, windSpeed, windDirection, visibility } of year) {
      expect(temperature > -8 && temperature < 42).toBe(true);
      expect(Number.isInteger(humidity) && humidity >= 18 && humidity <= 100).toBe(true);
      expect(pressure > 950 && pressure < 1020).toBe(true);
      expect(windSpeed >= 0 && windSpeed < 20).toBe(true);
      expect(windDirection === null || (windDirection >= 1 && windDirection <= 360)).toBe(true);
      expect(Number.isInteger(visibility) && visibility >= 300 && visibility <= 35_000).toBe(true);
    }
  });

  test('is warm in July, cold in January, and warmer in the afternoon than before dawn', () => {
    const of = (month: number, hour: number) =>
      mean(
        YEAR_STEPS.flatMap((at, index) => {
          const date = new Date(at);
          const isAsked = date.getUTCMonth() + 1 === month && date.getUTCHours() === hour;
          return isAsked ? [year[index]?.temperature ?? 0] : [];
        }),
      );
    expect(of(7, 6)).toBeGreaterThan(28);
    expect(of(1, 6)).toBeLessThan(15);
    // 06 UTC is 14:00 in Beijing, 21 UTC is 05:00.
    expect(of(4, 6) - of(4, 21)).toBeGreaterThan(4);
  });

  test('is thinner and colder on 阳明山', () => {
    const mountain = toYear('阳明山');
    expect(mean(mountain.map(({ pressure }) => pressure))).toBeLessThan(880);
    const cooler = mean(year.map((air, index) => air.temperature - (mountain[index]?.temperature ?? 0)));
    expect(cooler).toBeGreaterThan(5);
  });

  test('has no direction exactly when the wind is below 0.3 m/s, which happens', () => {
    for (const { windSpeed, windDirection } of year) expect(windDirection === null).toBe(windSpeed < 0.3);
    const calm = year.filter(({ windDirection }) => windDirection === null).length;
    expect(calm / year.length).toBeGreaterThan(0.02);
    expect(calm / year.length).toBeLessThan(0.4);
  });

  test('is damp, hazy and cooler in the middle of a shower', () => {
    const shower = { begins: START, hours: 6, depth: 80 };
    const at = START + 3 * HOUR;
    const dry = toAir(1, stationNamed('道县'), [], at);
    const wet = toAir(1, stationNamed('道县'), [shower], at);
    expect(wet.humidity).toBeGreaterThan(dry.humidity);
    expect(wet.visibility).toBeLessThan(dry.visibility - 8000);
    expect(wet.temperature).toBeLessThan(dry.temperature);
  });

  test('is the same for the same seed, place and time, and another for another seed', () => {
    const at = START + STEP;
    const station = stationNamed('道县');
    expect(toAir(1, station, [], at)).toEqual(toAir(1, station, [], at));
    expect(toAir(2, station, [], at)).not.toEqual(toAir(1, station, [], at));
  });
});
