// Seven stations, their levels and their readings in a source and a store in memory: the world of the sync's tests.

import type { Feed } from '../../jobs/plan/feed.ts';
import { planFeeds } from '../../jobs/plan/plan-feeds.ts';
import type { SyncOptions } from '../../jobs/sync/open-run.ts';
import { type RunReport, syncFeed } from '../../jobs/sync/sync-feed.ts';
import { type MemorySource, openMemorySource, toTable } from './memory-source.ts';
import { type MemoryStore, openMemoryStore } from './memory-store.ts';
import { READING_MAPPING, STATION_MAPPING } from './sample-mapping.ts';
import { readingType, sampleUnit, stationType } from './sample-unit.ts';

export const NOW = Date.parse('2026-04-05T12:00:00Z');
export const MINUTE = 60_000;

function planned(): { stations: Feed; readings: Feed } {
  const [stations, readings] = planFeeds(sampleUnit([stationType(), readingType()]), [
    STATION_MAPPING,
    READING_MAPPING,
  ]);
  if (stations === undefined || readings === undefined) throw new Error('two feeds are planned');
  return { stations, readings };
}

export const { stations, readings } = planned();

export type City = {
  source: MemorySource;
  store: MemoryStore;
  now: number;
  run(feed: Feed, change?: Partial<SyncOptions>): Promise<RunReport>;
};

/** Stations 1…count and their levels; readings every ten minutes of the last hours. */
export function openCity({ count = 7, hours = 2 } = {}): City {
  const station = toTable('st_stbprp_b', ['stcd', 'stnm'], ['stcd']);
  const level = toTable('st_rvfcch_b', ['stcd', 'wrz:decimal'], ['stcd']);
  const river = toTable('st_river_r', ['stcd', 'tm:timestamp', 'z:decimal'], ['stcd', 'tm']);
  for (let number = 1; number <= count; number += 1) {
    station.rows.push({ stcd: `S${number}`, stnm: `站${number}` });
    if (number % 2 === 0) level.rows.push({ stcd: `S${number}`, wrz: `${100 + number}.5` });
    for (let back = 0; back < hours * 6; back += 1)
      river.rows.push(toReading(`S${number}`, NOW - back * 10 * MINUTE, `${number}.${back}`));
  }
  const city: City = {
    source: openMemorySource([station, level, river]),
    store: openMemoryStore(),
    now: NOW,
    run: (feed, change = {}) =>
      syncFeed(feed, {
        source: city.source,
        mapping: feed === stations ? STATION_MAPPING : READING_MAPPING,
        store: city.store.sync,
        clock: () => city.now,
        signal: new AbortController().signal,
        reason: 'schedule',
        holder: 'test',
        ...change,
      }),
  };
  return city;
}

export function toReading(stcd: string, at: number, z: string) {
  return { stcd, tm: toLocal(at), z };
}

/** Shanghai's wall clock, as the table holds it. */
export function toLocal(at: number): string {
  return new Date(at + 8 * 60 * MINUTE).toISOString().slice(0, 19).replace('T', ' ');
}

export const tableOf = (city: City, name: string) => {
  const table = city.source.tables.get(name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
};

export const contentOf = ({ store }: City) =>
  [...store.rows].map(([name, { values, gone }]) => [name, values, gone]).toSorted();
