// What the stations sent and were answered for, against the rows that telemetry brought, by plain SQL on two databases: each
// reading as one key and one text of its values.
import { type Compared, type Comparison, comparePair, toCells, toNumberCell, toTimeCell } from './compare.ts';

type Ask = (text: string) => Promise<Compared[]>;
export type TelemetryWhat = 'river' | 'rain';

const VALUE: Readonly<Record<TelemetryWhat, { readonly truth: string; readonly stored: string }>> = {
  river: {
    truth: toCells(toNumberCell('stage_m'), toNumberCell('flow_m3s')),
    stored: toCells(toNumberCell('stage'), toNumberCell('flow')),
  },
  rain: {
    truth: toCells(toNumberCell('rain_mm'), `'PT5M'`),
    stored: toCells(toNumberCell('amount'), 'period'),
  },
};
const MEASURED: Readonly<Record<TelemetryWhat, string>> = { river: 'stage_m', rain: 'rain_mm' };
const TABLE: Readonly<Record<TelemetryWhat, string>> = { river: 'st_river_r', rain: 'st_pptn_r' };

/**
 * `fromTables`: the tables of the department were read, too: what stands there, withdrawn rows with it, is theirs to say; Beijing
 * time without a zone.
 */
export async function compareTelemetry(
  what: TelemetryWhat,
  ledger: Ask,
  store: Ask,
  { fromTables }: { readonly fromTables: boolean },
): Promise<Comparison> {
  const checked = `exists (select 1 from public.${TABLE[what]} t where t.stcd = r.stcd and t.tm = r.observed_at at time zone 'Asia/Shanghai')`;
  const key = (station: string) => `${station} || '~' || ${toTimeCell('observed_at')}`;
  return comparePair(
    {
      truth: `select ${key('stcd')} as key, ${VALUE[what].truth} as value from ledger.telemetry r
        where acknowledged_at is not null and ${MEASURED[what]} is not null${fromTables ? ` and not ${checked}` : ''}`,
      stored: `select _key as key, ${VALUE[what].stored} as value from hydrology.${what}_reading
        where _source = 'telemetry' and _gone_at is null and _key = ${key('station_key')} and observed_at = _observed_at`,
    },
    ledger,
    store,
  );
}
