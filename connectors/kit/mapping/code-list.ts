// Code lists of a manifest and of the hub (manifest §4) as lookups: raw code → enum value. Exact codes win over bands.

import { HubError } from '../../../schema/errors.ts';
import type { HubList } from '../../../schema/lists/hub-list.ts';
import { HUB_CODE_LISTS } from '../../../schema/lists/hub-lists.ts';
import type { CodeList, Unit } from '../manifest/model.ts';

export type CodeReader = {
  /** The value's name, or null when the list does not know the code. */
  read(text: string): string | null;
  /** What an unknown code lands as; null when it is a fault. */
  readonly other: string | null;
  /** The unit that a value stands for (`unit: { by }`), by its name. */
  unitOf(name: string): string | null;
};

type Entry = {
  readonly name: string;
  readonly from: readonly string[];
  readonly band?: readonly [number, number] | null;
  readonly unit?: string | null;
};

/** The unit's and the hub's lists by name; throws HUB_MANIFEST_INVALID for a name that is neither. */
export function compileCodeLists(unit: Pick<Unit, 'unit' | 'codes'>): (name: string) => CodeReader {
  const readers = new Map<string, CodeReader>();
  for (const [name, list] of HUB_CODE_LISTS) readers.set(name, compileList(list.values, list));
  for (const list of unit.codes) readers.set(list.name, compileList(list.values, list));
  return (name) => {
    const reader = readers.get(name);
    if (reader === undefined)
      throw new HubError('HUB_MANIFEST_INVALID', `code list ${name} is not declared: add it to codes`, {
        place: { unit: unit.unit },
      });
    return reader;
  };
}

function compileList(
  values: readonly Entry[],
  { ignoreCase, other }: Pick<HubList | CodeList, 'ignoreCase' | 'other'>,
): CodeReader {
  const fold = (raw: string): string => (ignoreCase ? raw.toLowerCase() : raw);
  const exact = new Map(values.flatMap(({ name, from }) => from.map((raw) => [fold(raw), name] as const)));
  const bands = values.flatMap(({ name, band }) =>
    band == null ? [] : [{ name, low: band[0], high: band[1] }],
  );
  const units = new Map(values.map(({ name, unit }) => [name, unit ?? null]));
  const readBand = (text: string): string | null => {
    const value = bands.length === 0 ? Number.NaN : Number(text);
    return bands.find(({ low, high }) => low <= value && value < high)?.name ?? null;
  };
  return {
    read: (text) => exact.get(fold(text)) ?? readBand(text),
    other,
    unitOf: (name) => units.get(name) ?? null,
  };
}
