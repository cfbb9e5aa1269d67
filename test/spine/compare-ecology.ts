// The ecology bureau in the store against the sandbox's ledger: each row as one key and one text of its values. Codes, units and
// qualities are written out here once more, from the standard.
import type { Ledger, ReadingEntry } from '../../sandbox/ecology/ledger.ts';
import { type Compared, toCells, toDifferences, toNumberCell, toTimeCell } from './compare.ts';

type Ask = (text: string) => Promise<Compared[]>;

export type EcologyWhat = 'outlet' | 'reading';

const KINDS = { '21': 'SURFACE_WATER', '22': 'AIR', '23': 'NOISE', '31': 'AIR_SOURCE', '32': 'WATER_SOURCE' };
const CADENCES = { realTime: 'REAL_TIME', tenMinutes: 'TEN_MINUTES', hourly: 'HOURLY' };
const POLLUTANTS: Readonly<Record<string, string>> = {
  w01001: 'PH',
  w01018: 'COD',
  w21003: 'NH3_N',
  w00000: 'FLOW',
  a34004: 'PM2_5',
  a34002: 'PM10',
  a34001: 'TSP',
  a01001: 'TEMPERATURE',
  a01002: 'HUMIDITY',
  a01006: 'PRESSURE',
  a01007: 'WIND_SPEED',
  a01008: 'WIND_DIRECTION',
  LA: 'NOISE_LEVEL',
};
const QUALITIES: Readonly<Record<ReadingEntry['condition'], string>> = {
  N: 'GOOD',
  T: 'SUSPECT',
  M: 'SUSPECT',
  D: 'BAD',
  B: 'BAD',
  C: 'UNCHECKED',
  F: 'UNCHECKED',
  S: 'UNCHECKED',
};

const STORED: Readonly<Record<EcologyWhat, string>> = {
  outlet: `select _key as key, ${toCells('name', 'company', 'credit_code', 'kind', '_division', toNumberCell('location_lon'), toNumberCell('location_lat'))} as value
    from ecology.emission_outlet where _gone_at is null and _key = code`,
  reading: `select _key as key, ${toCells(toNumberCell('value'), 'value_unit', 'value_quality', toNumberCell('least'), toNumberCell('most'), toNumberCell('total'))} as value
    from ecology.emission_reading
    where _gone_at is null and _key = concat_ws('~', outlet_key, pollutant, cadence, ${toTimeCell('observed_at')}) and observed_at = _observed_at`,
};

/** What the ledger has and the hub can: factors that are in no list are told apart by `toUnlisted`. */
export function toTruth(what: EcologyWhat, { outlets, readings }: Ledger): readonly Compared[] {
  if (what === 'outlet')
    return outlets.map(({ mn, name, company, creditCode, kind, county, lon, lat }) => ({
      key: mn,
      value: [name, company, creditCode ?? 'none', KINDS[kind], county, lon, lat].join(' '),
    }));
  return readings
    .filter(({ isListed }) => isListed)
    .map((reading) => ({ key: toReadingKey(reading), value: toReadingValue(reading) }));
}

export async function compareEcology(what: EcologyWhat, ledger: Ledger, store: Ask) {
  const truth = toTruth(what, ledger);
  return { compared: truth.length, differences: toDifferences(truth, await store(STORED[what])) };
}

export function toReadingKey({ mn, factor, cadence, observedAt }: ReadingEntry): string {
  return [mn, POLLUTANTS[factor], CADENCES[cadence], observedAt.replace('.000', '')].join('~');
}

function toReadingValue({ value, unit, condition, least, most, kilograms }: ReadingEntry): string {
  return [value, unit, QUALITIES[condition], least ?? 'none', most ?? 'none', kilograms ?? 'none'].join(' ');
}
