// What a key is made of once links are followed, and what a link's `on` covers (manifest §8). Read by lint/ and resolve/.
import type { Draft, FieldDraft, TypeDraft } from '../draft.ts';
import type { LinkWords } from '../shape/type.ts';
import { toEnumName, toGraphqlType } from './readings.ts';

/** One alternative of `on`: own field → target's field. */
export type Pairs = { readonly [own: string]: string };

export function toAlternatives(link: LinkWords): readonly Pairs[] {
  return link.on === undefined ? [] : [link.on].flat();
}

/** `Type` or `unit.Type`; `unit` is null for the own one. */
export function toTarget(to: string): { readonly unit: string | null; readonly type: string } {
  const [first = '', second] = to.split('.');
  return second === undefined ? { unit: null, type: first } : { unit: first, type: second };
}

/** The type of the same unit that a link leads to; null for another unit's and for one that does not exist. */
export function toOwnTarget(link: LinkWords, draft: Draft): TypeDraft | null {
  const to = link.to ?? link.nearest?.to;
  if (to === undefined) return null;
  const { unit, type } = toTarget(to);
  return unit === null || unit === draft.head?.unit ? (draft.types.get(type) ?? null) : null;
}

/**
 * The fields whose values make a type's key, in order: a link stands for its own fields, which are its target's key
 * parts. `cycle` when the key rests on itself; null when that cannot be known (a fault elsewhere, another unit's key).
 */
export function toKeyFields(
  type: TypeDraft,
  draft: Draft,
  seen: readonly string[] = [],
): readonly string[] | 'cycle' | null {
  if (type.words === null) return null;
  if (seen.includes(type.name)) return 'cycle';
  const fields: string[] = [];
  for (const part of type.words.key) {
    const link = type.links?.get(part);
    if (link === undefined) {
      fields.push(part);
      continue;
    }
    if (link === null) return null;
    const own = toLinkKeyFields(link, draft, [...seen, type.name]);
    if (own === null || own === 'cycle') return own;
    fields.push(...own);
  }
  return fields;
}

function toLinkKeyFields(
  link: LinkWords,
  draft: Draft,
  seen: readonly string[],
): readonly string[] | 'cycle' | null {
  const target = toOwnTarget(link, draft);
  if (target === null) return null;
  const wanted = toKeyFields(target, draft, seen);
  if (wanted === null || wanted === 'cycle') return wanted;
  for (const pairs of toAlternatives(link)) {
    const own = toOrdered(pairs, wanted);
    if (own !== null) return own.map((pair) => pair.own);
  }
  return null;
}

export type Coverage = {
  readonly over: 'key' | 'unique';
  readonly pairs: readonly { readonly own: string; readonly target: string }[];
};

/** What an alternative covers of its target, in the order of the target's parts; `none`, or null when it cannot be known. */
export function toCoverage(target: TypeDraft, draft: Draft, pairs: Pairs): Coverage | 'none' | null {
  const key = toKeyFields(target, draft);
  if (target.words === null || key === 'cycle') return null;
  const overKey = key === null ? null : toOrdered(pairs, key);
  if (overKey !== null) return { over: 'key', pairs: overKey };
  for (const unique of target.words.unique ?? []) {
    const ordered = toOrdered(pairs, unique);
    if (ordered !== null) return { over: 'unique', pairs: ordered };
  }
  return key === null ? null : 'none';
}

/** The pairs in the order of the wanted target fields; null unless they are exactly these. */
export function toOrdered(
  pairs: Pairs,
  wanted: readonly string[],
): readonly { readonly own: string; readonly target: string }[] | null {
  const entries = Object.entries(pairs);
  if (entries.length !== wanted.length) return null;
  const ordered = wanted.flatMap((target) => {
    const own = entries.find(([, field]) => field === target)?.[0];
    return own === undefined ? [] : [{ own, target }];
  });
  return ordered.length === wanted.length ? ordered : null;
}

/** What two fields must share so that their normalised values can be compared: kind of text, enum, or scalar. */
export function toKeyKind(field: FieldDraft, draft: Draft): string | null {
  const { converter, words } = field;
  if (words.list !== undefined) return toEnumName(words.list, draft);
  if (converter === 'concat' || (converter === 'const' && typeof words.const === 'string')) return 'text';
  if (converter === 'const') return toGraphqlType(field, draft)?.name ?? null;
  if (converter === 'integer') return 'integer';
  return converter;
}
