// The worker as the hub runs it: its own mapping engine, resilience, store and queue on one PostgreSQL; only the legacy
// system is in memory.
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { openDivisions } from '../../schema/divisions/open-divisions.ts';
import { openStore } from '../../store/open-store.ts';
import { openTestDatabase } from '../../test/support/database.ts';
import { openMemorySource, toTable } from '../../test/support/memory-source.ts';
import { readingType, sampleUnit, stationType } from '../../test/support/sample-unit.ts';
import type { Log } from '../log.ts';
import { openQueue } from '../queue/open-queue.ts';
import { openWorker } from './open-worker.ts';

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('a legacy table becomes rows of the store, once, and a second worker writes nothing', async () => {
  const database = await openTestDatabase();
  const unit = sampleUnit([stationType(), readingType()]);
  const station = toTable('st_stbprp_b', ['stcd', 'stnm'], ['stcd']);
  const level = toTable('st_rvfcch_b', ['stcd', 'wrz:decimal'], ['stcd']);
  const river = toTable('st_river_r', ['stcd', 'tm:timestamp', 'z:decimal'], ['stcd', 'tm']);
  const now = Date.parse('2026-04-05T12:00:00Z');
  for (const stcd of ['61512000', '61512100']) {
    // CHAR columns come padded; the key does not.
    station.rows.push({ stcd: `${stcd}  `, stnm: '道县站' });
    level.rows.push({ stcd: `${stcd}  `, wrz: '101.5' });
    for (let number = 0; number < 10; number += 1)
      river.rows.push({ stcd, tm: `2026-04-05 19:0${number}:00`, z: `9${number}.25` });
  }
  const store = await openStore({ url: database.url, clock: () => now });
  await store.migrate([unit]);
  const divisions = await openDivisions();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const runOnce = async () => {
    const source = openMemorySource([station, level, river]);
    const queue = await openQueue({ kind: 'postgres', url: database.url }, { log: SILENT });
    const worker = await openWorker({
      units: [unit],
      kinds: { sql: { kind: 'sql', capabilities: source.capabilities, open: async () => source } },
      secrets: () => 'memory://fork',
      divisions,
      store,
      queue,
      clock: () => now,
      log: SILENT,
    });
    const loads = await worker.firstLoad;
    await worker.close();
    await queue.close({ graceMs: 5000 });
    expect(source.closed).toBe(true);
    return loads.map(({ state }) => state);
  };
  try {
    expect(await runOnce()).toEqual(['complete', 'complete']);
    const { rows } = await client.query(
      `select r._key, r.stage, s.name, s.warn_level from hydrology.river_reading r
         join hydrology.hydro_station s on s._key = r.station_key order by r._key limit 1`,
    );
    expect(rows).toEqual([
      { _key: '61512000~2026-04-05T11:00:00Z', stage: 90.25, name: '道县站', warn_level: 101.5 },
    ]);
    expect(await runOnce()).toEqual(['complete', 'complete']);
    const written = await client.query(
      "select reason, state, written::int from hub.run where task = 'sync' order by id",
    );
    expect(written.rows).toEqual([
      { reason: 'first', state: 'SUCCEEDED', written: 2 },
      { reason: 'first', state: 'SUCCEEDED', written: 20 },
    ]);
  } finally {
    await client.end();
    await store.close();
    await database.close();
  }
});
