// Excel's days since the beginning of 1900 or 1904 as the text of a wall clock.

const DAY_MS = 86_400_000;
const SECOND_MS = 1000;
/** Day 0. The 1900 system has a 29 February 1900 that never was: before it, days count from one day later. */
const FROM_1900 = Date.UTC(1899, 11, 30);
const FROM_1904 = Date.UTC(1904, 0, 1);
const NO_DAY = 60;
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59);

/** `2019-09-01`, or with the time of day where there is one; null for what is no day of that system. To the second, as Excel shows it. */
export function toDateText(serial: number, from1904: boolean): string | null {
  if (serial < (from1904 ? 0 : 1)) return null;
  const day = Math.floor(serial);
  if (!from1904 && day === NO_DAY) return null;
  const begin = from1904 ? FROM_1904 : FROM_1900 + (day < NO_DAY ? DAY_MS : 0);
  const at = begin + toSeconds(serial) * SECOND_MS;
  if (at > LAST) return null;
  const [date = '', time = ''] = new Date(at).toISOString().slice(0, 19).split('T');
  return time === '00:00:00' ? date : `${date} ${time}`;
}

/** `07:30:00`; null for what is no time of a day. */
export function toTimeText(part: number): string | null {
  const seconds = toSeconds(part);
  if (part < 0 || seconds >= DAY_MS / SECOND_MS) return null;
  return new Date(seconds * SECOND_MS).toISOString().slice(11, 19);
}

function toSeconds(days: number): number {
  return Math.round((days * DAY_MS) / SECOND_MS);
}
