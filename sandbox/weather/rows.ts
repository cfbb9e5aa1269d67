// The rows of one table in a span of time, with the truth of each value and what became of it. elements.ts writes them down as
// MUSIC does, ledger.ts as they are. Nothing is kept: every row is made when it is asked for.
import type { Instant } from '../clock/sandbox-clock.ts';
import { HOUR, STEP, toShowers } from '../storm/storm.ts';
import { toAir } from './atmosphere.ts';
import { type Fate, type Silence, toFate, toSilences, toWrong } from './fate.ts';
import { type Gauge, LONGEST_SUM, toGauge } from './rain.ts';
import type { Station } from './station.ts';
import type { Quantity, Table, World } from './world.ts';

export type Reading = Fate & {
  /** In the quantity's unit; null: a calm has no direction. */
  readonly truth: number | null;
  /** Wet, but less than a tenth of a millimetre: the truth is 0. */
  readonly trace: boolean;
  /** What the bureau says while it is wrong: a BAD value always, a CORRECTED one until then. */
  readonly wrong: number | null;
};

export type Row = {
  readonly station: Station;
  readonly at: Instant;
  /** The service has the row from then on. */
  readonly arrivesAt: Instant;
  readonly readings: ReadonlyMap<Quantity, Reading>;
};

/** The times of the table in [from, to], both ends with it. */
export function toTimes(table: Table, from: Instant, to: Instant): Instant[] {
  const first = Math.ceil(from / table.every);
  const count = Math.max(0, Math.floor(to / table.every) - first + 1);
  return Array.from({ length: count }, (_, index) => (first + index) * table.every);
}

/** Every row that ever arrives with a time in [from, to], station by station, in order of time, with the table's quantities. */
export function toRows(
  world: World,
  table: Table,
  from: Instant,
  to: Instant,
  stations: readonly Station[] = world.stations,
): Row[] {
  const times = toTimes(table, from, to);
  // Adding rain up is most of the work, so it is left out where nobody asks for it.
  const hasRain = table.quantities.some((quantity) => PERIODS[quantity] !== undefined);
  return stations.flatMap((station) => {
    const silences = toSilences(world, station, from, to);
    const showers = toShowers(world.seed, station, from - LONGEST_SUM, to);
    const gauge = hasRain ? toGauge(world.seed, station, showers, from, to) : null;
    return times.flatMap((at) => {
      const arrivesAt = toArrival(silences, at);
      if (arrivesAt === null) return [];
      const truths = { ...toAir(world.seed, station, showers, at), ...toRain(gauge, at) };
      const readings = table.quantities.map((quantity) => {
        const period = PERIODS[quantity];
        const trace = period !== undefined && (gauge?.isTrace(at, period) ?? false);
        return [quantity, toReading(world, table, station, at, quantity, truths[quantity], trace)] as const;
      });
      return [{ station, at, arrivesAt, readings: new Map(readings) }];
    });
  });
}

/** The time over which rain is added up. */
const PERIODS: Partial<Record<Quantity, number>> = { rain: STEP, rain1h: HOUR, rain24h: LONGEST_SUM };

function toRain(gauge: Gauge | null, at: Instant): Record<'rain' | 'rain1h' | 'rain24h', number> {
  const millimetres = (span: number) => (gauge?.tips(at, span) ?? 0) / 10;
  return { rain: millimetres(STEP), rain1h: millimetres(HOUR), rain24h: millimetres(LONGEST_SUM) };
}

function toReading(
  world: World,
  table: Table,
  station: Station,
  at: Instant,
  quantity: Quantity,
  truth: number | null,
  trace: boolean,
): Reading {
  // A calm has no number that could be wrong or missing.
  if (truth === null) return { truth, trace, wrong: null, quality: 'GOOD', correctedAt: null };
  const fate = toFate(world, table, station, at, quantity);
  const lies = fate.quality === 'BAD' || fate.quality === 'CORRECTED';
  return { truth, trace, wrong: lies ? toWrong(quantity, truth) : null, ...fate };
}

/** When the row arrives; null: never. */
function toArrival(silences: readonly Silence[], at: Instant): Instant | null {
  let arrivesAt = at;
  for (const { from, to, deliveredAt } of silences) {
    if (at <= from || at > to) continue;
    if (deliveredAt === null) return null;
    arrivesAt = Math.max(arrivesAt, deliveredAt);
  }
  return arrivesAt;
}
