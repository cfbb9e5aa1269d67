// The water bureau as a simulation: its tables, its inventory, and what happens in a span of time.
import type { ClientBase } from 'pg';
import type { Instant } from '../clock/sandbox-clock.ts';
import { type Row, runCopy, runReplace } from '../database/copy.ts';
import type { Simulation } from '../database/simulation.ts';
import { HOUR } from '../storm/storm.ts';
import { LONGEST_DANGER, toDangers } from './danger.ts';
import {
  LEDGER_DDL,
  toDangerEntry,
  toLevelEntry,
  toProgressEntries,
  toRainEntry,
  toReservoirEntries,
  toSeasonEntry,
} from './ledger.ts';
import {
  LEGACY_DDL,
  LEGACY_TABLES,
  toBreachRows,
  toCharacterRows,
  toDangerRow,
  toLevelRow,
  toProgressRows,
  toRainRow,
  toSeasonRow,
  toStationRow,
} from './legacy.ts';
import { LATEST_CORRECTION, MARK, type Reading, toLevelReadings, toRainReadings } from './readings.ts';
import { isMeasured, parseReservoirs, type Reservoir, toFloodSeasons } from './reservoir.ts';

const VERSION = 1;
/** Longest span whose readings are held in memory at once. */
const SPAN = 24 * HOUR;

/** All of the table's reservoirs when none are given. */
export function toWater(seed: number, reservoirs: readonly Reservoir[] = parseReservoirs()): Simulation {
  return {
    name: 'water',
    version: VERSION,
    seed,
    step: MARK,
    tables: LEGACY_TABLES.map((table) => `public.${table}`),
    ddl: LEGACY_DDL + LEDGER_DDL,
    async runInventory(client) {
      const seasons = reservoirs.filter(isMeasured).flatMap(toFloodSeasons);
      await runCopy(client, 'public.st_stbprp_b', reservoirs.map(toStationRow));
      await runCopy(client, 'public.st_rsvrfcch_b', toCharacterRows(reservoirs));
      await runCopy(client, 'public.st_rsvrfsr_b', seasons.map(toSeasonRow));
      await runCopy(client, 'ledger.reservoir', toReservoirEntries(reservoirs));
      await runCopy(client, 'ledger.flood_limit', seasons.map(toSeasonEntry));
    },
    async runSpan(client, from, to) {
      for (let start = from - LATEST_CORRECTION; start < to; start += SPAN)
        await runReadings(client, seed, reservoirs, { start, end: Math.min(start + SPAN, to), from, to });
      await runDangers(client, seed, reservoirs, from, to);
    },
  };
}

type Piece = {
  readonly start: Instant;
  readonly end: Instant;
  readonly from: Instant;
  readonly to: Instant;
};

/** New readings, and those from before that were put right meanwhile. */
async function runReadings(
  client: ClientBase,
  seed: number,
  reservoirs: readonly Reservoir[],
  { start, end, from, to }: Piece,
): Promise<void> {
  const isTouched = ({ at, correctedAt }: Reading) =>
    at > from || (correctedAt !== null && correctedAt > from && correctedAt <= to);
  const levels = toLevelReadings(seed, reservoirs, start, end).filter(isTouched);
  const rain = toRainReadings(seed, reservoirs, start, end).filter(isTouched);
  const rows = (made: Row[], table: string, key: readonly string[]) => runReplace(client, table, key, made);
  const levelRows = levels.map((reading) => toLevelRow(reading, to));
  await rows(levelRows, 'public.st_rsvr_r', ['stcd', 'mpcd', 'tm']);
  const rainRows = rain.map((reading) => toRainRow(reading, to));
  await rows(rainRows, 'public.st_pptn_r', ['stcd', 'tm']);
  await rows(levels.map(toLevelEntry), 'ledger.level', ['stcd', 'point', 'observed_at']);
  await rows(rain.map(toRainEntry), 'ledger.rain', ['stcd', 'observed_at']);
}

/** Reports that are new or were carried on. */
async function runDangers(
  client: ClientBase,
  seed: number,
  reservoirs: readonly Reservoir[],
  from: Instant,
  to: Instant,
): Promise<void> {
  const dangers = toDangers(seed, reservoirs, from - LONGEST_DANGER, to).filter(({ steps }) =>
    steps.some(({ at }) => at > from && at <= to),
  );
  const sheets = dangers.map((danger) => toDangerRow(danger, to));
  const breaches = dangers.flatMap((danger) => toBreachRows(danger, to));
  const entries = dangers.map((danger) => toDangerEntry(danger, to));
  await runReplace(client, 'public.rei_prjdbinf', ['dngcd'], sheets);
  await runReplace(client, 'public.rei_brchinf', ['dngcd'], breaches);
  await runReplace(client, 'ledger.danger', ['code'], entries);
  const progress = (toRows: typeof toProgressRows) => dangers.flatMap((danger) => toRows(danger, from, to));
  await runCopy(client, 'public.rei_flfttr', progress(toProgressRows));
  await runCopy(client, 'ledger.progress', progress(toProgressEntries));
}
