// A corrected manifest reads again what was read the old way; another label does not.
import { describe, expect, test } from '@jest/globals';
import { MINUTE, openCity, readings, stations } from '../../test/support/sample-city.ts';
import { READING_MAPPING, STATION_MAPPING } from '../../test/support/sample-mapping.ts';
import { readingType, sampleReading, sampleUnit, stationType } from '../../test/support/sample-unit.ts';
import type { Feed } from '../plan/feed.ts';
import { planFeeds } from '../plan/plan-feeds.ts';
import { planMark } from './plan-mark.ts';

const remade = { ...readings, meaning: 'other' };
const fromOf = (city: ReturnType<typeof openCity>) => city.source.asked.at(-1)?.filter?.[0]?.value;

describe('a corrected manifest', () => {
  test('reads a window again from where its first load began, once, and the watermark stays meanwhile', async () => {
    const city = openCity({ count: 1 });
    await city.run(stations);
    await city.run(readings);
    const { since, watermark } = city.store.markOf(readings.key);
    city.now += 30 * 24 * 60 * MINUTE;
    const notes: string[] = [];
    let seen: string | null = null;
    city.store.afterCommit = () => {
      seen = city.store.markOf(readings.key).watermark;
    };
    await city.run(remade, { onNote: (note) => notes.push(note) });
    expect(since).toBe('2026-03-29T12:00:00Z');
    expect(fromOf(city)).toBe('2026-03-29 20:00:00.000000');
    expect(seen).toBe(watermark);
    expect(notes).toEqual([
      'the manifest makes something else of the records; reading again from the beginning of what is kept',
    ]);
    expect(city.store.runs.at(-1)?.note).toBe(notes[0]);
    await city.run(remade);
    expect(fromOf(city)).not.toBe('2026-03-29 20:00:00.000000');
    expect(notes).toHaveLength(1);
  });

  test('goes on reading again after a run that died, with the beginning that it had', async () => {
    const city = openCity({ count: 1 });
    await city.run(stations);
    await city.run(readings);
    city.store.afterCommit = () => {
      throw new Error('killed');
    };
    await expect(city.run(remade)).rejects.toThrow('killed');
    city.store.afterCommit = () => undefined;
    await city.run(remade);
    expect(city.source.asked.at(-1)).toMatchObject({ after: expect.anything() });
    expect(city.store.markOf(readings.key).rewind).toBeUndefined();
  });

  test('of a list begins its scan anew, and of deliveries says that they cannot be read again', () => {
    const scan = { from: null, late: false, cursor: 'c', newest: null, run: '1' };
    const mark = { watermark: '2026-04-05T12:00:00Z', lateAt: null, scan, meaning: 'before' };
    expect(planMark(stations, mark, [])).toMatchObject({ mark: { scan: null }, note: null });
    const files: Feed = { ...readings, asks: 'deliveries' };
    const planned = planMark(files, mark, []);
    expect(planned.note).toContain('cannot be read again');
    expect(planned.mark.rewind).toBeUndefined();
  });

  test('is one whose readings, codes or conditions differ, and not one with other labels', () => {
    const meaningOf = (change: (type: ReturnType<typeof readingType>) => ReturnType<typeof readingType>) =>
      planFeeds(sampleUnit([stationType(), change(readingType())]), [STATION_MAPPING, READING_MAPPING])[1]
        ?.meaning;
    const label = { zh: '水位', en: 'Water level' };
    const same = meaningOf((type) => ({
      ...type,
      label,
      promise: 'PT2H',
      fields: type.fields.map((field) => ({ ...field, label, description: 'x' })),
    }));
    expect(same).toBe(readings.meaning);
    const scaled = meaningOf((type) => ({
      ...type,
      forms: type.forms.map((form) => ({
        ...form,
        readings: [...form.readings.slice(0, 2), sampleReading('stage', 'z', { options: { scale: '0.01' } })],
      })),
    }));
    const bounded = meaningOf((type) => ({
      ...type,
      forms: type.forms.map((form) => ({ ...form, where: [{ column: 'z', op: 'notNull' as const }] })),
    }));
    expect(new Set([readings.meaning, scaled, bounded]).size).toBe(3);
  });
});
