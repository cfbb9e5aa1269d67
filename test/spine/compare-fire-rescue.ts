// The fire brigade's ledger and the hub's tables side by side: truths written from the ledger's entries, what is stored by
// plain SQL. Nothing here asks the hub's own code.
import type { FireSystem } from '../../sandbox/fire-rescue/system.ts';
import type { Position } from '../../sandbox/map/shift.ts';
import { type Placed, toComparison } from './compare-places.ts';

type Ledger = ReturnType<FireSystem['ledger']>;

const TIME = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const line = (...columns: readonly string[]) =>
  `array_to_string(array[${columns.map((column) => `(${column})::text`).join(', ')}], ' ', '-')`;
const toLine = (...values: readonly (string | number | null)[]) =>
  values.map((value) => value ?? '-').join(' ');
const FAULTS = `select string_agg(fault->>'code', ',') from jsonb_array_elements(_faults) fault`;
const NOWHERE = `'[]'::jsonb as places`;
const PLACE = 'jsonb_build_array(jsonb_build_array(location_lon, location_lat)) as places';
const toPoint = ({ lon, lat }: Position) => [[lon, lat]] as const;

/** What the store holds and has not buried. */
const STORED = {
  station: `select code as key, ${line('name', 'phone', 'crew', '_division', '_division_basis', FAULTS)} as value, ${PLACE}
    from "fire-rescue".fire_station where _gone_at is null and _key = code`,
  engine: `select plate as key, ${line('name', 'state', 'water', 'foam', 'station_key', '_division_basis', FAULTS)} as value, ${NOWHERE}
    from "fire-rescue".fire_engine where _gone_at is null and _key = plate`,
  team: `select code as key, ${line('name', 'people', 'leader', 'leader_phone', `array_to_string(skills, ',')`, '_division', FAULTS)} as value, ${NOWHERE}
    from "fire-rescue".rescue_team where _gone_at is null and _key = code`,
  site: `select code as key, ${line('name', 'credit_code', '_division', '_division_basis', FAULTS)} as value, ${PLACE}
    from "fire-rescue".fire_site where _gone_at is null and _key = code`,
  alarm: `select ${line('site_key', 'system', 'part', 'signal', `to_char(observed_at, ${TIME})`)} as key,
      ${line('part_text', '_division_basis', FAULTS)} as value, ${NOWHERE}
    from "fire-rescue".fire_alarm where _gone_at is null and observed_at = _observed_at`,
} as const;

export type FireWhat = keyof typeof STORED;

const TRUE: { readonly [what in FireWhat]: (ledger: Ledger) => Placed[] } = {
  station: ({ stations }) =>
    stations.map(({ code, name, phone, crew, county, position }) => ({
      ...{ key: code, value: toLine(name, phone, crew, county, 'CODE', null), places: toPoint(position) },
    })),
  engine: ({ engines }) =>
    engines.map(({ plate, name, state, waterT, foamT, station }) => {
      const [known, fault] = state === 'TRAINING' ? [null, 'HUB_MAP_CODE'] : [state, null];
      return {
        ...{ key: plate, places: [] },
        value: toLine(name, known, waterT, foamT, station, 'PARENT', fault),
      };
    }),
  team: ({ teams }) =>
    teams.map(({ code, name, people, leader, leaderPhone, skills, county }) => ({
      ...{ key: code, places: [] },
      value: toLine(name, people, leader, leaderPhone, skills.join(','), county, null),
    })),
  site: ({ sites }) =>
    sites.map(({ code, name, creditCode, county, position }) => ({
      ...{ key: code, places: toPoint(position) },
      value: toLine(name, creditCode, county, 'CODE', creditCode === null ? 'HUB_MAP_TEXT' : null),
    })),
  // Those of a site that no register names wait for it.
  alarm: ({ alarms, sites }) => {
    const known = new Set(sites.map(({ code }) => code));
    return alarms.flatMap(({ site, system, part, signal, observedAt, text }) => {
      const key = toLine(site, system, part, signal, observedAt);
      return known.has(site) ? [{ key, value: toLine(text, 'PARENT', null), places: [] }] : [];
    });
  },
};

export const compareFire = toComparison(TRUE, STORED);
