// `asOf`: the instant as of which a root, a list and all that stands below it are read. It is checked here against the clock;
// whether the history reaches back that far is known when the statement is written (history-kept.ts).
import type { GraphQLError } from 'graphql';
import { toFault } from '../fault.ts';
import type { Selected } from '../selection.ts';

/** An instant that a place asks for. */
export type Moment = {
  readonly slot: string;
  /** Where it was asked first: a fault about it stands there. */
  readonly asked: Selected;
  /** Microseconds since 1970. */
  readonly micros: number;
};

export type Moments = {
  /** By slot name: what a plan binds. */
  readonly values: Map<string, unknown>;
  readonly moments: Map<string, Moment>;
  /** As of which instant what is being planned is read; null: as things are. */
  moment: Moment | null;
};

/**
 * The instant for `asked` and all below it: its own `asOf`, or the one around it. A GraphQLError (HUB_QUERY_LIMIT,
 * HUB_QUERY_INVALID) for an instant to come, or another one than that around it.
 */
export function planMoment(asked: Selected, planning: Moments): Moment | null | GraphQLError {
  const { asOf } = asked.args;
  const outer = planning.moment;
  if (asOf === null || asOf === undefined) return outer;
  const text = String(asOf);
  const micros = toMicros(text);
  if (outer !== null) {
    if (micros === outer.micros) return outer;
    return toFault(
      'HUB_QUERY_INVALID',
      `Argument "asOf" of "${asked.key}" must be the one around it, ${toInstant(outer.micros)}, or be left out, but got: ${text}`,
    );
  }
  const now = String(planning.values.get('now'));
  if (micros > toMicros(now)) {
    return toFault('HUB_QUERY_LIMIT', `Argument "asOf" must not be later than now, ${now}, but got: ${text}`);
  }
  const moment = { slot: `asOf${planning.moments.size + 1}`, asked, micros };
  planning.moments.set(moment.slot, moment);
  planning.values.set(moment.slot, toBound(text));
  return moment;
}

/** As it is bound: nothing is known from before 1970, and PostgreSQL knows no year 0. */
export function toBound(instant: string): string {
  return toMicros(instant) < 0 ? '-infinity' : instant;
}

/** Of an ISO 8601 instant; what is finer than the store keeps is left out. */
export function toMicros(instant: string): number {
  const fraction = /\.(\d+)/.exec(instant)?.[1] ?? '';
  return Date.parse(instant.replace(/\.\d+/, '')) * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

/** `2026-04-05T00:30:00.000Z` */
export function toInstant(micros: number): string {
  return new Date(micros / 1000).toISOString();
}
