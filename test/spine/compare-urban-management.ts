// The cases of urban management in the store and in the ledger, as the same texts.
import { toNumberCell as number, type Pair, toTimeCell as time, toCells } from './compare.ts';

const CLASS = `case class when '01' then 'PUBLIC_FACILITY' when '02' then 'ROAD' when '03' then 'LANDSCAPE' when '04' then 'GREENERY' when '05' then 'SUDDEN' else 'OTHER' end`;
const KIND = `case kind when '0101' then 'MANHOLE' when '0501' then 'FLOODING' when '0402' then 'TREE' else 'OTHER' end`;
const times = (...columns: string[]) => columns.map(time);
const STAGES = times('reported_at', 'filed_at', 'dispatched_at', 'handled_at', 'closed_at', 'due_at');

export const URBAN_MANAGEMENT_PAIRS = {
  CityCase: {
    truth: `select number as key, ${toCells(CLASS, KIND, number('lon'), number('lat'), 'address', 'description', 'phone', ...STAGES, 'filed_at is not null', 'closed_at is not null', 'handler', 'county_code')} as value
      from ledger.city_case where not deleted`,
    stored: `select number as key, ${toCells('class', 'kind', number('location_lon'), number('location_lat'), 'address', 'text', 'reporter_phone', ...STAGES, 'filed', 'closed', 'handler', 'left(_division, 6)')} as value
      from "urban-management".city_case where _gone_at is null and _key = number and _observed_at = reported_at`,
  },
  CaseStep: {
    truth: `select number || '~' || upper(stage) as key, ${time('at')} as value from ledger.step`,
    stored: `select case_key || '~' || stage as key, ${time('observed_at')} as value
      from "urban-management".case_step where _gone_at is null and case_key = case_number`,
  },
} as const satisfies Readonly<Record<string, Pair>>;
