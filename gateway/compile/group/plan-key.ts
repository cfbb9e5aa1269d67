// What a client's `groupBy` says becomes the parts of a key, and what is selected of a group's key finds its part.
import type { DivisionLevel } from '../../../schema/divisions/division.ts';
import type { CatalogType } from '../catalog.ts';
import type { DivisionField, KeyField } from '../plan.ts';
import type { Selected } from '../selection.ts';
import { bind, type Conditions, type Given, Refused, toMembers, toOnly } from '../where/conditions.ts';
import { toMasked, toRowOf } from '../where/plan-where.ts';
import { toBucketSeconds } from './bucket.ts';
import type { GroupTerm } from './group-node.ts';

/** Parts that one key may have. */
const KEY_CAP = 8;

/** The parts of the key in their order; empty: the rows are not grouped. Throws Refused. */
export function planKeys(type: CatalogType, groupBy: unknown, conditions: Conditions): readonly GroupTerm[] {
  const given = toMembers('groupBy', groupBy, KEY_CAP, 'parts');
  const terms: GroupTerm[] = [];
  for (const [index, one] of given.entries()) {
    const term = planTerm(type, one, `groupBy[${index}]`, [], conditions);
    if (terms.some((other) => toPath(other) === toPath(term)))
      throw new Refused(
        'HUB_QUERY_INVALID',
        `Argument "groupBy[${index}]" names "${toPath(term)}" once more: each may be named once, in one bucket or at one level.`,
      );
    terms.push(term);
  }
  return terms;
}

function planTerm(
  type: CatalogType,
  given: Given,
  place: string,
  via: readonly string[],
  conditions: Conditions,
): GroupTerm {
  const [name, value] = toOnlyPart(given, place);
  if (name === 'division') return { via, kind: 'division', level: value as DivisionLevel };
  const at = `${place}.${name}`;
  const field = type.fields.get(name);
  const to = field === undefined ? null : toRowOf(field);
  if (to !== null) {
    conditions.types.add(to.type.name);
    return planTerm(to, value as Given, at, [...via, name], conditions);
  }
  if (field?.kind === 'value' && conditions.isMasked(field.field, type.type)) throw toMasked(at);
  if (value === false)
    throw new Refused('HUB_QUERY_INVALID', `Argument "${at}" must be true, or be left out.`);
  const bucket = value === true ? null : (value as Given).bucket;
  if (bucket === null || bucket === undefined) return { via, kind: 'field', field: name };
  const seconds = toBucketSeconds(String(bucket), `${at}.bucket`);
  return { via, kind: 'bucket', field: name, slot: bind(conditions, seconds) };
}

/** The only key of an input of which one must be given. Throws Refused. */
export function toOnlyPart(given: Given, place: string): readonly [name: string, value: unknown] {
  return toOnly(given, place, 'Several are given as a list.');
}

/** `station.division`: where a part stands in the key. */
export function toPath(term: GroupTerm): string {
  return [...term.via, term.kind === 'division' ? 'division' : term.field].join('.');
}

/** What is asked of a division, planned by those who know its lists. */
export type PlanDivision = (asked: Selected) => readonly DivisionField[];

/** What is selected of a key. */
export function planKeyFields(
  asked: Selected,
  paths: readonly string[],
  planDivision: PlanDivision,
  via: readonly string[] = [],
): readonly KeyField[] {
  return asked.fields.map((selected): KeyField => {
    const { key, name } = selected;
    if (name === '__typename') return { kind: 'leaf', key, name };
    const path = [...via, name];
    const term = paths.indexOf(path.join('.'));
    if (term >= 0 && name === 'division') {
      return { kind: 'division', key, term, fields: planDivision(selected) };
    }
    if (term >= 0) return { kind: 'term', key, term };
    const isOnTheWay = paths.some((one) => one.startsWith(`${path.join('.')}.`));
    if (!isOnTheWay) return { kind: 'null', key };
    return { kind: 'row', key, name, fields: planKeyFields(selected, paths, planDivision, path) };
  });
}
