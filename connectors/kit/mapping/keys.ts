// Keys of rows and of what they link to, from mapped values (manifest §8). Parts are normalised, so that CHAR padding,
// 41 and 0041, 黄 and 2 cannot make two rows.
import { toKey } from '../../../schema/identity.ts';
import type { Field, Link, UnitType } from '../manifest/model.ts';
import { toCanonicalText } from './decimal.ts';
import type { MappedLink, MappedValue } from './outcome.ts';

export type Values = { readonly [field: string]: MappedValue };

/** One key part as it stands in ids; null when the value is null or of a kind that no key rests on. */
export function toKeyPart(value: MappedValue | undefined, graphql: string): string | null {
  if (value === null || value === undefined || typeof value === 'object') return null;
  const text = String(value);
  if (graphql === 'MonthDay') return text.replace('-', '');
  return graphql === 'Decimal' ? (toCanonicalText(text) ?? text) : text;
}

/** `missing`: the part that is empty, which sets the row aside. Without one, `key` is null while a link is looked up. */
export type RowKey = { readonly key: string | null; readonly missing: string | null };

/** The key of a row of this type. */
export function compileKey(
  type: UnitType,
): (values: Values, links: ReadonlyMap<string, MappedLink>) => RowKey {
  const linkNames = new Set(type.links.map((link) => link.name));
  const kinds = toKinds(type.fields);
  return (values, links) => {
    const parts: string[] = [];
    let waiting = false;
    for (const part of type.key) {
      const link = linkNames.has(part) ? links.get(part) : undefined;
      const text = linkNames.has(part) ? (link?.key ?? null) : toOwnPart(values[part], kinds.get(part) ?? '');
      if (text !== null) parts.push(text);
      else if (link !== undefined && link.lookup !== null) waiting = true;
      else return { key: null, missing: part };
    }
    return { key: waiting ? null : parts.join('~'), missing: null };
  };
}

// A link's part is its target's whole key, which is encoded already; an own part is encoded here.
function toOwnPart(value: MappedValue | undefined, graphql: string): string | null {
  const text = toKeyPart(value, graphql);
  return text === null ? null : toKey([text]);
}

/** The links of a row, in the manifest's order; `nearest` ones are found at question time and are none here. */
export function compileLinks(type: UnitType): (values: Values) => readonly MappedLink[] {
  const kinds = toKinds(type.fields);
  const links = type.links.filter((link) => link.to !== null);
  const own = [
    ...new Set(links.flatMap(({ on }) => on.flatMap(({ pairs }) => pairs.map((pair) => pair.own)))),
  ];
  const [only] = own;
  if (own.length !== 1 || only === undefined)
    return (values) => links.map((link) => toLink(link, values, kinds));
  // Many readings name one station: what a value links to is found once.
  const known = new Map<MappedValue | undefined, readonly MappedLink[]>();
  return (values) => {
    const value = values[only];
    let found = known.get(value);
    if (found === undefined) {
      found = links.map((link) => toLink(link, values, kinds));
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(value, found);
    }
    return found;
  };
}

/** Values remembered before the memory is emptied. */
const MOST_KNOWN = 5000;

// Of several `on`, the first whose fields are all there.
function toLink({ name, on }: Link, values: Values, kinds: ReadonlyMap<string, string>): MappedLink {
  for (const { pairs, over } of on) {
    const parts: string[] = [];
    for (const { own } of pairs) {
      const part = toKeyPart(values[own], kinds.get(own) ?? '');
      if (part === null) break;
      parts.push(part);
    }
    if (parts.length < pairs.length) continue;
    if (over === 'key') return { link: name, key: toKey(parts), lookup: null };
    // The store compares columns: there a value stands as it was mapped, not as a key spells it.
    const stored = pairs.map(({ own }) => String(values[own]));
    return { link: name, key: null, lookup: { fields: pairs.map(({ target }) => target), values: stored } };
  }
  return { link: name, key: null, lookup: null };
}

function toKinds(fields: readonly Field[]): ReadonlyMap<string, string> {
  return new Map(fields.map((field) => [field.name, field.graphql.name]));
}
