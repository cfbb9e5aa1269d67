// ISO 8601 durations as the manifests write them: weeks, days, hours, minutes, seconds; years count 365 days.

const FORM = /^P(?:(\d+)Y)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?$/;
const SECOND = 1000;
const UNITS = [365 * 86_400, 7 * 86_400, 86_400, 3600, 60, 1] as const;

/** Milliseconds of an ISO 8601 duration without months (`PT5M`, `P3D`, `P10Y`); null when it is none. */
export function parseDuration(text: string): number | null {
  const parts = FORM.exec(text);
  if (parts === null || text === 'P' || text.endsWith('T')) return null;
  return UNITS.reduce((sum, unit, index) => sum + Number(parts[index + 1] ?? 0) * unit * SECOND, 0);
}

/** Milliseconds of a duration that was already checked (a parsed manifest's). */
export function toMillis(duration: string): number {
  const millis = parseDuration(duration);
  if (millis === null)
    throw new RangeError(`must be an ISO 8601 duration without months, but got: ${duration}`);
  return millis;
}

/** The canonical ISO 8601 text that the store and the graph use: hours at most (`PT24H`, `PT1H30M`, `PT0S`), as PostgreSQL prints an interval of seconds. */
export function toDurationText(millis: number): string {
  if (!Number.isFinite(millis) || millis < 0)
    throw new RangeError(`must be a non-negative number of milliseconds, but got: ${millis}`);
  const hours = Math.floor(millis / 3_600_000);
  const minutes = Math.floor((millis % 3_600_000) / 60_000);
  const seconds = (millis % 60_000) / SECOND;
  const text = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${seconds > 0 ? `${seconds}S` : ''}`;
  return `PT${text === '' ? '0S' : text}`;
}
