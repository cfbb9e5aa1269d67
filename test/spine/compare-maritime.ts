// The maritime bureau's ledger and the hub's tables side by side: truths written from the ledger's entries, what is stored by
// plain SQL. Of what the receivers sent only that counts which left since the hub listened. Nothing here asks the hub's own code.
import type { MaritimeSystem } from '../../sandbox/maritime/system.ts';
import { type Placed, toComparison } from './compare-places.ts';

export type MaritimeLedger = ReturnType<MaritimeSystem['ledger']>;

const TIME = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const line = (...columns: readonly string[]) =>
  `array_to_string(array[${columns.map((column) => `(${column})::text`).join(', ')}], ' ', '-')`;
const toLine = (...values: readonly (string | number | null)[]) =>
  values.map((value) => value ?? '-').join(' ');
const FAULTS = `select string_agg(fault->>'code', ',' order by fault->>'code') from jsonb_array_elements(_faults) fault`;
const NOWHERE = `'[]'::jsonb as places`;
const PLACE = `case when location_lon is null then '[]'::jsonb
  else jsonb_build_array(jsonb_build_array(location_lon, location_lat)) end as places`;

/** What the store holds and has not buried. */
const STORED = {
  vessel: `select mmsi as key, ${line('name', 'call_sign', 'kind', 'length', 'beam', 'draught', FAULTS)} as value, ${NOWHERE}
    from maritime.vessel where _gone_at is null and _key = mmsi`,
  position: `select ${line('mmsi', `to_char(observed_at, ${TIME})`)} as key, ${line('vessel_key', 'speed', 'course', FAULTS)} as value, ${PLACE}
    from maritime.vessel_position where _gone_at is null and observed_at = _observed_at`,
  crossing: `select code as key, ${line(
    ...[
      'name',
      'river',
      'close_level',
      'chief',
      'phone',
      'gauge_key',
      '_division',
      '_division_basis',
      FAULTS,
    ],
  )} as value, ${PLACE} from maritime.ferry_crossing where _gone_at is null and _key = code`,
  ferry: `select registration as key, ${line('name', 'seats', 'crossing_key', 'vessel_key', '_division_basis', FAULTS)} as value,
    ${NOWHERE} from maritime.ferry where _gone_at is null and _key = registration`,
} as const;

export type MaritimeWhat = keyof typeof STORED;
export const MARITIME = Object.keys(STORED) as readonly MaritimeWhat[];

/** Table 53 of ITU-R M.1371: 0 is not told. */
const toKind = (type: number) => {
  if (type === 0) return null;
  if (type === 30) return 'FISHING';
  if (type === 33) return 'DREDGER';
  return { 6: 'PASSENGER', 7: 'CARGO', 8: 'TANKER' }[Math.floor(type / 10)] ?? 'OTHER';
};
const toKnots = (metresPerSecond: number | null) =>
  metresPerSecond === null ? null : Math.round((metresPerSecond * 36_000) / 1852) / 10;
const toPlaces = ({ lon, lat }: { readonly lon: number | null; readonly lat: number | null }) =>
  lon === null || lat === null ? [] : [[lon, lat] as const];

const TRUE: { readonly [what in MaritimeWhat]: (ledger: MaritimeLedger) => Placed[] } = {
  vessel: ({ vessels, positions, words }) =>
    vessels.flatMap(({ mmsi, name, callSign, shipType, lengthM, beamM, draughtM }) => {
      const said = new Set(words.filter((word) => word.mmsi === mmsi).map(({ message }) => message));
      if (said.size === 0 && !positions.some((position) => position.mmsi === mmsi)) return [];
      const [isNamed, isDescribed] = [said.has('5') || said.has('24A'), said.has('5') || said.has('24B')];
      const size = isDescribed ? [callSign, toKind(shipType), lengthM, beamM] : [null, null, null, null];
      const draught = said.has('5') ? draughtM : null;
      // A type that is in no list lands as OTHER, and is counted.
      const fault = isDescribed && toKind(shipType) === 'OTHER' ? 'HUB_MAP_CODE' : null;
      return [{ key: mmsi, value: toLine(isNamed ? name : null, ...size, draught, fault), places: [] }];
    }),
  position: ({ positions }) =>
    positions.map(({ mmsi, observedAt, metresPerSecond, course, ...place }) => ({
      key: toLine(mmsi, observedAt),
      value: toLine(mmsi, toKnots(metresPerSecond), course, null),
      places: toPlaces(place),
    })),
  crossing: ({ crossings }) =>
    crossings.map(({ code, name, river, closeLevel, chief, phone, gauge, county, villageCode, ...place }) => {
      const division = villageCode === null ? [county, 'POINT'] : [villageCode, 'NAME'];
      return {
        key: code,
        value: toLine(name, river, closeLevel, chief, phone, gauge, ...division, null),
        places: toPlaces(place),
      };
    }),
  // Its division is its crossing's, which is looked up when it is asked for.
  ferry: ({ ferries }) =>
    ferries.map(({ registration, name, seats, crossingCode, mmsi }) => ({
      key: registration,
      ...{ value: toLine(name, seats, crossingCode, mmsi, 'PARENT', null), places: [] },
    })),
};

/** The ledger without what left before somebody listened. */
export function toHeardSince(ledger: MaritimeLedger, since: number): MaritimeLedger {
  const isHeard = ({ leftAt }: { readonly leftAt: string }) => Date.parse(leftAt) >= since;
  return {
    ...ledger,
    positions: ledger.positions.filter(isHeard),
    words: ledger.words.filter(isHeard),
    strays: ledger.strays.filter(isHeard),
  };
}

export const compareMaritime = toComparison(TRUE, STORED);
