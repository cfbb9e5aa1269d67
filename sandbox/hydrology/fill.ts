// Moves the database from one simulated time to another: new rows, corrections and withdrawals that fell due. The state at a
// time is the same in whatever steps it was reached.
import type { ClientBase } from 'pg';
import type { Instant } from '../clock/sandbox-clock.ts';
import { runCopy } from '../database/copy.ts';
import { HOUR } from '../storm/storm.ts';
import { isOurs, toRainEntry, toRiverEntry, toStationEntries, toTravelEntry } from './ledger.ts';
import { toRainRow, toRiverRow, toStationRow, toThresholdRows, toTravelRow } from './legacy.ts';
import {
  type Afterwards,
  LATEST_AFTERWARDS,
  toRainReadings,
  toRiverReadings,
  type World,
} from './readings.ts';
import { toTravels } from './station.ts';

/** Longest span whose readings are held in memory at once. */
const SPAN = 24 * HOUR;

/** Stations, thresholds and travel times, in both forms. */
export async function runInventory(client: ClientBase, world: World): Promise<void> {
  const travels = toTravels(world.stations);
  await runCopy(client, 'public.st_stbprp_b', world.stations.map(toStationRow));
  await runCopy(client, 'public.st_rvfcch_b', toThresholdRows(world));
  await runCopy(client, 'public.st_fsdr_b', travels.map(toTravelRow));
  await runCopy(client, 'ledger.station', toStationEntries(world));
  await runCopy(client, 'ledger.travel', travels.filter(({ from }) => isOurs(from)).map(toTravelEntry));
}

/** All that happened in (from, to], both being five-minute marks. */
export async function runSpan(client: ClientBase, world: World, from: Instant, to: Instant): Promise<void> {
  await runAfterwards(client, world, from, to);
  for (let start = from; start < to; start += SPAN)
    await runReadings(client, world, start, Math.min(start + SPAN, to), to);
}

async function runReadings(
  client: ClientBase,
  world: World,
  from: Instant,
  to: Instant,
  now: Instant,
): Promise<void> {
  const rain = toRainReadings(world, from, to);
  const river = toRiverReadings(world, from, to);
  const ours = <R extends (typeof rain | typeof river)[number]>(readings: readonly R[]) =>
    readings.filter(({ station }) => isOurs(station));
  await runCopy(
    client,
    'public.st_pptn_r',
    rain.map((reading) => toRainRow(reading, now)),
  );
  await runCopy(
    client,
    'public.st_river_r',
    river.map((reading) => toRiverRow(reading, now)),
  );
  await runCopy(client, 'ledger.rain', ours(rain).map(toRainEntry));
  await runCopy(client, 'ledger.river', ours(river).map(toRiverEntry));
}

/** Rows that were there before `from` and whose correction or withdrawal fell into (from, to]. */
async function runAfterwards(client: ClientBase, world: World, from: Instant, to: Instant): Promise<void> {
  const isDue = (at: Instant | null) => at !== null && at > from && at <= to;
  const touched = ({ correctedAt, deletedAt }: Afterwards) => isDue(correctedAt) || isDue(deletedAt);
  for (const reading of toRainReadings(world, from - LATEST_AFTERWARDS, from).filter(touched)) {
    const [code, tm, p, , , deleted] = toRainRow(reading, to);
    const where = 'where stcd = $1 and tm = $2';
    await client.query(`update public.st_pptn_r set p = $3, deleted = $4 ${where}`, [code, tm, p, deleted]);
  }
  for (const reading of toRiverReadings(world, from - LATEST_AFTERWARDS, from).filter(touched)) {
    const [code, tm, z, , , deleted] = toRiverRow(reading, to);
    const where = 'where stcd = $1 and tm = $2';
    await client.query(`update public.st_river_r set z = $3, deleted = $4 ${where}`, [code, tm, z, deleted]);
  }
}
