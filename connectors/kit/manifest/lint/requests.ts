// Lint of requests (manifest §3.4): slots, their formats, and paging that fits them.

import { atValue, type Finding, type Path } from '../path.ts';
import { isMapping } from '../shape/pieces.ts';
import type { ObjectWords } from '../shape/source.ts';
import { toHint } from '../shape/suggest.ts';
import { toObjects } from './objects.ts';
import type { Rule } from './rule.ts';

const TIME = ['iso', 'isoOffset', 'dateTime', 'compact14', 'epochSeconds', 'epochMillis'] as const;
/** Slot → the formats that it takes; the first word says whether one must be stated. */
const SLOTS: { readonly [slot: string]: { readonly must: boolean; readonly formats: readonly string[] } } = {
  window: { must: true, formats: ['bracketed14'] },
  'window.from': { must: true, formats: TIME },
  'window.to': { must: true, formats: TIME },
  cursor: { must: false, formats: TIME },
  'page.number': { must: false, formats: [] },
  'page.offset': { must: false, formats: [] },
  'page.size': { must: false, formats: [] },
  'page.token': { must: false, formats: [] },
  'division.codes': { must: true, formats: ['comma'] },
  columns: { must: true, formats: ['comma'] },
};

export type Slot = {
  readonly slot: string;
  readonly value: { readonly [key: string]: unknown };
  readonly path: Path;
};

/** Every slot of a request, however deep. */
export function toSlots(value: unknown, path: Path): Slot[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => toSlots(item, [...path, index]));
  if (!isMapping(value)) return [];
  if ('slot' in value) return [{ slot: String(value.slot), value, path }];
  return Object.entries(value).flatMap(([key, item]) => toSlots(item, [...path, key]));
}

/** M022 */
const slots: Rule = (draft) =>
  toObjects(draft).flatMap(({ words, path }) =>
    toSlots(words.request, [...path, 'request']).flatMap(({ slot, value, path: at }): Finding[] => {
      const known = Object.hasOwn(SLOTS, slot) ? SLOTS[slot] : undefined;
      if (known === undefined)
        return [atValue('M022', [...at, 'slot'], `unknown slot${toHint(slot, Object.keys(SLOTS))}`)];
      const extra = Object.keys(value).find((key) => key !== 'slot' && key !== 'format');
      if (extra !== undefined)
        return [atValue('M022', [...at, extra], 'a slot has a format and nothing else')];
      const { format } = value;
      if (format === undefined)
        return known.must ? [atValue('M022', at, `needs a format: ${known.formats.join(', ')}`)] : [];
      if (known.formats.includes(String(format))) return [];
      const wanted = known.formats.length === 0 ? 'no format' : known.formats.join(', ');
      return [atValue('M022', [...at, 'format'], `unknown format for ${slot}; it takes ${wanted}`)];
    }),
  );

const PAGE_SLOT = { page: 'page.number', offset: 'page.offset', token: 'page.token' } as const;

/** M023 */
const pageSlots: Rule = (draft) =>
  toObjects(draft).flatMap(({ words, path }): Finding[] => {
    const used = toSlots(words.request, [...path, 'request']).filter(({ slot }) => slot.startsWith('page.'));
    const { paging } = words;
    if (paging === undefined)
      return used.map(({ slot, path: at }) => atValue('M023', at, `${slot} needs \`paging\``));
    const own = PAGE_SLOT[paging.by];
    const foreign = used
      .filter(({ slot }) => slot !== own && slot !== 'page.size')
      .map(({ slot, path: at }) => atValue('M023', at, `${slot} does not belong to paging by ${paging.by}`));
    const lacks = words.request !== undefined && !used.some(({ slot }) => slot === own);
    return lacks
      ? [...foreign, atValue('M023', [...path, 'paging'], `the request has no slot ${own}`)]
      : foreign;
  });

/** M024 */
const paging: Rule = (draft) =>
  toObjects(draft).flatMap(({ words, path }) =>
    toPagingFaults(words).map(([key, message]) => atValue('M024', [...path, 'paging', ...key], message)),
  );

function toPagingFaults({ paging: own, request }: ObjectWords): [Path, string][] {
  if (own === undefined) return [];
  const faults: [Path, string][] = [];
  if (own.by === 'page' && own.first === undefined)
    faults.push([[], 'paging by page needs `first`: is it 0 or 1?']);
  if (own.by === 'token' && own.next === undefined)
    faults.push([[], 'paging by token needs `next`: where the token stands']);
  if (own.by !== 'page' && own.first !== undefined)
    faults.push([['first'], `paging by ${own.by} has no first page`]);
  for (const key of ['next', 'more'] as const)
    if (own.by !== 'token' && own[key] !== undefined)
      faults.push([[key], `paging by ${own.by} has no ${key}`]);
  if (own.by === 'token' && own.total !== undefined) faults.push([['total'], 'paging by token has no total']);
  if (request === undefined) faults.push([[], 'there is no request to page']);
  return faults;
}

export const REQUEST_RULES: readonly Rule[] = [slots, pageSlots, paging];
