// The water bureau's rows in the store and in its ledger, as the same texts.
import { toNumberCell as number, type Pair, toTimeCell as time, toCells } from './compare.ts';

const county = (column: string) => `left(${column}, 6)`;
const day = (month: string, date: string) =>
  `lpad(${month}::text, 2, '0') || '-' || lpad(${date}::text, 2, '0')`;
const levels = (...columns: string[]) => columns.map(number);
const readingKey = (station: string, at: string) => `${station} || '~' || ${time(at)}`;

export const WATER_PAIRS = {
  Reservoir: {
    truth: `select stcd as key, ${toCells('name', 'river', 'county_code', number('lon'), number('lat'), ...levels('crest_m', 'check_m', 'design_m', 'normal_m', 'dead_m', '(capacity_m3 / 1000000)'))} as value from ledger.reservoir`,
    stored: `select code as key, ${toCells('name', 'river', county('_division'), number('location_lon'), number('location_lat'), ...levels('dam_top', 'check_flood', 'design_flood', 'normal', 'dead', 'capacity'))} as value
      from water.reservoir where _gone_at is null and _key = code and hydro_station_key = code`,
  },
  FloodLimit: {
    truth: `select stcd || '~' || ${day('from_month', 'from_day')} as key, ${toCells(day('to_month', 'to_day'), number('level_m'))} as value from ledger.flood_limit`,
    stored: `select reservoir_key || '~' || begins as key, ${toCells('ends', number('level'))} as value
      from water.flood_limit where _gone_at is null and reservoir_key = reservoir_code`,
  },
  WaterLevel: {
    truth: `select ${readingKey('stcd', 'observed_at')} || '~' || point as key, ${toCells(...levels('level_m', 'inflow_m3s', 'outflow_m3s', '(storage_m3 / 1000000)'), 'upper(trend)')} as value from ledger.settled_level`,
    stored: `select ${readingKey('reservoir_key', 'observed_at')} || '~' || case measure_point when '0' then '' else measure_point end as key, ${toCells(...levels('level', 'inflow', 'outflow', 'storage'), 'trend')} as value
      from water.water_level where _gone_at is null and _observed_at = observed_at`,
    unsettled: `select ${readingKey('stcd', 'observed_at')} || '~' || point as key, '' as value from ledger.level, ledger.clock where corrected_at > loaded_to`,
  },
  ReservoirRain: {
    truth: `select ${readingKey('stcd', 'observed_at')} as key, ${toCells(number('amount_mm'), 'period', 'rained', number('day_mm'))} as value from ledger.settled_rain`,
    stored: `select ${readingKey('reservoir_key', 'observed_at')} as key, ${toCells(number('amount'), 'period', 'rained', number('day'))} as value
      from water.reservoir_rain where _gone_at is null and _observed_at = observed_at`,
    unsettled: `select ${readingKey('stcd', 'observed_at')} as key, '' as value from ledger.rain, ledger.clock where corrected_at > loaded_to`,
  },
  DangerReport: {
    truth: `select code as key, ${toCells('stcd', time('occurred_at'), 'place', 'upper(severity)', number('lon'), number('lat'), 'cause', 'measures', number('breach_m'), 'reporter', 'phone')} as value from ledger.danger`,
    stored: `select code as key, ${toCells('reservoir_key', time('observed_at'), 'place', 'severity', number('location_lon'), number('location_lat'), 'cause', 'measures', number('breach_width'), 'reporter', 'reporter_phone')} as value
      from water.danger_report where _gone_at is null and _key = code and forecast is null and note is null`,
  },
  RescueProgress: {
    truth: `select ${readingKey('code', 'at')} as key, what as value from ledger.progress`,
    stored: `select ${readingKey('danger_key', 'observed_at')} as key, text as value from water.rescue_progress where _gone_at is null and danger_key = danger_code`,
  },
} as const satisfies Readonly<Record<string, Pair>>;
