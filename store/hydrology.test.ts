// The first real unit end to end through mapping and store: legacy records in, rows and their times in the tables.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SourceRecord } from '../connectors/kit/contract.ts';
import { openUnitFolder } from '../connectors/kit/manifest/unit-folder.ts';
import { compileMappings } from '../connectors/kit/mapping/compile-mappings.ts';
import type { MappedRow, ObjectMapping } from '../connectors/kit/mapping/outcome.ts';
import { openDivisions } from '../schema/divisions/open-divisions.ts';
import type { FeedKey } from './contract.ts';
import { openSample, type Sample } from './sample/open-sample.fixture.ts';
import { samplePage } from './sample/sample-rows.fixture.ts';

let sample: Sample;
let mappings: readonly ObjectMapping[];
beforeAll(async () => {
  const { unit } = await openUnitFolder(
    fileURLToPath(new URL('../connectors/units/hydrology', import.meta.url)),
  );
  if (unit === null) throw new Error('connectors/units/hydrology/unit.yaml has errors');
  mappings = compileMappings(unit, { divisions: await openDivisions() });
  sample = await openSample(unit);
});
afterAll(() => sample.close());

async function land(object: string, strategy: FeedKey['strategy'], records: readonly SourceRecord[]) {
  const mapping = mappings.find((one) => one.object === object);
  if (mapping === undefined) throw new Error(`no mapping for ${object}`);
  const context = { now: Date.parse(sample.now()), receivedAt: sample.now() };
  const landed = records.flatMap((record) =>
    mapping
      .map(record, context)
      .flatMap((outcome) => (outcome.kind === 'row' ? [{ row: outcome.row, record }] : [])),
  );
  const rows: readonly MappedRow[] = landed.map(({ row }) => row);
  return sample.sync(
    { unit: 'hydrology', source: 'fork', object, strategy },
    samplePage(rows, { recordOf: (index) => landed[index]?.record ?? {} }),
  );
}

const STATION: SourceRecord = {
  stcd: '61512000  ',
  stnm: '道县',
  rvnm: '潇水',
  bsnm: null,
  sttp: 'ZQ',
  lgtd: '111.592',
  lttd: '25.527',
  addvcd: '431124',
  usesymb: '1',
  rtu_addr: null,
  deleted: '0',
  tenant_id: '431100',
  'cch.wrz': '98.50',
};
const RAIN: SourceRecord = {
  stcd: '61512000',
  tm: '2026-04-05 08:00:00',
  p: '12.5',
  dr: '60',
  deleted: '0',
  tenant_id: '431100',
};

test('a rain reading waits for its station, lands after it, and its period is the fork’s minutes', async () => {
  expect(await land('st_pptn_r', 'window', [RAIN])).toMatchObject({ waiting: 1 });
  expect(await land('st_stbprp_b', 'snapshot', [STATION])).toMatchObject({ written: 1 });
  expect(await land('st_pptn_r', 'window', [RAIN])).toMatchObject({ written: 1 });
  const rows = await sample.store.reader.read({
    text: 'SELECT _key, station_key, amount, period, _observed_at FROM hydrology.rain_reading',
    values: [],
  });
  expect(rows).toEqual([
    {
      _key: '61512000~2026-04-05T00:00:00Z',
      station_key: '61512000',
      amount: 12.5,
      period: 'PT1H',
      _observed_at: '2026-04-05 00:00:00+00',
    },
  ]);
  expect(await sample.query('SELECT * FROM hub.set_aside')).toEqual([]);
});

test('the same records again write nothing', async () => {
  expect(await land('st_stbprp_b', 'snapshot', [STATION])).toMatchObject({ written: 0, unchanged: 1 });
  expect(await land('st_pptn_r', 'window', [RAIN])).toMatchObject({ written: 0, unchanged: 1 });
});
