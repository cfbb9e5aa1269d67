// Nothing lost and nothing doubled, wherever a run dies: it is killed at each of its calls and run again.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HubError } from '../../schema/errors.ts';
import { contentOf, MINUTE, openCity, readings, stations, tableOf } from '../../test/support/sample-city.ts';

describe('a run that dies', () => {
  test.each([
    ['before a page is written', 'beforeCommit'],
    ['after a page was written', 'afterCommit'],
  ] as const)(
    '%s leaves what its successor needs: the same rows, none twice, none lost',
    async (_, moment) => {
      for (const feed of [stations, readings]) {
        const whole = openCity();
        await whole.run(stations);
        if (feed === readings) await whole.run(readings);
        for (let at = 1; at <= whole.store.pages.length; at += 1) {
          const city = openCity();
          city.store[moment] = (commit) => {
            if (commit === at) throw new HubError('HUB_STORE_UNREACHABLE', 'killed');
          };
          const run = async () => {
            await city.run(stations);
            if (feed === readings) await city.run(readings);
          };
          await expect(run()).rejects.toMatchObject({ code: 'HUB_STORE_UNREACHABLE' });
          await run();
          expect(contentOf(city)).toEqual(contentOf(whole));
          expect([...city.store.rows.values()].every((row) => row.writes === 1)).toBe(true);
        }
      }
    },
  );

  test('is resumed behind its last page, within the bounds that it began with', async () => {
    const city = openCity({ count: 2, hours: 1 });
    await city.run(stations);
    city.source.beforePage = (page) => {
      if (page === 3) throw new HubError('HUB_SOURCE_TIMEOUT', 'no answer');
    };
    await expect(city.run(readings)).rejects.toMatchObject({ code: 'HUB_SOURCE_TIMEOUT' });
    expect(city.store.runs.at(-1)).toMatchObject({ state: 'failed', error: { code: 'HUB_SOURCE_TIMEOUT' } });
    const begun = city.source.asked.at(-1);
    city.source.beforePage = () => undefined;
    city.source.asked.length = 0;
    city.now += 7 * MINUTE;
    expect((await city.run(readings)).counts).toMatchObject({ read: 6, written: 6 });
    expect(city.source.asked[0]).toEqual(begun);
    expect(city.store.markOf(readings.key)).toMatchObject({ watermark: '2026-04-05T12:00:00Z', scan: null });
  });

  test('as a snapshot deletes by the keys of both its halves', async () => {
    const city = openCity();
    await city.run(stations);
    tableOf(city, 'st_stbprp_b').rows.splice(6, 1);
    city.source.beforePage = (page) => {
      if (page === 2) throw new HubError('HUB_SOURCE_UNREACHABLE', 'gone');
    };
    await expect(city.run(stations)).rejects.toMatchObject({ code: 'HUB_SOURCE_UNREACHABLE' });
    city.source.beforePage = () => undefined;
    expect((await city.run(stations)).counts).toMatchObject({ read: 3, deleted: 1 });
    expect([...city.store.rows.values()].filter((row) => row.gone).map((row) => row.key)).toEqual(['S7']);
  });

  test('with a cursor that the source no longer knows begins again', async () => {
    const city = openCity();
    city.source.beforePage = (page) => {
      if (page === 2) throw new HubError('HUB_SOURCE_UNREACHABLE', 'gone');
    };
    await expect(city.run(stations)).rejects.toThrow();
    city.source.beforePage = () => undefined;
    let refused = 0;
    const { scan } = city.source;
    const forgetful = {
      ...city.source,
      scan: ((object, request) => {
        if (request.after === undefined) return scan(object, request);
        refused += 1;
        throw new HubError('HUB_SOURCE_CURSOR', 'not mine');
      }) satisfies typeof scan,
    };
    expect(await city.run(stations, { source: forgetful })).toMatchObject({ counts: { read: 7 } });
    expect(refused).toBe(1);
  });

  test('any number of times at any pages ends with the same rows', async () => {
    const whole = openCity();
    await whole.run(stations);
    await whole.run(readings);
    const deaths = fc.array(fc.record({ page: fc.integer({ min: 1, max: 12 }), after: fc.boolean() }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(deaths, async (plan) => {
        const city = openCity();
        for (const death of plan) {
          let commits = 0;
          const die = () => {
            commits += 1;
            if (commits === death.page) throw new HubError('HUB_STORE_UNREACHABLE', 'killed');
          };
          city.store.beforeCommit = death.after ? () => undefined : die;
          city.store.afterCommit = death.after ? die : () => undefined;
          await city.run(stations).catch(() => undefined);
          await city.run(readings).catch(() => undefined);
          city.now += MINUTE;
        }
        city.store.beforeCommit = () => undefined;
        city.store.afterCommit = () => undefined;
        await city.run(stations);
        await city.run(readings);
        await city.run(readings);
        expect(contentOf(city)).toEqual(contentOf(whole));
        expect([...city.store.rows.values()].every((row) => row.writes === 1)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
