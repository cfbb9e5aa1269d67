// What a question about divisions may cost. They lie in memory, so no statement's deadline ends a question that goes up to
// the parent and down to its children again and again: the divisions of its answer are counted before it is answered.
import type { Divisions } from '../../schema/divisions/divisions.ts';
import type { Selected } from '../compile/selection.ts';

/** Divisions in one answer; all of the city with their parents are about 7,000. */
const DIVISION_CAP = 20_000;

/** Divisions below rows of units: a division that is looked up once stands below every row in it. About 60 MB of boundaries. */
const REPEATED_CAP = 300_000;
/** A row's division with its parents is no more than the row itself, which the unit has counted. */
const FREE_A_ROW = 3;

/** Values of a division that count as one division more; a corner of a boundary is two, all the city's are about 1,270. */
const VALUES_A_DIVISION = 20;

type Division = Divisions['all'][number];

/**
 * What is wrong with these roots when their answer would hold too much, else null. `rows`: what units have given to this operation so
 * far, the most places at which a division looked up for them can stand.
 */
export function findDivisionExcess(
  roots: readonly Selected[],
  divisions: Divisions,
  rows: number,
): string | null {
  const count = roots.reduce((sum, root) => sum + countDivisions(root, divisions, DIVISION_CAP - sum), 0);
  if (count > DIVISION_CAP)
    return `The answer would hold more than ${DIVISION_CAP} divisions: ask for one level, or for "parent", "children" and "boundary" less often.`;
  const repeated = roots.reduce((sum, root) => sum + countRepeated(root, divisions, rows), 0);
  return repeated > REPEATED_CAP
    ? `The answer would repeat its divisions below each of ${rows} rows, more than ${REPEATED_CAP} in all (a boundary counts as many): ask only the code there, and "children" and "boundary" of "division" or "divisions".`
    : null;
}

/** The divisions in the answer to a root; it stops counting where `cap` is passed. */
function countDivisions(root: Selected, divisions: Divisions, cap: number): number {
  let count = 0;
  const take = (asked: Selected, found: readonly (Division | null)[]): boolean => {
    const weight = Math.max(1, Math.ceil(asked.fields.length / VALUES_A_DIVISION));
    const drawn = asked.fields.filter(({ name }) => name === 'boundary').length;
    count += found.length * weight + (drawn === 0 ? 0 : drawn * toOutlines(found, divisions));
    if (count > cap) return false;
    const links = asked.fields.filter(({ name }) => name === 'parent' || name === 'children');
    if (links.length === 0) return true;
    return found.every(
      (division) =>
        division === null || links.every((link) => take(link, toLinked(link.name, division, divisions))),
    );
  };
  take(root, toFound(root, divisions));
  return count;
}

function countRepeated(root: Selected, divisions: Divisions, rows: number): number {
  if (root.name !== '_hubDivisions') return 0;
  const keys = Math.max(1, toFound(root, divisions).length);
  const each = countDivisions(root, divisions, DIVISION_CAP) / keys;
  return each <= FREE_A_ROW ? 0 : each * Math.max(rows, keys);
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
