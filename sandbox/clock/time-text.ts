// The two ways in which times are written in the sandbox: as the city's clocks show them, and in UTC for the ledgers.
import type { Instant } from './sandbox-clock.ts';

const EIGHT_HOURS = 8 * 3_600_000;

/** Wall-clock text in Beijing without a zone, `yyyy-MM-dd HH:mm:ss` (UTC+8 all year since 1992). */
export function toBeijing(at: Instant): string {
  return new Date(at + EIGHT_HOURS).toISOString().slice(0, 19).replace('T', ' ');
}

/** The same in fourteen digits, `yyyyMMddHHmmss`. */
export function toDigits(at: Instant): string {
  return toBeijing(at).replace(/\D/g, '');
}

export function toUtc(at: Instant): string {
  return new Date(at).toISOString();
}
