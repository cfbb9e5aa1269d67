// The traffic police's ledger and the hub's tables side by side: truths written from the ledger's entries, what is stored by
// plain SQL. Nothing here asks the hub's own code.
import type { Position } from '../../sandbox/map/shift.ts';
import type { TrafficSystem } from '../../sandbox/traffic-police/system.ts';
import { type Placed, toComparison } from './compare-places.ts';

type Ledger = ReturnType<TrafficSystem['ledger']>;

const TIME = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const line = (...columns: readonly string[]) =>
  `array_to_string(array[${columns.map((column) => `(${column})::text`).join(', ')}], ' ', '-')`;
const toLine = (...values: readonly (string | number | null)[]) =>
  values.map((value) => value ?? '-').join(' ');
const time = (column: string) => `to_char(${column}, ${TIME})`;
const FAULTS = `select string_agg(fault->>'code', ',') from jsonb_array_elements(_faults) fault`;
const toPoint = ({ lon, lat }: Position) => [lon, lat] as const;

/** What the store holds and has not buried. */
const STORED = {
  section: `select code as key, ${line('name', '_division', '_division_basis', FAULTS)} as value, line->'coordinates' as places
    from "traffic-police".road_section where _gone_at is null and _key = code and line->>'type' = 'LineString'`,
  event: `select number as key, ${line('kind', 'state', time('observed_at'), time('ended_at'), 'road', 'place', 'text', 'section_key', '_division', FAULTS)} as value,
      case when location_lon is null then '[]' else jsonb_build_array(jsonb_build_array(location_lon, location_lat)) end as places
    from "traffic-police".road_event where _gone_at is null and _key = number and observed_at = _observed_at`,
  closure: `select number as key, ${line('road', 'reason', time('begins'), time('ends'), 'event_key', '_division', FAULTS)} as value, line->'coordinates' as places
    from "traffic-police".road_closure where _gone_at is null and _key = number`,
  state: `select ${line('section_key', time('observed_at'))} as key, ${line('index', 'round((speed / 3.6)::numeric, 6)', FAULTS)} as value, '[]'::jsonb as places
    from "traffic-police".road_state where _gone_at is null`,
} as const;

export type TrafficWhat = keyof typeof STORED;

const TRUE: { readonly [what in TrafficWhat]: (ledger: Ledger) => Placed[] } = {
  section: ({ sections }) =>
    sections.map(({ code, name, county, line: corners }) => ({
      ...{ key: code, value: toLine(name, county, 'CODE', null), places: corners.map(toPoint) },
    })),
  event: ({ events }) =>
    events.map((event) => {
      const { number, kind, isOpen, observedAt, endedAt, road, place, text, section, county, position } =
        event;
      const unknown = kind === 'SPECIAL';
      const value = toLine(
        ...[unknown ? 'OTHER' : kind, isOpen ? 'OPEN' : 'CLOSED', observedAt, endedAt, road, place, text],
        ...[section, county, unknown ? 'HUB_MAP_CODE' : null],
      );
      return { key: number, value, places: position === null ? [] : [toPoint(position)] };
    }),
  closure: ({ closures }) =>
    closures.map(({ number, road, reason, begins, ends, event, county, line: corners }) => ({
      ...{ key: number, value: toLine(road, reason, begins, ends, event, county, null) },
      places: corners.map(toPoint),
    })),
  state: ({ states }) =>
    states.map(({ section, observedAt, index, metresPerSecond }) => ({
      ...{ key: toLine(section, observedAt), value: toLine(index, metresPerSecond.toFixed(6), null) },
      places: [],
    })),
};

export const compareTraffic = toComparison(TRUE, STORED);
