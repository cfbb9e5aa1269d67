// The store and the ledger side by side, by plain SQL on two databases: each row as one key and one text of its values.

export type Compared = { readonly key: string; readonly value: string };
type Ask = (text: string) => Promise<Compared[]>;

const TIME = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;
const rain = (amount: string) => `concat_ws(' ', trim_scale(${amount}::numeric), period)`;
const river = (stage: string, flow: string) =>
  `concat_ws(' ', trim_scale(${stage}::numeric), coalesce(trim_scale(${flow}::numeric)::text, 'none'))`;
const level = (column: string) => `coalesce(round(${column}::numeric, 2)::text, 'none')`;

/** What the ledger holds true and settled. Sessions print intervals as ISO 8601 and times in UTC. */
const TRUE = {
  station: `select stcd as key, concat_ws(' ', name, river,
      case kind when 'PP' then 'RAIN' when 'ZZ' then 'STAGE' when 'ZQ' then 'FLOW' when 'RR' then 'RESERVOIR' else 'OTHER' end,
      county_code, trim_scale(lon), trim_scale(lat), in_use, ${level('warn_stage_m')}, ${level('warn_flow_m3s')}, ${level('guarantee_stage_m')}) as value
    from ledger.station`,
  travel: `select upstream || '~' || downstream as key, concat_ws(' ', shortest, mean, longest) as value from ledger.travel`,
  rain: `select stcd || '~' || to_char(observed_at, ${TIME}) as key, ${rain('amount_mm')} as value from ledger.settled_rain`,
  river: `select stcd || '~' || to_char(observed_at, ${TIME}) as key, ${river('stage_m', 'flow_m3s')} as value from ledger.settled_river`,
} as const;

/** What the store holds and has not buried. Keys are made of the columns and compared with the hub's own on the way. */
const STORED = {
  station: `select code as key, concat_ws(' ', name, river_name, kind, _division, trim_scale(location_lon::numeric),
      trim_scale(location_lat::numeric), in_use, ${level('warn_level')}, ${level('warn_flow')}, ${level('guarantee_level')}) as value
    from hydrology.hydro_station where _gone_at is null and _key = code`,
  travel: `select up_code || '~' || down_code as key, concat_ws(' ', shortest, mean, longest) as value
    from hydrology.flood_travel where _gone_at is null and upstream_key = up_code and downstream_key = down_code`,
  rain: `select station_key || '~' || to_char(observed_at, ${TIME}) as key, ${rain('amount')} as value
    from hydrology.rain_reading where _gone_at is null and station_key = station_code and observed_at = _observed_at`,
  river: `select station_key || '~' || to_char(observed_at, ${TIME}) as key, ${river('stage', 'flow')} as value
    from hydrology.river_reading where _gone_at is null and station_key = station_code and observed_at = _observed_at`,
} as const;

export type What = keyof typeof TRUE;
export const EVERYTHING: readonly What[] = ['station', 'travel', 'rain', 'river'];

/** Readings whose legacy row is wrong until a later correction: only their value may differ. */
const UNSETTLED = `select stcd || '~' || to_char(observed_at, ${TIME}) as key, '' as value
  from (select stcd, observed_at, corrected_at from ledger.rain union all select stcd, observed_at, corrected_at from ledger.river) r, ledger.clock
  where corrected_at > loaded_to`;

export type Comparison = {
  /** Rows of the ledger that were looked for. */
  readonly compared: number;
  readonly unsettled: number;
  /** One line a row that stands on one side only, or otherwise on the other; sorted. */
  readonly differences: readonly string[];
};

export async function compareWithLedger(what: What, ledger: Ask, store: Ask): Promise<Comparison> {
  return comparePair({ truth: TRUE[what], stored: STORED[what], unsettled: UNSETTLED }, ledger, store);
}

/** Two questions whose answers must be the same: each gives `key` and `value`. */
export type Pair = {
  readonly truth: string;
  readonly stored: string;
  /** Of the ledger: keys of rows that the department still has wrong. */
  readonly unsettled?: string;
};

export async function comparePair(
  { truth, stored, unsettled }: Pair,
  ledger: Ask,
  store: Ask,
): Promise<Comparison> {
  const [left, right, wrong] = await Promise.all([
    ledger(truth),
    store(stored),
    unsettled === undefined ? [] : ledger(unsettled),
  ]);
  const excused = new Set(wrong.map(({ key }) => key));
  return {
    compared: left.length,
    unsettled: excused.size,
    differences: toDifferences(left, right, excused),
  };
}

/** Several values as one text, null as `none`; numbers lose the zeros that a column's width gives them. */
export function toCells(...cells: readonly string[]): string {
  return `concat_ws(' ', ${cells.map((cell) => `coalesce((${cell})::text, 'none')`).join(', ')})`;
}

export const toNumberCell = (column: string): string => `trim_scale(${column}::numeric)`;
export const toTimeCell = (column: string): string => `to_char(${column}, ${TIME})`;

/** One line a key that stands on one side only, or with another value; sorted. `excused`: may stand in the store alone. */
export function toDifferences(
  truth: readonly Compared[],
  stored: readonly Compared[],
  excused: ReadonlySet<string> = new Set(),
): string[] {
  const left = new Map(truth.map(({ key, value }) => [key, value]));
  const right = new Map(stored.map(({ key, value }) => [key, value]));
  if (left.size !== truth.length || right.size !== stored.length)
    throw new Error('a key stands twice on one side');
  const lines: string[] = [];
  for (const [key, value] of left) {
    const other = right.get(key);
    if (other === undefined) lines.push(`${key}: only in the ledger: ${value}`);
    else if (other !== value) lines.push(`${key}: ledger ${value}, store ${other}`);
  }
  for (const [key, value] of right)
    if (!left.has(key) && !excused.has(key)) lines.push(`${key}: only in the store: ${value}`);
  return lines.sort();
}
