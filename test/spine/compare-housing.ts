// The housing bureau's ledger and the hub's tables side by side: truths written from the ledger's entries, what is stored by
// plain SQL. Nothing here asks the hub's own code.
import type { HousingSystem } from '../../sandbox/housing/system.ts';
import { type Placed, toComparison } from './compare-places.ts';

type Ledger = ReturnType<HousingSystem['ledger']>;

const TIME = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const line = (...columns: readonly string[]) =>
  `array_to_string(array[${columns.map((column) => `(${column})::text`).join(', ')}], ' ', '-')`;
const toLine = (...values: readonly (string | number | null)[]) =>
  values.map((value) => value ?? '-').join(' ');
const FAULTS = `select string_agg(fault->>'code', ',' order by fault->>'code') from jsonb_array_elements(_faults) fault`;
const NOWHERE = `'[]'::jsonb as places`;

/** What the store holds and has not buried. */
const STORED = {
  site: `select code as key, ${line(
    ...['name', 'stage', 'builder', 'builder_code', 'manager', 'manager_phone', 'workers'],
    ...['_division', '_division_basis', FAULTS],
  )} as value, jsonb_build_array(jsonb_build_array(location_lon, location_lat)) as places
    from housing.construction_site where _gone_at is null and _key = code`,
  crane: `select code as key, ${line('site_key', 'rated_moment', FAULTS)} as value, ${NOWHERE}
    from housing.tower_crane where _gone_at is null and _key = code`,
  working: `select ${line('crane_key', `to_char(observed_at, ${TIME})`)} as key,
      ${line('moment', 'radius', 'height', 'wind_speed', 'tilt', FAULTS)} as value, ${NOWHERE}
    from housing.crane_reading where _gone_at is null and observed_at = _observed_at`,
  pit: `select code as key, ${line('site_key', 'depth', 'settlement', FAULTS)} as value, ${NOWHERE}
    from housing.deep_pit where _gone_at is null and _key = code`,
  alarm: `select number as key, ${line(`to_char(observed_at, ${TIME})`, 'kind', 'value', 'value_unit', 'crane_key', FAULTS)} as value, ${NOWHERE}
    from housing.crane_alarm where _gone_at is null and _key = number and observed_at = _observed_at`,
} as const;

export type HousingWhat = keyof typeof STORED;

const STAGES: Readonly<Record<string, string>> = {
  MAIN: 'STRUCTURE',
  SUSPENDED: 'STOPPED',
  ACCEPTANCE: 'OTHER',
};
const UNITS = { MOMENT: 'kN.m', WIND: 'm/s', TILT: 'deg', COLLISION: 'm', POWER: null } as const;

/** Thousands of the ledger's unit, or thousandths of it, to as many digits as were measured. */
const toKilo = (value: number) => Math.round(value) / 1000;
const toMilli = (value: number) => Math.round(value * 1e6) / 1000;

const TRUE: { readonly [what in HousingWhat]: (ledger: Ledger) => Placed[] } = {
  site: ({ sites }) => sites.map(toTrueSite),
  crane: ({ cranes }) =>
    cranes.map(({ code, site, ratedMomentNm }) => ({
      ...{ key: code, value: toLine(site, toKilo(ratedMomentNm), null), places: [] },
    })),
  working: ({ workings }) =>
    workings.map(({ crane, observedAt, momentNm, radiusM, heightM, windMS, tilt }) => ({
      key: toLine(crane, observedAt),
      ...{ value: toLine(toKilo(momentNm), radiusM, heightM, windMS, tilt, null), places: [] },
    })),
  pit: ({ pits }) =>
    pits.map(({ code, site, depthM, settlementM }) => ({
      ...{ key: code, value: toLine(site, depthM, toMilli(settlementM), null), places: [] },
    })),
  alarm: ({ alarms }) =>
    alarms.map(({ number, crane, kind, observedAt, value }) => ({
      key: number,
      value: toLine(
        ...[observedAt, kind === 'POWER' ? 'OTHER' : kind, kind === 'MOMENT' ? toKilo(value) : value],
        ...[UNITS[kind], crane, kind === 'POWER' ? 'HUB_MAP_CODE' : null],
      ),
      places: [],
    })),
};

function toTrueSite(site: Ledger['sites'][number]): Placed {
  const { code, name, stage, builder, builderCode, manager, managerPhone, workers, county, position } = site;
  const faults = [
    ...(stage === 'ACCEPTANCE' ? ['HUB_MAP_CODE'] : []),
    ...(builderCode === null ? ['HUB_MAP_TEXT'] : []),
  ];
  const value = toLine(
    ...[name, STAGES[stage] ?? stage, builder, builderCode, manager, managerPhone, workers],
    ...[county, 'CODE', faults.length === 0 ? null : faults.join(',')],
  );
  return { key: code, value, places: [[position.lon, position.lat]] };
}

export const compareHousing = toComparison(TRUE, STORED);
