// The texts in which services want to be asked for times (manifest §3.4): the wall clock of the source's zone, or an epoch.
import { toZoneClock, type ZoneClock } from '../mapping/wall-clock.ts';

const clocks = new Map<string, ZoneClock>();

/** The text of an instant (whole seconds since 1970); null for a format that is none. Epochs are numbers. */
export function toTimeText(seconds: number, format: string, zone: string): string | number | null {
  if (format === 'epochSeconds') return seconds;
  if (format === 'epochMillis') return seconds * 1000;
  const clock = clocks.get(zone) ?? toZoneClock(zone);
  clocks.set(zone, clock);
  const wall = clock.toWall(seconds * 1000);
  const iso = new Date(wall).toISOString().slice(0, 19);
  switch (format) {
    case 'iso':
      return iso;
    case 'isoOffset':
      return iso + toOffset(wall - seconds * 1000);
    case 'dateTime':
      return iso.replace('T', ' ');
    case 'compact14':
      return iso.replace(/[-T:]/g, '');
    default:
      return null;
  }
}

/** Never `Z`, which some profiles (CAP) do not take. */
function toOffset(ms: number): string {
  const minutes = Math.abs(ms) / 60_000;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${ms < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}
