// Wall clock → UTC for one IANA zone, exact through all changes of the zone's rules (Asia/Shanghai kept summer time
// from 1986 to 1991). Uses the zone data of Intl; one slow look a day of data, then arithmetic.

const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
/** No zone is further than this from UTC. */
const FURTHEST = 16 * HOUR;
/** Days remembered before the memory is emptied; seventy years of data fit. */
const MOST_DAYS = 30_000;

/** Wall times are milliseconds that read as UTC show the clock on the wall. */
export type ZoneClock = {
  readonly zone: string;
  /** The instant of a wall time; of the two instants of a repeated hour, or around a skipped one, the earlier. */
  toUtc(wall: number): number;
  /** False when the wall time happened twice or never. */
  isCertain(wall: number): boolean;
  toWall(utc: number): number;
};

/** A clock for the zone. Throws a RangeError for an unknown zone, as Intl does. */
export function toZoneClock(zone: string): ZoneClock {
  const offsetAt = compileOffset(zone);
  const offsets = new Map<number, number | null>();
  let lastDay = Number.NaN;
  let lastOffset: number | null = null;

  // The one offset that holds all over a day and around it, or null when the rules change there.
  const offsetOfDay = (wall: number): number | null => {
    const day = Math.floor(wall / DAY);
    if (day === lastDay) return lastOffset;
    let offset = offsets.get(day);
    if (offset === undefined) {
      offset = toSteadyOffset(offsetAt, day * DAY);
      if (offsets.size >= MOST_DAYS) offsets.clear();
      offsets.set(day, offset);
    }
    lastDay = day;
    lastOffset = offset;
    return offset;
  };
  const candidates = (wall: number): number[] => {
    const around = [...new Set(toSamples(wall, wall).map(offsetAt))];
    const valid = around.filter((offset) => offsetAt(wall - offset) === offset);
    return valid.length > 0 ? valid : around;
  };
  return {
    zone,
    toUtc: (wall) => {
      const offset = offsetOfDay(wall);
      return wall - (offset ?? Math.max(...candidates(wall)));
    },
    isCertain: (wall) => {
      if (offsetOfDay(wall) !== null) return true;
      const [only, ...others] = candidates(wall);
      return only !== undefined && others.length === 0;
    },
    toWall: (utc) => utc + offsetAt(utc),
  };
}

function toSteadyOffset(offsetAt: (utc: number) => number, dayStart: number): number | null {
  const [first = 0, ...others] = toSamples(dayStart, dayStart + DAY).map(offsetAt);
  return others.every((offset) => offset === first) ? first : null;
}

// Every two hours: no zone has changed its rules there and back within less.
function toSamples(from: number, to: number): number[] {
  const count = Math.ceil((to - from + 2 * FURTHEST) / (2 * HOUR)) + 1;
  return Array.from({ length: count }, (_unused, index) => from - FURTHEST + index * 2 * HOUR);
}

function compileOffset(zone: string): (utc: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (utc) => {
    const whole = Math.floor(utc / SECOND) * SECOND;
    const parts: { [type: string]: number } = {};
    for (const { type, value } of format.formatToParts(whole)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
  };
}
