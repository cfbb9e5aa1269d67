// What is asked of a row that is not read: its id and type are known, and what names it is found by its id.
import { type CatalogType, findAdded } from './catalog.ts';
import type { Leaf } from './plan.ts';
import type { Selected } from './selection.ts';

/** Whether nothing is asked that stands in the row itself: then its unit stays untouched. */
export function isStub(type: CatalogType, asked: readonly Selected[]): boolean {
  return asked.every((one) => isKnown(one) || findAdded(type, one.name) !== null);
}

export function isKnown({ name }: Selected): boolean {
  return name === 'id' || name === '__typename';
}

export function toLeaves(asked: readonly Selected[]): Leaf[] {
  return asked.map(toLeaf);
}

export function toLeaf({ key, name }: Selected): Leaf {
  return { kind: 'leaf', key, name };
}
