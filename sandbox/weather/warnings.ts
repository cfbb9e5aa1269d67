// The warnings that the counties' weather stations and the city's observatory issue: raised with the rain, renewed, lowered and
// cancelled. cap-xml.ts writes them down as CAP messages, ledger.ts as they are.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { CYCLE_HOURS, HOUR, MINUTE } from '../storm/storm.ts';
import { SIGNALS, type Signal, toCountyRain, toSignal } from './signal.ts';
import { CITY, COUNTIES, type County } from './station.ts';
import { BEIJING, toCompact } from './time.ts';
import type { World } from './world.ts';

export type Warning = {
  readonly identifier: string;
  readonly issuer: County;
  readonly sentAt: Instant;
  readonly expiresAt: Instant;
  readonly status: 'Actual' | 'Exercise';
  readonly type: 'ALERT' | 'UPDATE' | 'CANCEL';
  readonly signal: Signal;
  readonly event: { readonly code: string; readonly zh: string };
  readonly counties: readonly County[];
  /** The message before it, which this one takes the place of. */
  readonly replaces: Warning | null;
};

/** What an issuer sees at a time. */
type Look = {
  readonly signal: Signal | null;
  readonly counties: readonly County[];
  readonly isOver: boolean;
};

const RAINSTORM = { code: '11B03', zh: '暴雨' };
const THUNDERSTORM_GALE = { code: '11B20', zh: '雷雨大风' };

const CYCLE = CYCLE_HOURS * HOUR;
/** A storm is over everywhere long before the next cycle begins; forecasts look three hours ahead. */
const BEFORE_CYCLE = 4 * HOUR;
/** How often the forecasters look. */
const LOOK_EVERY = 10 * MINUTE;
/** A signal that is still needed is renewed so long before it runs out. */
const RENEW_BEFORE = 30 * MINUTE;
/** The city warns when so many counties have yellow or worse. */
const CITY_COUNTIES = 3;
const CITY_RANK = 2;
/** Every third day at 10:00 in Beijing the warning systems are exercised. */
const EXERCISE_EVERY = 3 * 24 * HOUR;
const EXERCISE_AT = 2 * HOUR;

/** Answers with all warnings sent in [from, to], in the order they were sent. What a storm brought is worked out once. */
export function toWarnings(world: World): (from: Instant, to: Instant) => Warning[] {
  const made = new Map<number, readonly Warning[]>();
  const ofCycle = (cycle: number) => {
    const found = made.get(cycle) ?? toCycleWarnings(world, cycle);
    made.set(cycle, found);
    return found;
  };
  return (from, to) => {
    const warnings = toExercises(from, to);
    for (let cycle = Math.floor(from / CYCLE); cycle * CYCLE - BEFORE_CYCLE <= to; cycle += 1)
      warnings.push(...ofCycle(cycle));
    return warnings
      .filter(({ sentAt }) => sentAt >= from && sentAt <= to)
      .sort((a, b) => a.sentAt - b.sentAt || (a.identifier < b.identifier ? -1 : 1));
  };
}

function toCycleWarnings(world: World, cycle: number): Warning[] {
  const from = cycle * CYCLE - BEFORE_CYCLE;
  const to = from + CYCLE;
  const times = Array.from({ length: CYCLE / LOOK_EVERY }, (_, index) => from + index * LOOK_EVERY);
  const signals = COUNTIES.map((county) => {
    const rain = toCountyRain(world, county, from, to + 3 * HOUR);
    return { county, signals: times.map((at) => toSignal(rain, at)) };
  });
  const ofCounties = signals.flatMap(({ county, signals: seen }) =>
    toChain(world.seed, county, times, (index) => {
      const signal = seen[index] ?? null;
      return { signal, counties: [county], isOver: signal === null };
    }),
  );
  const ofCity = toChain(world.seed, CITY, times, (index) =>
    toCityLook(signals.map(({ county, signals: seen }) => ({ county, signal: seen[index] ?? null }))),
  );
  return [...ofCounties, ...ofCity];
}

function toCityLook(states: readonly { county: County; signal: Signal | null }[]): Look {
  const atLeast = (rank: number) => states.filter(({ signal }) => (signal?.rank ?? 0) >= rank);
  const signal =
    SIGNALS.find(({ rank }) => rank >= CITY_RANK && atLeast(rank).length >= CITY_COUNTIES) ?? null;
  const counties = signal === null ? [] : atLeast(CITY_RANK).map(({ county }) => county);
  return { signal, counties, isOver: atLeast(1).length === 0 };
}

/** One issuer's messages: a signal rises at once, falls only when it would run out, and is cancelled when it is over. */
function toChain(
  seed: number,
  issuer: County,
  times: readonly Instant[],
  look: (index: number) => Look,
): Warning[] {
  const warnings: Warning[] = [];
  let current: Warning | null = null;
  for (const [index, at] of times.entries()) {
    const { signal, counties, isOver } = look(index);
    // Written and signed within the next minutes.
    const sentAt = at + Math.floor(240 * toChance(seed, 120, Number(issuer.code), at / MINUTE)) * 1000;
    const message = (type: Warning['type'], next: Signal, concerned: readonly County[]): Warning => ({
      ...{ identifier: toIdentifier(issuer, sentAt), issuer, sentAt, status: 'Actual', type, signal: next },
      expiresAt: sentAt + next.validHours * HOUR,
      ...{ event: RAINSTORM, counties: concerned, replaces: current },
    });
    if (current === null) {
      if (signal === null) continue;
      current = message('ALERT', signal, counties);
    } else if (isOver || (signal === null && isRunningOut(current, at))) {
      warnings.push(message('CANCEL', current.signal, current.counties));
      current = null;
      continue;
    } else if (signal !== null && (signal.rank > current.signal.rank || isRunningOut(current, at)))
      current = message('UPDATE', signal, counties);
    else continue;
    warnings.push(current);
  }
  return warnings;
}

function isRunningOut({ expiresAt }: Warning, at: Instant): boolean {
  return at + RENEW_BEFORE >= expiresAt;
}

function toExercises(from: Instant, to: Instant): Warning[] {
  const exercises: Warning[] = [];
  const [, orange] = SIGNALS;
  for (let day = Math.floor(from / EXERCISE_EVERY); orange !== undefined; day += 1) {
    const sentAt = day * EXERCISE_EVERY + EXERCISE_AT;
    if (sentAt > to) break;
    exercises.push({
      ...{ identifier: toIdentifier(CITY, sentAt), issuer: CITY, sentAt, status: 'Exercise', type: 'ALERT' },
      ...{ expiresAt: sentAt + HOUR, signal: orange, event: THUNDERSTORM_GALE, counties: COUNTIES },
      replaces: null,
    });
  }
  return exercises;
}

/**
 * GB/T 34283: division (6), industry (3, GB/T 4657: 416 the weather service), inner unit (3), extension (2), entry time in
 * Beijing, sequence within that second; 31 characters.
 */
function toIdentifier({ code }: County, sentAt: Instant): string {
  return `${code}41600000_${toCompact(sentAt, BEIJING)}_0`;
}
