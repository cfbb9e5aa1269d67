// Buckets of time: an ISO duration, and the instant at which the bucket of a time begins. They lie side by side from 1970-01-01
// in civil time, so days begin at local midnight.
import type { GraphQLError } from 'graphql';
import { parseDuration } from '../../../schema/duration.ts';
import { quoteLiteral } from '../../../store/sql-identifiers.ts';
import { orFault, Refused } from '../where/conditions.ts';
import { toSteadyOffset } from './steady-offset.ts';

const CAP_DAYS = 366;
const CAP_SECONDS = CAP_DAYS * 86_400;

/** The seconds of a bucket. Throws Refused, which names the argument `place`. */
export function toBucketSeconds(text: string, place: string): number {
  const millis = parseDuration(text);
  const isNegative = text.includes('-') && parseDuration(text.replaceAll('-', '')) !== null;
  if (millis === null && !isNegative)
    throw new Refused(
      'HUB_QUERY_INVALID',
      `Argument "${place}" must be an ISO 8601 duration without months, such as PT1H, but got: ${toShown(text)}`,
    );
  const seconds = (millis ?? -1) / 1000;
  if (seconds > 0 && seconds <= CAP_SECONDS && Number.isInteger(seconds)) return seconds;
  throw new Refused(
    'HUB_QUERY_LIMIT',
    `Argument "${place}" must be more than PT0S and at most P${CAP_DAYS}D, in whole seconds, but got: ${toShown(text)}`,
  );
}

/** The argument `bucket` of a list, in seconds; null where it is not given. */
export function planBucket(bucket: unknown): number | null | GraphQLError {
  if (bucket === null || bucket === undefined) return null;
  return orFault(() => toBucketSeconds(String(bucket), 'bucket'));
}

function toShown(text: string): string {
  return text.slice(0, 20);
}

/** When the bucket of the instant begins, as an instant. `seconds`: a bind of whole seconds, float8. */
export function toBucketSql(instant: string, zone: string, seconds: string): string {
  const civil = quoteLiteral(zone);
  const length = `make_interval(secs => ${seconds})`;
  const local = `${instant} at time zone ${civil}`;
  // Instants alone: through `extract`, which counts in decimals, a million of them took a second longer.
  const changing = `(date_bin(${length}, ${local}, timestamp '1970-01-01') at time zone ${civil})`;
  const steady = toSteadyOffset(zone);
  if (steady === null) return changing;
  const origin = `timestamptz '${new Date(-steady.offset).toISOString()}'`;
  return `(case when ${instant} >= timestamptz '${new Date(steady.since).toISOString()}' then date_bin(${length}, ${instant}, ${origin}) else ${changing} end)`;
}
