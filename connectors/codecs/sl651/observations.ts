// Gathers what a body says, element by element, into records: one for each station, time of observation and round of elements.
import type { RawValue } from '../../kit/contract.ts';

export type Observation = {
  readonly station: string;
  /** A letter of Appendix A: H river, P rain, K reservoir; null where the body does not say. */
  readonly stationType: string | null;
  /** yyMMddHHmm, Beijing time; null where the body does not say. */
  readonly observedAt: string | null;
  readonly elements: { readonly [code: string]: RawValue };
};

export type Gatherer = {
  takeStation(station: string, type: string | null): void;
  takeTime(observedAt: string): void;
  /** One that comes again begins a new record: sluices report gate after gate. */
  take(code: string, value: RawValue): void;
  /** Values `stepMs` apart, the first at the time of observation; false where that is no time. */
  takeSeries(rounds: readonly { readonly [code: string]: RawValue }[], stepMs: number): boolean;
  end(): readonly Observation[];
};

export const FIVE_MINUTES = 300_000;

export function toGatherer(sender: string): Gatherer {
  const observations: Observation[] = [];
  let [station, stationType, observedAt]: [string, string | null, string | null] = [sender, null, null];
  const elements = new Map<string, RawValue>();
  const close = (): void => {
    if (elements.size === 0) return;
    observations.push({ station, stationType, observedAt, elements: Object.fromEntries(elements) });
    elements.clear();
  };
  return {
    takeStation(next, type) {
      close();
      [station, stationType, observedAt] = [next, type, null];
    },
    takeTime(next) {
      close();
      observedAt = next;
    },
    take(code, value) {
      if (elements.has(code)) close();
      elements.set(code, value);
    },
    takeSeries(rounds, stepMs) {
      const first = parseTime(observedAt ?? '');
      if (first === null) return false;
      for (const [at, round] of rounds.entries())
        observations.push({ station, stationType, observedAt: toTime(first + at * stepMs), elements: round });
      return true;
    },
    end() {
      close();
      return observations;
    },
  };
}

/** Days, hours and minutes of a step between two values; null where it is none. */
export function toStepMs(days: number, hours: number, minutes: number): number | null {
  const step = ((days * 24 + hours) * 60 + minutes) * 60_000;
  return Number.isFinite(step) && step > 0 ? step : null;
}

function parseTime(text: string): number | null {
  if (!/^\d{10}$/.test(text)) return null;
  const [year, month, day, hour, minute] = (text.match(/../g) ?? []).map(Number);
  const time = Date.UTC(2000 + (year ?? 0), (month ?? 0) - 1, day, hour, minute);
  return toTime(time) === text ? time : null;
}

function toTime(time: number): string {
  return new Date(time).toISOString().replace(/\D/g, '').slice(2, 12);
}
