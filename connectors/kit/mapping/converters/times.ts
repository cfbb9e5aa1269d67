// `time`, `date`, `monthDay`: when something was, from whatever a legacy system writes, as UTC instants and ISO texts.
import { toMillis } from '../../../../schema/duration.ts';
import { compileSingle, compileText } from '../read-value.ts';
import { bad, noted, Remark } from '../remark.ts';
import { compileMonthDay, compileTimeFormats, type WrittenTime } from '../time-formats.ts';
import type { ZoneClock } from '../wall-clock.ts';
import type { CompileConverter } from './converter.ts';

const DAY = 86_400_000;
const EARLIEST = Date.UTC(1950, 0, 1);
/** Wall clocks are asked for their zone only between these years; what lies outside cannot land. */
const CLOCK_FROM = Date.UTC(1949, 11, 30);
const CLOCK_TO = Date.UTC(2200, 0, 1);
const DEFAULT_FUTURE = 'PT10M';

export const compileTime: CompileConverter = (reading, _field, { clock }) => {
  const readers = reading.columns.map((column) => compileText(reading, column));
  const parse = compileTimeFormats(reading.options.formats);
  const future = toMillis(reading.options.future ?? DEFAULT_FUTURE);
  // Rows come in the order of their time, and many share one.
  let last: { readonly text: string; readonly now: number; readonly time: string | Remark } | null = null;
  const convert = (text: string, now: number): string | Remark => {
    if (last !== null && last.text === text && last.now === now) return last.time;
    const written = parse(text);
    const time =
      written === null
        ? bad('HUB_MAP_TIME', 'must be a time in one of the declared formats')
        : toInstant(written, clock, now, future);
    last = { text, now, time };
    return time;
  };
  return (frame, now) => {
    let text = '';
    let missing = 0;
    for (const read of readers) {
      const part = read(frame);
      if (part instanceof Remark) return part;
      if (part === null) missing += 1;
      else text = text === '' ? part : `${text} ${part}`;
    }
    if (missing === readers.length) return null;
    if (missing > 0) return bad('HUB_MAP_TIME', 'must have all its columns, but some are empty');
    return convert(text, now);
  };
};

function toInstant(time: WrittenTime, clock: ZoneClock, now: number, future: number): string | Remark {
  const { wall, offset, fraction } = time;
  if (wall < CLOCK_FROM || wall > CLOCK_TO) return outside();
  const utc = offset === null ? clock.toUtc(wall) : wall - offset;
  if (utc < EARLIEST || utc > now + Math.max(DAY, future)) return outside();
  if (utc > now + future)
    return bad('HUB_MAP_TIME_FUTURE', `must not be later than now by more than ${future / 60_000} minutes`);
  const instant = toInstantText(utc, fraction);
  if (time.filled) return noted(instant, 'HUB_MAP_TIME', 'has no month or day: the first was taken');
  if (offset === null && !clock.isCertain(wall))
    return noted(
      instant,
      'HUB_MAP_TIME',
      `is a wall clock that ${clock.zone} showed twice or never: the earlier was taken`,
    );
  return instant;
}

function outside(): Remark {
  return bad('HUB_MAP_TIME', 'must lie between 1950 and tomorrow');
}

// Whole seconds stand without a fraction, so that one instant has one text (keys are made of it).
function toInstantText(utc: number, fraction: string): string {
  const seconds = new Date(utc).toISOString().slice(0, 19);
  return fraction === '' ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}

/** The day on the wall in the source's zone; dates before 1950 (births, foundings) are dates all the same. */
export const compileDate: CompileConverter = (reading, _field, { clock }) => {
  const parse = compileTimeFormats(reading.options.formats);
  return compileSingle(reading, (text) => {
    const time = parse(text);
    if (time === null) return bad('HUB_MAP_TIME', 'must be a date in one of the declared formats');
    const wall = time.offset === null ? time.wall : clock.toWall(time.wall - time.offset);
    const date = new Date(wall).toISOString().slice(0, 10);
    return time.filled ? noted(date, 'HUB_MAP_TIME', 'has no month or day: the first was taken') : date;
  });
};

export const compileMonthDayField: CompileConverter = (reading) => {
  const parse = compileMonthDay(reading.options.formats ?? ['MMdd']);
  return compileSingle(reading, (text) => {
    const found = parse(text);
    if (found === null)
      return bad('HUB_MAP_TIME', 'must be a day of the year in one of the declared formats');
    return `${String(found.month).padStart(2, '0')}-${String(found.day).padStart(2, '0')}`;
  });
};
