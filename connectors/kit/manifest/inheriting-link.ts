// Where a row's division comes from when it has none of its own: the writer tells by it where a commit changed rows, the
// compiler of questions finds it by it. Pure.
import type { UnitType } from './model.ts';

/** The link that a type's `division` names, or a reading's thing where no way is named; null for none. */
export function toInheritingLink(type: UnitType): string | null {
  const way = type.division.find((one) => one.by === 'link');
  if (way?.by === 'link') return way.link;
  return type.division.length === 0 && type.role === 'reading' ? type.of : null;
}
