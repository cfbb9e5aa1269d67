// The request of an object with its slots filled in (manifest §3.4): literals stay, secrets are revealed, a slot becomes what
// this call asks for. What has no value yet (a cursor before the first run, a token of the first page) is left out.

import { toTimeText } from './time-text.ts';
import type { Interval } from './windows.ts';

export type Fill = {
  readonly zone: string;
  readonly window: Interval | null;
  readonly number: number;
  readonly offset: number;
  readonly size: number;
  readonly token: string | null;
  readonly columns: readonly string[];
  /** The city's county codes. */
  readonly counties: readonly string[];
};
export type Filled =
  | string
  | number
  | boolean
  | null
  | readonly Filled[]
  | { readonly [name: string]: Filled };
type Mapping = { readonly [key: string]: unknown };

/** The template with its values; undefined for a slot that has none. */
export function toFilled(template: unknown, fill: Fill): Filled | undefined {
  if (Array.isArray(template))
    return template.flatMap((item) => {
      const value = toFilled(item, fill);
      return value === undefined ? [] : [value];
    });
  if (!isMapping(template)) return template as string | number | boolean | null;
  if (typeof template.reveal === 'function') return String(template.reveal());
  if (typeof template.slot === 'string') return toSlot(template.slot, String(template.format ?? ''), fill);
  return toFilledMap(template, fill);
}

/** The same for the keys of a query or a body. */
export function toFilledMap(template: Mapping, fill: Fill): { readonly [name: string]: Filled } {
  return Object.fromEntries(
    Object.entries(template).flatMap(([name, item]) => {
      const value = toFilled(item, fill);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Whether a slot with such a name stands anywhere in a template. */
export function hasSlot(template: unknown, name: RegExp): boolean {
  if (Array.isArray(template)) return template.some((item) => hasSlot(item, name));
  if (!isMapping(template)) return false;
  if (typeof template.slot === 'string') return name.test(template.slot);
  return Object.values(template).some((item) => hasSlot(item, name));
}

const TIMES = new Set(['window.from', 'window.to', 'cursor']);
const OTHERS = new Set([
  'window',
  'page.number',
  'page.offset',
  'page.size',
  'page.token',
  'columns',
  'division.codes',
]);

/** The first slot of a template that can never be filled: an unknown one, or a time without a format that is known. */
export function findUnfillable(template: unknown): string | null {
  if (!isMapping(template) && !Array.isArray(template)) return null;
  if (Array.isArray(template) || typeof template.slot !== 'string')
    return Object.values(template).reduce<string | null>(
      (found, item) => found ?? findUnfillable(item),
      null,
    );
  const { slot, format } = template;
  const isTime = TIMES.has(slot) && toTimeText(0, String(format), 'UTC') !== null;
  return isTime || OTHERS.has(slot) ? null : slot;
}

function toSlot(slot: string, format: string, fill: Fill): Filled | undefined {
  const { window, zone } = fill;
  const time = (seconds: number | undefined) =>
    seconds === undefined ? undefined : (toTimeText(seconds, format, zone) ?? undefined);
  switch (slot) {
    case 'window':
      return window === null ? undefined : `[${toCompact(window.from, zone)},${toCompact(window.to, zone)}]`;
    case 'window.from':
    case 'cursor':
      return time(window?.from);
    case 'window.to':
      return time(window?.to);
    case 'page.number':
      return fill.number;
    case 'page.offset':
      return fill.offset;
    case 'page.size':
      return fill.size;
    case 'page.token':
      return fill.token ?? undefined;
    case 'columns':
      return fill.columns.join(',');
    case 'division.codes':
      return fill.counties.join(',');
    default:
      return undefined;
  }
}

function toCompact(seconds: number, zone: string): string {
  return String(toTimeText(seconds, 'compact14', zone));
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
