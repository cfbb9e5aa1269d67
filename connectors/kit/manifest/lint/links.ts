// Lint of links (manifest §8) as far as this unit alone can be judged: targets, what `on` covers, inverses, nearest.
import type { Draft, TypeDraft } from '../draft.ts';
import { atKey, atValue, type Finding, type Path } from '../path.ts';
import { toAlternatives, toCoverage, toKeyKind, toOwnTarget, toTarget } from '../resolve/keys.ts';
import { toHint } from '../shape/suggest.ts';
import type { LinkWords } from '../shape/type.ts';
import { isReservedName, toDerivedNames } from './fields.ts';
import { hasField, hasLink, type Rule, toWholeTypes, type WholeType } from './rule.ts';

type LinkPlace = {
  readonly type: WholeType;
  readonly name: string;
  readonly link: LinkWords;
  readonly path: Path;
};

function toLinks(draft: Draft): LinkPlace[] {
  return toWholeTypes(draft).flatMap((type) =>
    [...(type.links ?? [])].flatMap(([name, link]) =>
      link === null ? [] : [{ type, name, link, path: [...type.path, 'links', name] }],
    ),
  );
}

const eachLink =
  (judge: (place: LinkPlace, draft: Draft) => readonly Finding[]): Rule =>
  (draft) =>
    toLinks(draft).flatMap((place) => judge(place, draft));

/** M080, within the unit. */
const targets = eachLink(({ link, path }, draft) => {
  const to = link.to ?? link.nearest?.to;
  if (to === undefined) return [];
  const { unit, type } = toTarget(to);
  if ((unit !== null && unit !== draft.head?.unit) || draft.types.has(type)) return [];
  const at: Path = link.to === undefined ? [...path, 'nearest', 'to'] : [...path, 'to'];
  return [atValue('M080', at, `this unit has no type ${type}${toHint(type, draft.types.keys())}`)];
});

/** M045 */
const readings: Rule = (draft) =>
  toWholeTypes(draft).flatMap((type): Finding[] => {
    const { role, of, as } = type.words;
    if (role !== 'reading') return [];
    const findings: Finding[] = [];
    if (of === undefined)
      findings.push(atValue('M045', [...type.path, 'of'], 'a reading needs `of`: the link to its thing'));
    if (as === undefined)
      findings.push(atValue('M045', [...type.path, 'as'], 'a reading needs `as`: its name at the thing'));
    if (of === undefined) return findings;
    const at: Path = [...type.path, 'of'];
    const link = type.links?.get(of);
    if (!hasLink(type, of))
      findings.push(
        atValue('M045', at, `${type.name} has no link ${of}${toHint(of, type.links?.keys() ?? [])}`),
      );
    else if (link != null && link.to === undefined)
      findings.push(atValue('M045', at, 'what is near is not what is measured'));
    else if (link != null) {
      const thing = toOwnTarget(link, draft)?.words;
      if (thing != null && thing.role !== 'thing')
        findings.push(atValue('M045', at, `${link.to ?? ''} is a ${thing.role}, not a thing`));
    }
    return findings;
  });

/** M054 */
const coverage = eachLink(({ type, link, path }, draft) => {
  const target = toOwnTarget(link, draft);
  return toAlternatives(link).flatMap((pairs, index): Finding[] => {
    const at: Path = Array.isArray(link.on) ? [...path, 'on', index] : [...path, 'on'];
    const findings = Object.entries(pairs).flatMap(([own, wanted]): Finding[] => {
      if (!hasField(type, own))
        return [
          atKey(
            'M054',
            [...at, own],
            `${type.name} has no field ${own}${toHint(own, type.fields?.keys() ?? [])}`,
          ),
        ];
      if (target === null) return [];
      if (!hasField(target, wanted)) {
        const hint = toHint(wanted, target.fields?.keys() ?? []);
        return [atValue('M054', [...at, own], `${target.name} has no field ${wanted}${hint}`)];
      }
      const [mine, its] = [type.fields?.get(own), target.fields?.get(wanted)];
      if (mine == null || its == null) return [];
      const [kind, other] = [toKeyKind(mine, draft), toKeyKind(its, draft)];
      return kind === null || other === null || kind === other
        ? []
        : [atValue('M054', [...at, own], `${own} is a ${kind}, but ${target.name}.${wanted} is a ${other}`)];
    });
    if (findings.length > 0 || target === null || toCoverage(target, draft, pairs) !== 'none')
      return findings;
    return [atValue('M054', at, `covers neither the key nor a \`unique\` of ${target.name}`)];
  });
});

/** M055, within the unit. */
const inverses: Rule = (draft) => {
  const taken = new Map<string, string>();
  for (const type of toWholeTypes(draft)) {
    const names = [...(type.fields?.keys() ?? []), ...(type.links?.keys() ?? [])];
    for (const name of names) taken.set(`${type.name}.${name}`, `its own ${name}`);
    for (const { name, from } of toDerivedNames(type))
      taken.set(`${type.name}.${name}`, `what is added for ${from}`);
  }
  const findings: Finding[] = [];
  const claim = (target: TypeDraft | null, name: string | undefined, path: Path, by: string): void => {
    if (name === undefined) return;
    // Every type answers to `location` and `observedAt`, if only with null or by inheritance.
    if (isReservedName(name) || name === 'location' || name === 'observedAt') {
      findings.push(atValue('M055', path, `the hub uses the name ${name} itself`));
      return;
    }
    if (target === null) return;
    const key = `${target.name}.${name}`;
    const owner = taken.get(key);
    if (owner !== undefined)
      findings.push(atValue('M055', path, `${target.name} has the name ${name} already: ${owner}`));
    else taken.set(key, by);
  };
  for (const { type, name, link, path } of toLinks(draft)) {
    const target = toOwnTarget(link, draft);
    const by = `the link ${type.name}.${name}`;
    claim(target, link.inverse, [...path, 'inverse'], by);
    claim(target, link.current, [...path, 'current'], by);
    if (type.words.of === name)
      claim(target, type.words.as, [...type.path, 'as'], `the reading ${type.name}`);
  }
  return findings;
};

/** M056 */
const lookups = eachLink(({ type, name, link, path }, draft) => {
  const target = toOwnTarget(link, draft);
  if (target === null || !type.words.key.includes(name) || (link.onMissing ?? 'keep') !== 'keep') return [];
  const looked = toAlternatives(link).some((pairs) => {
    const covered = toCoverage(target, draft, pairs);
    return covered !== null && covered !== 'none' && covered.over === 'unique';
  });
  return looked
    ? [atValue('M056', [...path, 'onMissing'], 'must be wait or setAside: the key rests on a look-up')]
    : [];
});

/** M057, within the unit. */
const nearest = eachLink(({ type, link, path }, draft) => {
  if (link.nearest === undefined) return [];
  const findings: Finding[] = [];
  if (!isPlaced(type, draft))
    findings.push(atKey('M057', [...path, 'nearest'], `${type.name} has no location`));
  const target = toOwnTarget(link, draft);
  if (target !== null && !isPlaced(target, draft))
    findings.push(atValue('M057', [...path, 'nearest', 'to'], `${target.name} has no location`));
  return findings;
});

/** Whether rows of a type have a location: their own, or that of the thing they were measured at. */
function isPlaced(type: TypeDraft, draft: Draft): boolean {
  if (type.words === null || hasField(type, 'location')) return true;
  const link = type.links?.get(type.words.of ?? '');
  if (type.words.role !== 'reading' || link == null) return false;
  const thing = toOwnTarget(link, draft);
  return thing === null || hasField(thing, 'location');
}

export const LINK_RULES: readonly Rule[] = [targets, readings, coverage, inverses, lookups, nearest];
