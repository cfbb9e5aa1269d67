// Sources that declare no columns: what no record of a run has at all is told, with the fields it feeds, and stops nothing.
import { expect, test } from '@jest/globals';
import type { Source } from '../../connectors/kit/contract.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import type { Drift } from '../../store/contract.ts';
import { openCity, stations } from '../../test/support/sample-city.ts';
import { STATION_MAPPING } from '../../test/support/sample-mapping.ts';

const mappingWith = (has: (code: unknown) => boolean): ObjectMapping => ({
  ...STATION_MAPPING,
  extends: [],
  lacks: (record) => (has(record.stcd) ? [] : ['stnm']),
});

async function runOver(has: (code: unknown) => boolean) {
  const city = openCity();
  const kept: (readonly Drift[])[] = [];
  const source: Source = { ...city.source, capabilities: { ...city.source.capabilities, declares: false } };
  const { keepShape } = city.store.sync;
  const store = {
    ...city.store.sync,
    keepShape: (...args: Parameters<typeof keepShape>) => {
      kept.push(args[1].drifts);
      return keepShape(...args);
    },
  };
  const report = await city.run(stations, { source, store, mapping: mappingWith(has) });
  return { report, kept };
}

test('a column that no record of an answer has is told, and the rows land', async () => {
  const { report, kept } = await runOver(() => false);
  expect(report).toMatchObject({ state: 'succeeded', counts: { written: 7 } });
  expect(kept).toEqual([
    [
      expect.objectContaining({
        change: 'DROPPED',
        column: 'stnm',
        types: [],
        fields: ['HydroStation.name'],
      }),
    ],
  ]);
});

test('a column that one record on any page has is there', async () => {
  expect((await runOver((code) => code === 'S7')).kept).toEqual([[]]);
});
