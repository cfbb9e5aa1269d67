// Time formats of a manifest (manifest §7): named ones, or tokens and literals. Parsed here once for shape and lint.
import { z } from 'zod';

export const NAMED_FORMATS = ['iso', 'excel', 'epochSeconds', 'epochMillis'] as const;
const TOKEN = /yyyy|yy|MM|M|dd|d|HH|H|mm|m|ss|SSS|s/y;

export type TimeUnit = 'y' | 'M' | 'd' | 'H' | 'm' | 's' | 'S';
export type TimePart = { readonly token: string; readonly unit: TimeUnit } | { readonly literal: string };

/** The tokens and literals of a format in order; null when it is no format (an unknown letter, a unit twice). */
export function parseTimeFormat(format: string): readonly TimePart[] | null {
  const parts: TimePart[] = [];
  const units = new Set<string>();
  for (let at = 0; at < format.length; ) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(format)?.[0];
    if (token === undefined) {
      const literal = format.charAt(at);
      if (/[A-Za-z]/.test(literal) && literal !== 'T' && literal !== 'Z') return null;
      parts.push({ literal });
      at += 1;
      continue;
    }
    const unit = token.charAt(0) as TimeUnit;
    if (units.has(unit)) return null;
    units.add(unit);
    parts.push({ token, unit });
    at += token.length;
  }
  return units.size === 0 ? null : parts;
}

/**
 * Whether texts of a format sort like the times that they mean: made of tokens, largest unit first, each of fixed width,
 * without a zone of its own. Such a text can bound what a database is asked for.
 */
export function isSortedFormat(format: string): boolean {
  const parts = (NAMED_FORMATS as readonly string[]).includes(format) ? null : parseTimeFormat(format);
  if (parts === null || parts.some((part) => 'literal' in part && part.literal === 'Z')) return false;
  const units = parts.flatMap((part) => ('unit' in part ? [part] : []));
  if (units.some(({ token }) => token.length === 1)) return false;
  return units.every(({ unit }, index) => 'yMdHmsS'.indexOf(unit) === index);
}

export const timeFormat = z
  .string()
  .refine(
    (format) => (NAMED_FORMATS as readonly string[]).includes(format) || parseTimeFormat(format) !== null,
    `must be ${NAMED_FORMATS.join(', ')}, or made of yyyy yy M MM d dd H HH m mm s ss SSS and literals, each once`,
  )
  .meta({ examples: ['yyyy-MM-dd HH:mm:ss', 'epochMillis'] });
