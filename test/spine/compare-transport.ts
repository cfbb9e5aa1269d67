// The transport bureau's vehicles, positions and alarms in the store and in the ledger, as the same texts. Of a position that the
// record and a terminal tell of, the terminal's counts; what a terminal sent counts from its answer on.
import {
  type Compared,
  comparePair,
  toNumberCell as number,
  type Pair,
  toTimeCell as time,
  toCells,
} from './compare.ts';

const COLOUR = `case colour when 1 then 'BLUE' when 2 then 'YELLOW' when 5 then 'GREEN' end`;
const KIND = `case kind when '1' then 'COACH_OR_HAZMAT' when '2' then 'GOODS' end`;
const ALARM = `case bit when 0 then 'EMERGENCY' when 1 then 'OVERSPEED' when 2 then 'FATIGUE' when 18 then 'DAILY_LIMIT' when 20 then 'AREA'
  when 21 then 'ROUTE' when 23 then 'DEVIATION' else 'OTHER' end`;
const VEHICLE = `plate || '~' || ${COLOUR}`;
/** Beyond the columns that the manifest reads of the record, an alarm is in the terminals' word only. */
const RECORDED = '0, 1, 2, 18, 20, 21, 23';
const ALARMS = `(select string_agg(distinct ${ALARM}, ' ' order by ${ALARM}) from unnest(alarms) bit where source = 'terminal' or bit in (${RECORDED}))`;

export const TRANSPORT_PAIRS = {
  TransportVehicle: {
    truth: `select ${VEHICLE} as key, ${toCells('plate', COLOUR, KIND, 'hazmat', 'sim_no', 'company', 'cargo', 'county_code')} as value from ledger.vehicle`,
    stored: `select plate || '~' || colour as key, ${toCells('plate', 'colour', 'kind', 'hazmat', 'sim_no', 'company', 'cargo', '_division')} as value
      from transport.transport_vehicle where _gone_at is null and _key = plate || '~' || colour`,
  },
  VehiclePosition: {
    truth: `with told as (select distinct on (plate, colour, observed_at) p.* from ledger.position p join ledger.vehicle v using (plate, colour)
        where source = 'record' or acknowledged_at is not null order by plate, colour, observed_at, source desc)
      select ${VEHICLE} || '~' || ${time('observed_at')} as key,
        ${toCells('source', number('lon'), number('lat'), number('speed_kmh'), 'heading', 'altitude_m', number('mileage_km'), ALARMS)} as value from told`,
    stored: `select vehicle_key || '~' || ${time('observed_at')} as key,
        ${toCells(`case _source when 'terminals' then 'terminal' else _source end`, number('location_lon'), number('location_lat'), number('speed'), number('heading'), number('altitude'), number('mileage'), `(select string_agg(a, ' ' order by a) from unnest(alarms) a)`)} as value
      from transport.vehicle_position where _gone_at is null and _observed_at = observed_at and _key = vehicle_key || '~' || ${time('observed_at')}`,
  },
  VehicleAlarm: {
    truth: `select distinct ${VEHICLE} || '~' || ${ALARM} || '~' || ${time('observed_at')} as key, ${toCells(number('lon'), number('lat'))} as value
      from ledger.position join ledger.vehicle using (plate, colour) cross join unnest(alarms) bit
      where source = 'terminal' and acknowledged_at is not null`,
    stored: `select vehicle_key || '~' || kind || '~' || ${time('observed_at')} as key, ${toCells(number('location_lon'), number('location_lat'))} as value
      from transport.vehicle_alarm where _gone_at is null and _observed_at = observed_at`,
  },
} as const satisfies Readonly<Record<string, Pair>>;

const TYPES = Object.keys(TRANSPORT_PAIRS) as (keyof typeof TRANSPORT_PAIRS)[];
/** What `compareTransport` says when nothing differs. */
export const SAME_TRANSPORT = Object.fromEntries(TYPES.map((type) => [type, []]));
export type Ask = (text: string) => Promise<Compared[]>;

/** The first differences of each type; fewer rows than `least` in the ledger are one. */
export async function compareTransport(
  ledger: Ask,
  store: Ask,
  least = 20,
): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const type of TYPES) {
    const { compared, differences } = await comparePair(TRANSPORT_PAIRS[type], ledger, store);
    found[type] = compared < least ? [`${compared} rows are too few`] : differences.slice(0, 5);
  }
  return found;
}
