// From the elements of an answer to records by the asked columns: a plain name at the top, a path with its nesting as it came.
import type { RawValue, SourceRecord, Unreadable } from '../contract.ts';
import { isRecord, parsePath } from '../mapping/columns.ts';
import { toFault, type WebPlace } from './faults.ts';
import { isList } from './paths.ts';

/** The names that are asked for at one level, each with those below it. */
type Wanted = { readonly columns: readonly string[]; readonly below: ReadonlyMap<string, Wanted> };

/** The names at the top of a record that hold the asked columns; what comes with every record (`@…`) left out. */
export function toNames(columns: readonly string[]): readonly string[] {
  return [...toWanted(columns.filter((column) => !column.startsWith('@'))).below.keys()];
}

/**
 * Takes the asked columns out of each element; one that is no object is unreadable. With `columnCase` ignore a column is
 * found under any case of its name; two that then coincide are HUB_MAP_SHAPE.
 */
export function toRecords(
  items: readonly RawValue[],
  columns: readonly string[],
  columnCase: 'exact' | 'ignore',
  place: WebPlace,
): { readonly records: readonly SourceRecord[]; readonly unreadable: readonly Unreadable[] } {
  const wanted = toWanted(columns);
  const records: SourceRecord[] = [];
  const unreadable: Unreadable[] = [];
  for (const [index, item] of items.entries()) {
    if (isRecord(item))
      records.push(columnCase === 'exact' ? toExact(item, wanted) : toFolded(item, wanted, place));
    else
      unreadable.push({
        raw: { '@raw': JSON.stringify(item), '@row': index + 1 },
        message: `element ${index + 1} of the answer is no object`,
      });
  }
  return { records, unreadable };
}

function toWanted(columns: readonly string[]): Wanted {
  const below = new Map<string, string[]>();
  for (const column of columns) {
    const [first = '', ...rest] = parsePath(column);
    const deeper = below.get(first) ?? [];
    if (rest.length > 0) deeper.push(rest.map((segment) => segment.replaceAll('.', '\\.')).join('.'));
    below.set(first, deeper);
  }
  return { columns, below: new Map([...below].map(([name, deeper]) => [name, toWanted(deeper)])) };
}

function toExact(item: SourceRecord, wanted: Wanted): SourceRecord {
  // A table may have a column whose name holds dots.
  const names = new Set([...wanted.columns, ...wanted.below.keys()]);
  return Object.fromEntries(
    [...names].flatMap((name) => (Object.hasOwn(item, name) ? [[name, item[name] ?? null]] : [])),
  );
}

function toFolded(item: SourceRecord, wanted: Wanted, place: WebPlace): SourceRecord {
  const names = toFoldedNames(item);
  const asked = new Map([...wanted.columns.map((name) => [name, null] as const), ...wanted.below]);
  return Object.fromEntries(
    [...asked].flatMap(([name, deeper]) => {
      const [found, other] = names.get(name.toLowerCase()) ?? [];
      if (found === undefined) return [];
      if (other !== undefined) throw toCoincidence(name, [found, other], place);
      const value = item[found] ?? null;
      return [[name, deeper === null ? value : toRenamed(value, deeper, place)]];
    }),
  );
}

/** Inside a column everything stays; the asked names get the asker's spelling. */
function toRenamed(value: RawValue, wanted: Wanted, place: WebPlace): RawValue {
  if (wanted.below.size === 0) return value;
  if (isList(value))
    return value.map((element, index) =>
      toRenamed(element, wanted.below.get(String(index)) ?? wanted, place),
    );
  if (!isRecord(value)) return value;
  const renamed = toFolded(value, { columns: [], below: wanted.below }, place);
  const asked = new Set(Object.keys(renamed).map((name) => name.toLowerCase()));
  const others = Object.entries(value).filter(([name]) => !asked.has(name.toLowerCase()));
  return { ...Object.fromEntries(others), ...renamed };
}

function toFoldedNames(item: SourceRecord): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const name of Object.keys(item)) {
    const alike = names.get(name.toLowerCase());
    if (alike === undefined) names.set(name.toLowerCase(), [name]);
    else alike.push(name);
  }
  return names;
}

function toCoincidence(column: string, names: readonly string[], place: WebPlace) {
  const what = `a record has ${names.join(' and ')}, which are one column with \`columnCase: ignore\``;
  return toFault(
    'HUB_MAP_SHAPE',
    { ...place, column },
    `${what}; say \`columnCase: exact\` or have one removed`,
  );
}
