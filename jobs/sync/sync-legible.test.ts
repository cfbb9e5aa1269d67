// When a list is not whole: lines or keys of which nobody can say which they are, in whatever half of a scan they stood.
import { expect, test } from '@jest/globals';
import type { Source } from '../../connectors/kit/contract.ts';
import { openCity, stations, tableOf } from '../../test/support/sample-city.ts';

const goneOf = ({ store }: ReturnType<typeof openCity>) =>
  [...store.rows].flatMap(([name, { gone }]) => (gone ? [name] : []));

test('a row that has lost its key in the source is not absent', async () => {
  const city = openCity();
  await city.run(stations);
  const { rows } = tableOf(city, 'st_stbprp_b');
  rows[6] = { stcd: null, stnm: '站7' };
  expect((await city.run(stations)).counts).toMatchObject({ setAside: 1, deleted: 0 });
  expect(goneOf(city)).toEqual([]);
  rows.splice(6, 1);
  expect((await city.run(stations)).counts).toMatchObject({ deleted: 1 });
  expect(goneOf(city)).toEqual(['HydroStation:S7']);
});

test('a scan that goes on remembers that its first half had lines that cannot be read', async () => {
  const city = openCity();
  await city.run(stations);
  const { rows } = tableOf(city, 'st_stbprp_b');
  rows.splice(0, 1);
  const torn: Source = {
    ...city.source,
    async *scan(object, request) {
      for await (const page of city.source.scan(object, request)) {
        const unreadable = [{ raw: { '@raw': 'S1,' }, message: 'line 1 has 1 cell of 2' }];
        yield request.after === undefined ? { ...page, unreadable } : page;
        throw new Error('cut off');
      }
    },
  };
  await expect(city.run(stations, { source: torn })).rejects.toThrow('cut off');
  expect(await city.run(stations)).toMatchObject({ state: 'succeeded', counts: { read: 3, deleted: 0 } });
  expect(goneOf(city)).toEqual([]);
  expect((await city.run(stations)).counts).toMatchObject({ deleted: 1 });
});
