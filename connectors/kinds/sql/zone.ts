// Between an instant and the wall clock of a zone: for conditions whose literal has an offset while the column has none.

/** `yyyy-MM-dd HH:mm:ss` on the wall of `zone` at the instant (milliseconds, UTC). */
export function toWallClock(instant: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? '';
  const year = part('year').padStart(4, '0');
  return `${year}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}

/** The instant at which the wall clock of `zone` shows `yyyy-MM-dd HH:mm:ss`; the earlier one where it shows it twice. */
export function toInstant(wallClock: string, zone: string): number {
  const asUtc = Date.parse(`${wallClock.replace(' ', 'T')}Z`);
  const offsetAt = (instant: number) =>
    Date.parse(`${toWallClock(instant, zone).replace(' ', 'T')}Z`) - instant;
  const day = 86_400_000;
  // Offsets change at most once within a day on either side.
  const [before, after] = [asUtc - offsetAt(asUtc - day), asUtc - offsetAt(asUtc + day)];
  return toWallClock(before, zone) === wallClock ? before : after;
}
