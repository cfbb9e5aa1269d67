// The ledger: what the sheets that have come truly say, in UTC and WGS84. Tests compare the hub's store with it by plain SQL;
// the hub's own role cannot read it.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toUtc } from '../clock/time-text.ts';
import type { Row } from '../database/copy.ts';
import type { Call, Dispatch, Feedback } from './call.ts';
import { toAddress } from './legacy.ts';

/** Columns are described in sandbox/README.md. */
export const LEDGER_DDL = `
create table ledger.call (
  number text primary key, called_at timestamptz not null, seen_at timestamptz not null, channel text, kind text, caller text,
  phone text, place text, lon numeric(9,6), lat numeric(8,6), content text, county_code text not null);
create table ledger.dispatch (
  number text primary key, call_number text not null, sent_at timestamptz not null, seen_at timestamptz not null,
  arrived_at timestamptz, unit text not null);
create table ledger.feedback (
  number text primary key, dispatch_number text not null, given_at timestamptz not null, seen_at timestamptz not null,
  result text not null, injured int, dead int);
`;

const CHANNELS: Readonly<Record<string, string>> = { '01': '110', '02': '122', '03': '119', '04': 'other' };

/** As far as the sheet is filled in at `now`. */
export function toCallEntry(call: Call, now: Instant): Row {
  const { number, at, seenAt, completeAt, channel, kind, caller, phone, spot, located, content } = call;
  const complete = completeAt <= now;
  return [
    ...[number, toUtc(at), toUtc(seenAt), CHANNELS[channel] ?? null, complete ? kind : null, caller],
    ...[phone?.replace('-', '') ?? null, toAddress(call)],
    ...(located && complete ? [spot.lon, spot.lat] : [null, null]),
    ...[complete ? content : null, spot.scene.code.slice(0, 6)],
  ];
}

export function toDispatchEntry(dispatch: Dispatch, now: Instant): Row {
  const { number, callNumber, at, seenAt, completeAt, unit } = dispatch;
  return [number, callNumber, toUtc(at), toUtc(seenAt), completeAt <= now ? toUtc(completeAt) : null, unit];
}

export function toFeedbackEntry(feedback: Feedback): Row {
  const { number, dispatchNumber, at, seenAt, result, injured, dead } = feedback;
  return [number, dispatchNumber, toUtc(at), toUtc(seenAt), result, injured, dead];
}
