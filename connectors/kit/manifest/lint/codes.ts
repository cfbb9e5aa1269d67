// Lint of code lists (manifest §4): labels, raw codes and bands that overlap, values that a hub list does not have.

import { HUB_CODE_LISTS } from '../../../../schema/lists/hub-lists.ts';
import type { CodeListDraft } from '../draft.ts';
import { atKey, atValue, type Finding, type Path } from '../path.ts';
import { toHint } from '../shape/suggest.ts';
import type { Rule } from './rule.ts';

const eachList =
  (judge: (list: CodeListDraft) => readonly Finding[]): Rule =>
  (draft) =>
    [...draft.codes.values()].flatMap(judge);

/** M001 */
const filled = eachList(({ words, path, values }) =>
  words !== null && values.size === 0
    ? [atValue('M001', [...path, 'values'], 'must have at least one value')]
    : [],
);

/** M003 */
const labels = eachList(({ words, path }) => {
  if (words === null || words.to !== undefined) return [];
  return (['zh', 'en'] as const)
    .filter((language) => words[language] === undefined)
    .map((language) => atValue('M003', [...path, language], `the label needs ${language}, a text`));
});

/** M001: the list's own name, the hub list it maps onto, and that list's values. */
const hub = eachList(({ name, words, path, values }) => {
  if (name.startsWith('hub.')) return [atKey('M001', path, 'a list of the hub cannot be declared; use `to`')];
  if (words === null) return [];
  if (words.to === undefined) return [];
  const known = HUB_CODE_LISTS.get(words.to)?.values.map((value) => value.name);
  if (known === undefined)
    return [
      atValue('M001', [...path, 'to'], `is no list of the hub${toHint(words.to, HUB_CODE_LISTS.keys())}`),
    ];
  const wrong: [string, Path][] = [...values.keys()].map((value) => [value, [...path, 'values', value]]);
  if (words.other !== undefined) wrong.push([words.other, [...path, 'other']]);
  return wrong
    .filter(([value]) => !known.includes(value))
    .map(([value, at]) => atKey('M001', at, `${words.to} has no value ${value}${toHint(value, known)}`));
});

/** M032 */
const doubledCodes = eachList(({ words, path, values }) => {
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  for (const [name, value] of values) {
    for (const [index, code] of (value?.from ?? []).entries()) {
      const key = words?.ignoreCase === true ? code.trim().toLowerCase() : code.trim();
      const owner = owners.get(key);
      const at: Path = [...path, 'values', name, 'from', index];
      if (owner !== undefined) findings.push(atValue('M032', at, `"${code}" already stands in ${owner}`));
      else owners.set(key, name);
    }
  }
  return findings;
});

/** M033 */
const overlappingBands = eachList(({ path, values }) => {
  const bands = [...values].flatMap(([name, value]) =>
    value?.band === undefined ? [] : [{ name, band: value.band }],
  );
  return bands.flatMap(({ name, band }, index) => {
    const other = bands.slice(0, index).find((one) => one.band[0] < band[1] && band[0] < one.band[1]);
    return other === undefined
      ? []
      : [atValue('M033', [...path, 'values', name, 'band'], `overlaps the band of ${other.name}`)];
  });
});

export const CODE_RULES: readonly Rule[] = [filled, labels, hub, doubledCodes, overlappingBands];
