// The natural resources bureau's ledger and the hub's tables side by side: truths written from the ledger's entries, what is
// stored by plain SQL. Nothing here asks the hub's own code.
import type { ResourcesSystem } from '../../sandbox/natural-resources/system.ts';
import { type Placed, toComparison } from './compare-places.ts';

type Ledger = ReturnType<ResourcesSystem['ledger']>;

const TIME = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const line = (...columns: readonly string[]) =>
  `array_to_string(array[${columns.map((column) => `(${column})::text`).join(', ')}], ' ', '-')`;
const toLine = (...values: readonly (string | number | null)[]) =>
  values.map((value) => value ?? '-').join(' ');
const FAULTS = `select string_agg(fault->>'code', ',' order by fault->>'code') from jsonb_array_elements(_faults) fault`;

/** What the store holds and has not buried. */
const STORED = {
  hazard: `select code as key, ${line(
    ...['name', 'kind', 'address', 'scale', 'danger_grade', 'volume', 'property', 'households', 'people'],
    ...['found_on', `"trigger"`, 'threatens', '_division', '_division_basis', FAULTS],
  )} as value,
      case when location_lon is null then '[]' else jsonb_build_array(jsonb_build_array(location_lon, location_lat)) end as places
    from "natural-resources".geo_hazard_point where _gone_at is null and _key = code`,
  watcher: `select hazard_code as key, ${line('watcher', 'watcher_phone', 'hazard_key', FAULTS)} as value, '[]'::jsonb as places
    from "natural-resources".geo_responsible where _gone_at is null and _key = hazard_code`,
  alarm: `select number as key, ${line(`to_char(observed_at, ${TIME})`, 'level', 'displacement', 'text', 'hazard_key', FAULTS)} as value, '[]'::jsonb as places
    from "natural-resources".monitor_alarm where _gone_at is null and _key = number and observed_at = _observed_at`,
} as const;

export type ResourcesWhat = keyof typeof STORED;

const TRUE: { readonly [what in ResourcesWhat]: (ledger: Ledger) => Placed[] } = {
  hazard: ({ hazards }) => hazards.map(toTrueHazard),
  watcher: ({ hazards }) =>
    hazards.map(({ code, watcher, watcherPhone }) => ({
      key: code,
      value: toLine(watcher, watcherPhone, code, watcherPhone === null ? 'HUB_MAP_TEXT' : null),
      places: [],
    })),
  // An alarm of a level without a name is set aside.
  alarm: ({ alarms }) =>
    alarms
      .filter(({ level }) => level !== 'TEST')
      .map(({ number, observedAt, level, displacementM, text, hazard }) => ({
        key: number,
        value: toLine(observedAt, level, Math.round(displacementM * 1e4) / 10, text, hazard, null),
        places: [],
      })),
};

function toTrueHazard(hazard: Ledger['hazards'][number]): Placed {
  const { code, name, kind, address, grade, danger, volumeM3, propertyYuan, position } = hazard;
  const { households, people, foundOn, trigger, threatens, statedVillage, county, isRighted } = hazard;
  const isMonth = foundOn.length === 7;
  const isAstray = !isRighted && !statedVillage.startsWith(county);
  const faults = [
    ...(kind === 'STEEP_CUT' ? ['HUB_MAP_CODE'] : []),
    ...(isAstray ? ['HUB_MAP_DIVISION_CONFLICT'] : []),
    ...(isRighted ? ['HUB_MAP_POINT_SWAPPED'] : []),
    ...(isMonth ? ['HUB_MAP_TIME'] : []),
  ];
  const value = toLine(
    ...[name, kind === 'STEEP_CUT' ? 'OTHER' : kind, address, grade, danger, volumeM3],
    ...[propertyYuan / 10_000, households, people, isMonth ? `${foundOn}-01` : foundOn],
    ...[trigger, threatens, statedVillage, 'NAME', faults.length === 0 ? null : faults.join(',')],
  );
  return { key: code, value, places: isRighted ? [] : [[position.lon, position.lat]] };
}

export const compareResources = toComparison(TRUE, STORED);
