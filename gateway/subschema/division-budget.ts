// What a question about divisions may cost. They lie in memory, so no statement's deadline ends a question that goes up to
// the parent and down to its children again and again: the divisions of its answer are counted before it is answered.
import type { Divisions } from '../../schema/divisions/divisions.ts';
import type { Selected } from '../compile/selection.ts';

/** Divisions in one answer; all of the city with their parents are about 7,000. */
export const DIVISION_CAP = 20_000;

/** Values of a division that count as one division more; a corner of a boundary is two, all the city's are about 1,270. */
const VALUES_A_DIVISION = 20;

type Division = Divisions['all'][number];

/** Tells whether the answer to these roots stays within `cap` divisions; it stops counting where the cap is passed. */
export function isWithinDivisions(
  roots: readonly Selected[],
  divisions: Divisions,
  cap = DIVISION_CAP,
): boolean {
  let left = cap;
  const take = (asked: Selected, found: readonly (Division | null)[]): boolean => {
    const weight = Math.max(1, Math.ceil(asked.fields.length / VALUES_A_DIVISION));
    const drawn = asked.fields.filter(({ name }) => name === 'boundary').length;
    left -= found.length * weight + (drawn === 0 ? 0 : drawn * toOutlines(found, divisions));
    if (left < 0) return false;
    const links = asked.fields.filter(({ name }) => name === 'parent' || name === 'children');
    if (links.length === 0) return true;
    return found.every(
      (division) =>
        division === null || links.every((link) => take(link, toLinked(link.name, division, divisions))),
    );
  };
  return roots.every((root) => take(root, toFound(root, divisions)));
}

/** The boundaries of these divisions, in divisions of the budget. */
function toOutlines(found: readonly (Division | null)[], divisions: Divisions): number {
  const corners = found
    .map((division) => (division === null ? null : divisions.facts(division.code).boundary))
    .flatMap((boundary) => boundary?.coordinates.flat() ?? [])
    .reduce((sum, ring) => sum + ring.length, 0);
  return Math.ceil((2 * corners) / VALUES_A_DIVISION);
}

function toFound({ name, args }: Selected, divisions: Divisions): readonly (Division | null)[] {
  if (name === 'divisions')
    return divisions.all.filter(({ level }) => args.level == null || level === args.level);
  if (name === 'division') return [divisions.find(String(args.code))];
  if (name === '_hubDivisions') return (args.codes as readonly string[]).map((code) => divisions.find(code));
  return [];
}

function toLinked(name: string, division: Division, divisions: Divisions): readonly (Division | null)[] {
  if (name === 'children') return divisions.children(division.code);
  return [division.parent === null ? null : divisions.find(division.parent)];
}
