// The call-taking centre's sheets in the store and in its ledger, as the same texts.
import { toNumberCell as number, type Pair, toTimeCell as time, toCells } from './compare.ts';

const CHANNEL = `case channel when '110' then 'CALL_110' when '122' then 'CALL_122' when '119' then 'CALL_119' when 'other' then 'CALL_OTHER' end`;
const KIND = `case kind when '010000' then 'CRIME' when '020000' then 'PUBLIC_ORDER' when '030000' then 'TRAFFIC' when '050000' then 'FIRE'
  when '080000' then 'DISASTER' when '090000' then 'HELP' when '770000' then 'OTHER' end`;

export const PUBLIC_SECURITY_PAIRS = {
  CallReport: {
    truth: `select number as key, ${toCells(time('called_at'), CHANNEL, KIND, 'caller', 'phone', 'place', number('lon'), number('lat'), 'content', 'county_code', `county_code || '510000'`)} as value from ledger.call`,
    stored: `select number as key, ${toCells(time('observed_at'), 'channel', 'kind', 'caller', 'phone', 'place', number('location_lon'), number('location_lat'), 'content', '_division', 'station_code')} as value
      from "public-security".call_report where _gone_at is null and _key = number and _observed_at = observed_at`,
  },
  // A link stands whether or not the sheet that it leads to has come: it is made of the number alone.
  Dispatch: {
    truth: `select number as key, ${toCells('call_number', time('sent_at'), time('arrived_at'), 'unit')} as value from ledger.dispatch`,
    stored: `select number as key, ${toCells('call_key', time('observed_at'), time('arrived_at'), 'unit_code')} as value
      from "public-security".dispatch where _gone_at is null and _key = number`,
  },
  Feedback: {
    truth: `select number as key, ${toCells('dispatch_number', time('given_at'), 'result', 'injured', 'dead')} as value from ledger.feedback`,
    stored: `select number as key, ${toCells('dispatch_key', time('observed_at'), 'result', 'injured', 'dead')} as value
      from "public-security".feedback where _gone_at is null and _key = number`,
  },
} as const satisfies Readonly<Record<string, Pair>>;
