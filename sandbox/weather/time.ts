// Times as the bureau writes them: MUSIC in UTC, warnings in Beijing time. Instants are milliseconds since 1970.
import type { Instant } from '../clock/sandbox-clock.ts';
import { HOUR } from '../storm/storm.ts';

export const BEIJING = 8 * HOUR;
export const UTC = 0;

/** 20260405083000 in the zone so far east of UTC. */
export function toCompact(at: Instant, east: number): string {
  return toText(at, east).replace(/\D/g, '');
}

/** 2026-04-05 08:30:00 in the zone. */
export function toText(at: Instant, east: number): string {
  return new Date(at + east).toISOString().slice(0, 19).replace('T', ' ');
}

/** 2026-04-05T08:30:00+08:00, the extended form of the warnings. */
export function toBeijing(at: Instant): string {
  return `${toText(at, BEIJING).replace(' ', 'T')}+08:00`;
}

/** Null unless the text is fourteen digits that are a real time. */
export function parseCompact(text: string, east: number): Instant | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second] = parts.map(Number);
  const at = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second) - east;
  return toCompact(at, east) === text ? at : null;
}
