// The police's tokens: good for two hours, as is promised, or for so many calls, as is not. They live in this process only.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR } from '../storm/storm.ts';

export type Tokens = {
  /** A new one; those before it stay good. */
  issue(now: Instant): string;
  /** Counts the call; false for a token that is unknown or has ended. */
  take(token: string, now: Instant): boolean;
};

export const TOKEN_SECONDS = 7200;

export function toTokens(seed: number, calls: number): Tokens {
  const known = new Map<string, { readonly until: Instant; left: number }>();
  let count = 0;
  return {
    issue(now) {
      count += 1;
      const digits = [1, 2, 3].map((part) => Math.floor(toChance(seed, 310, count, part) * 2 ** 32));
      const token = `${count}.${digits.map((digit) => digit.toString(36)).join('')}`;
      known.set(token, { until: now + (TOKEN_SECONDS / 3600) * HOUR, left: calls });
      return token;
    },
    take(token, now) {
      const held = known.get(token);
      if (held === undefined || held.left === 0 || now > held.until) return false;
      held.left -= 1;
      return true;
    },
  };
}
