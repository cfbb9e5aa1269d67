// Zones that have stopped changing their clocks, as most of Asia has: there civil time is the instant and a sum, which PostgreSQL
// reckons ten times faster than a change of zones. Pure; by the zone data of Intl.
import { toZoneClock } from '../../../connectors/kit/mapping/wall-clock.ts';

/** Milliseconds: since which instant (UTC) a zone has had an offset that, by the rules of today, it keeps. */
export type SteadyOffset = { readonly since: number; readonly offset: number };

/** No zone has changed its clocks and back within a week. */
const WEEK = 604_800_000;
const LAST = Date.UTC(2100, 0, 1);

const known = new Map<string, SteadyOffset | null>();

/** Null for a zone that still changes its clocks. Looked up once a zone. Throws a RangeError for an unknown one. */
export function toSteadyOffset(zone: string): SteadyOffset | null {
  const seen = known.get(zone);
  if (seen !== undefined) return seen;
  const found = findSteadyOffset(zone);
  known.set(zone, found);
  return found;
}

function findSteadyOffset(zone: string): SteadyOffset | null {
  const { toWall } = toZoneClock(zone);
  const offsetAt = (utc: number) => toWall(utc) - utc;
  const offset = offsetAt(LAST);
  let since = LAST;
  while (since > WEEK && offsetAt(since - WEEK) === offset) since -= WEEK;
  return since === LAST || since > Date.now() ? null : { since, offset };
}
