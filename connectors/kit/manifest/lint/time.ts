// Lint of a type's role and times (manifest §5, §10): what lasts, what is measured, what happened, and when it counts.
import { atKey, atValue, type Finding, type Path } from '../path.ts';
import { toHint } from '../shape/suggest.ts';
import { hasField, hasLink, type Rule, toWholeTypes, type WholeType } from './rule.ts';

const eachType =
  (judge: (type: WholeType) => readonly Finding[]): Rule =>
  (draft) =>
    toWholeTypes(draft).flatMap(judge);

/** M040 */
const role = eachType(({ words, path }) => {
  const findings: Finding[] = [];
  for (const key of ['of', 'as'] as const)
    if (words.role !== 'reading' && words[key] !== undefined)
      findings.push(
        atKey('M040', [...path, key], `only a reading has \`${key}\`, but this is a ${words.role}`),
      );
  if (words.role === 'thing' && words.time !== undefined)
    findings.push(
      atKey('M040', [...path, 'time'], 'a thing lasts and has no `time`; use `valid` for an interval'),
    );
  return findings;
});

/** M042 */
const time = eachType((type) => {
  const { words, path } = type;
  if (words.role === 'thing') return [];
  if (words.time === undefined)
    return [atValue('M042', [...path, 'time'], `a ${words.role} needs \`time\`: when it was true`)];
  const field = type.fields?.get(words.time);
  if (!hasField(type, words.time)) {
    const hint = toHint(words.time, type.fields?.keys() ?? []);
    return [atValue('M042', [...path, 'time'], `${type.name} has no field of this name${hint}`)];
  }
  return field == null || field.converter === 'time'
    ? []
    : [atValue('M042', [...path, 'time'], `must name a time, but ${words.time} is a ${field.converter}`)];
});

/** M044 */
const valid = eachType((type) => {
  const { words, path } = type;
  const findings: Finding[] = [];
  if (words.valid !== undefined) {
    const wanted = words.valid.yearly === true ? 'monthDay' : 'time';
    for (const end of ['from', 'to'] as const) {
      const field = type.fields?.get(words.valid[end]);
      const at: Path = [...path, 'valid', end];
      if (!hasField(type, words.valid[end]))
        findings.push(atValue('M044', at, `${type.name} has no field of this name`));
      else if (field != null && field.converter !== wanted)
        findings.push(
          atValue('M044', at, `must name a ${wanted}, but ${words.valid[end]} is a ${field.converter}`),
        );
    }
  }
  for (const [name, link] of type.links ?? [])
    if (link?.current !== undefined && words.valid === undefined)
      findings.push(
        atValue('M044', [...path, 'links', name, 'current'], 'needs `valid`: which row counts when'),
      );
  return findings;
});

/** M047 */
const division = eachType((type) =>
  type.words.division.flatMap((way, index): Finding[] => {
    const path: Path = [...type.path, 'division', index];
    if (way === 'none' || 'code' in way || 'name' in way) return [];
    if ('link' in way) {
      const link = type.links?.get(way.link);
      if (!hasLink(type, way.link))
        return [
          atValue(
            'M047',
            [...path, 'link'],
            `${type.name} has no link of this name${toHint(way.link, type.links?.keys() ?? [])}`,
          ),
        ];
      return link?.nearest === undefined
        ? []
        : [atValue('M047', [...path, 'link'], 'what is near gives no division')];
    }
    const [key, name] = 'point' in way ? (['point', way.point] as const) : (['shape', way.shape] as const);
    const field = type.fields?.get(name);
    if (!hasField(type, name))
      return [
        atValue(
          'M047',
          [...path, key],
          `${type.name} has no field of this name${toHint(name, type.fields?.keys() ?? [])}`,
        ),
      ];
    return field == null || field.converter === key
      ? []
      : [atValue('M047', [...path, key], `must name a ${key}, but ${name} is a ${field.converter}`)];
  }),
);

export const TIME_RULES: readonly Rule[] = [role, time, valid, division];
