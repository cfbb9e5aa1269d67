// The ledger: what the cases truly are, in UTC and WGS84. Tests compare the hub's store with it by plain SQL; the hub's own role
// cannot read it.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toUtc } from '../clock/time-text.ts';
import type { Row } from '../database/copy.ts';
import { type Case, STAGES, toDue, toReached } from './case.ts';
import { toAddress } from './legacy.ts';

/** Columns are described in sandbox/README.md. */
export const LEDGER_DDL = `
create table ledger.city_case (
  number text primary key, class text not null, kind text not null, lon numeric(9,6), lat numeric(8,6), address text,
  description text, phone text, reported_at timestamptz not null, filed_at timestamptz, dispatched_at timestamptz,
  handled_at timestamptz, checked_at timestamptz, closed_at timestamptz, due_at timestamptz, handler text,
  county_code text not null, deleted boolean not null);
create view ledger.step as
  select c.number, s.stage, s.at from ledger.city_case c cross join lateral (values ('reported', reported_at),
    ('filed', filed_at), ('dispatched', dispatched_at), ('handled', handled_at), ('checked', checked_at), ('closed', closed_at))
    as s(stage, at) where not c.deleted and s.at is not null;
`;

/** As known at `now`. Rehearsals are no cases. */
export function toCaseEntry(one: Case, now: Instant): Row {
  const { number, bigType, smallType, spot, located, text, phone, handler, deletedAt } = one;
  const toText = (at: Instant | null) => (at === null ? null : toUtc(at));
  return [
    ...[number, bigType, smallType, ...(located ? [spot.lon, spot.lat] : [null, null]), toAddress(one), text],
    /^\d+$/.test(phone) ? phone : null,
    ...STAGES.map((stage) => toText(toReached(one, stage, now))),
    ...[toText(toDue(one, now)), toReached(one, 'filed', now) === null ? null : handler],
    ...[spot.scene.code.slice(0, 6), String(deletedAt !== null && deletedAt <= now)],
  ];
}
