// Before a figure is told: what was moved, counted and summed by plain SQL on both sides, no code of the hub between.
import { ask } from './world.ts';

const OF_TABLE = `select count(*) as rows, count(*) filter (where deleted = 1) as withdrawn, sum(p) as amount, sum(dr)::bigint as minutes,
  sum(cump) as total, count(distinct stcd) as stations, min(tm at time zone 'Asia/Shanghai') as first, max(tm at time zone 'Asia/Shanghai') as last,
  sum(('x' || substr(md5(stcd || to_char(tm at time zone 'Asia/Shanghai' at time zone 'UTC', 'YYYYMMDDHH24') || p), 1, 8))::bit(32)::bigint) as mix
  from st_pptn_r`;

const OF_HUB = `select count(*) as rows, count(_gone_at) as withdrawn, sum(amount::numeric) as amount, (sum(extract(epoch from period)) / 60)::bigint as minutes,
  sum(total::numeric) as total, count(distinct station_key) as stations, min(_observed_at) as first, max(_observed_at) as last,
  sum(('x' || substr(md5(station_key || to_char(_observed_at at time zone 'UTC', 'YYYYMMDDHH24') || to_char(amount::numeric, 'FM999990.0')), 1, 8))::bit(32)::bigint) as mix
  from hydrology.rain_reading`;

/** Throws when the two sides do not hold the same rain. */
export async function compareContents(source: string, other: string, side: 'table' | 'hub'): Promise<void> {
  const [wanted, found] = [
    await ask(source, OF_TABLE),
    await ask(other, side === 'hub' ? OF_HUB : OF_TABLE),
  ].map((row) => JSON.stringify(toPlain(row)));
  if (wanted !== found)
    throw new Error(`the ${side} does not hold what the source holds:\n${wanted}\n${found}`);
}

// Sums of numeric keep the zeros of their scale.
function toPlain(row: Readonly<Record<string, unknown>>) {
  return Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value : Number(value)]);
}
