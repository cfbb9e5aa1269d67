import { describe, expect, test } from '@jest/globals';
import { HOUR, STEP } from '../storm/storm.ts';
import { toSilences } from './fate.ts';
import { toRows, toTimes } from './rows.ts';
import { START, stationNamed, toWorld } from './weather.fixture.ts';
import { HOUR_TABLE, MINUTE_TABLE } from './world.ts';

const DAY = 24 * HOUR;

describe('the rows of a table', () => {
  test('stand at every full hour and every five minutes, both ends with them', () => {
    expect(toTimes(HOUR_TABLE, START, START + 6 * HOUR)).toHaveLength(7);
    expect(toTimes(HOUR_TABLE, START + 1, START + 6 * HOUR - 1)).toHaveLength(5);
    expect(toTimes(MINUTE_TABLE, START, START + HOUR)).toHaveLength(13);
    expect(toTimes(MINUTE_TABLE, START + 1, START + STEP - 1)).toEqual([]);
  });

  test('are one a station and time when nobody is silent', () => {
    const rows = toRows(toWorld({ quality: true }), HOUR_TABLE, START - DAY, START);
    expect(rows).toHaveLength(36 * 25);
    expect(new Set(rows.map(({ station, at }) => `${station.code} ${at}`)).size).toBe(rows.length);
    for (const { at, arrivesAt } of rows) expect(arrivesAt).toBe(at);
  });

  test('do not depend on the span they were asked with', () => {
    const world = toWorld({ quality: true, silence: true });
    const span = toRows(world, MINUTE_TABLE, START - 6 * HOUR, START);
    for (const at of [START - 6 * HOUR, START - 3 * HOUR, START])
      expect(toRows(world, MINUTE_TABLE, at, at)).toEqual(span.filter((row) => row.at === at));
  });

  test('of both tables agree on what they both measure', () => {
    const hours = toRows(toWorld(), HOUR_TABLE, START - DAY, START);
    const minutes = new Map(
      toRows(toWorld(), MINUTE_TABLE, START - DAY, START).map((row) => [
        `${row.station.code} ${row.at}`,
        row,
      ]),
    );
    for (const { station, at, readings } of hours)
      for (const quantity of ['temperature', 'pressure', 'rain1h', 'windSpeed'] as const)
        expect(minutes.get(`${station.code} ${at}`)?.readings.get(quantity)).toEqual(readings.get(quantity));
  });

  test('have rain that adds up: twelve times five minutes are an hour, 24 hours are a day', () => {
    const station = stationNamed('道县');
    const minutes = toRows(toWorld(), MINUTE_TABLE, START - HOUR + STEP, START, [station]);
    const hours = toRows(toWorld(), HOUR_TABLE, START - DAY + HOUR, START, [station]);
    const sum = (rows: typeof hours, quantity: 'rain' | 'rain1h') =>
      rows.reduce((total, { readings }) => total + (readings.get(quantity)?.truth ?? Number.NaN), 0);
    const last = hours.at(-1)?.readings;
    expect(sum(minutes, 'rain')).toBeCloseTo(last?.get('rain1h')?.truth ?? Number.NaN, 6);
    expect(sum(hours, 'rain1h')).toBeCloseTo(last?.get('rain24h')?.truth ?? Number.NaN, 6);
    expect(sum(hours, 'rain1h')).toBeGreaterThan(0);
  });

  test('are late or lost exactly while their station is silent', () => {
    const world = toWorld({ silence: true });
    let late = 0;
    let lost = 0;
    for (const station of world.stations) {
      const silences = toSilences(world, station, START - 4 * DAY, START);
      const rows = toRows(world, HOUR_TABLE, START - 4 * DAY, START, [station]);
      for (const at of toTimes(HOUR_TABLE, START - 4 * DAY, START)) {
        const row = rows.find((candidate) => candidate.at === at);
        const silence = silences.find(({ from, to }) => from < at && at <= to);
        if (silence === undefined) expect(row?.arrivesAt).toBe(at);
        else if (silence.deliveredAt === null) lost += Number(row === undefined);
        else late += Number((row?.arrivesAt ?? at) > at);
      }
    }
    expect(late).toBeGreaterThan(5);
    expect(lost).toBeGreaterThan(5);
  });
});
