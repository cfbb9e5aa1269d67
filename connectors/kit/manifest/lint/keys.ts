// Lint of keys (manifest §8): parts that exist, are exact, are given by every form and do not depend on the delivery.
import type { Draft, FieldDraft, FormDraft, TypeDraft } from '../draft.ts';
import { atKey, atValue, type Finding, type Path } from '../path.ts';
import { toAlternatives, toOwnTarget } from '../resolve/keys.ts';
import { type FormReading, toColumns, toFormReading } from '../resolve/readings.ts';
import { toHint } from '../shape/suggest.ts';
import { formsOf, hasField, hasName, type Rule, toNames, toWholeTypes, type WholeType } from './rule.ts';

const eachType =
  (judge: (type: WholeType, draft: Draft) => readonly Finding[]): Rule =>
  (draft) =>
    toWholeTypes(draft).flatMap((type) => judge(type, draft));

/** M050: names. */
const names = eachType((type) => {
  const { key, unique = [] } = type.words;
  const findings: Finding[] = [];
  for (const [index, part] of key.entries())
    if (!hasName(type, part))
      findings.push(
        atValue(
          'M050',
          [...type.path, 'key', index],
          `${type.name} has no field or link ${part}${toHint(part, toNames(type))}`,
        ),
      );
    else if (key.indexOf(part) < index)
      findings.push(atValue('M050', [...type.path, 'key', index], `${part} stands in the key already`));
  for (const [row, fields] of unique.entries())
    for (const [index, name] of fields.entries())
      if (!hasField(type, name)) {
        const hint = toHint(name, type.fields?.keys() ?? []);
        findings.push(
          atValue('M050', [...type.path, 'unique', row, index], `${type.name} has no field ${name}${hint}`),
        );
      }
  return findings;
});

/** M050: a form that can never make a key. */
const given = eachType((type, draft) =>
  formsOf(type, draft).flatMap(({ form }) =>
    type.words.key.flatMap((part, index) => {
      const link = type.links?.get(part);
      const lacks =
        link === undefined
          ? hasField(type, part) && lacksField(type, form, part)
          : link !== null &&
            link.on !== undefined &&
            toAlternatives(link).every((pairs) =>
              Object.keys(pairs).some((own) => lacksField(type, form, own)),
            );
      return lacks
        ? [
            atValue(
              'M050',
              [...type.path, 'key', index],
              `from[${form.index}] does not give ${part}, so it can never land a row`,
            ),
          ]
        : [];
    }),
  ),
);

function lacksField(type: WholeType, form: FormDraft, name: string): boolean {
  return type.fields?.has(name) === true && toFormReading(type, form, name) === 'lacking';
}

const EXACT: ReadonlySet<string> = new Set([
  'text',
  'integer',
  'decimal',
  'code',
  'time',
  'date',
  'monthDay',
  'plate',
  'phone',
  'const',
]);

/** M051 */
const exact = eachType((type, draft) => {
  const { key, unique = [] } = type.words;
  const parts: (readonly [string, Path])[] = key.map((part, index) => [part, [...type.path, 'key', index]]);
  for (const [row, fields] of unique.entries())
    for (const [index, name] of fields.entries()) parts.push([name, [...type.path, 'unique', row, index]]);
  const findings = parts.flatMap(([part, path]): Finding[] => {
    const link = type.links?.get(part);
    if (link != null)
      return link.nearest === undefined ? [] : [atValue('M051', path, 'what is near changes and is no key')];
    const field = type.fields?.get(part);
    if (field == null) return [];
    if (isList(field)) return [atValue('M051', path, `${part} is a list`)];
    return EXACT.has(field.converter)
      ? []
      : [atValue('M051', path, `${part} is a ${field.converter}, which is not exact`)];
  });
  if (restsOnItself(type, draft))
    findings.push(atValue('M051', [...type.path, 'key'], 'rests on itself through its links'));
  return findings;
});

function restsOnItself(type: WholeType, draft: Draft): boolean {
  const seen = new Set<string>();
  const waiting: TypeDraft[] = [type];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const part of next.words?.key ?? []) {
      const link = next.links?.get(part);
      const target = link == null ? null : toOwnTarget(link, draft);
      if (target?.name === type.name) return true;
      if (target === null || seen.has(target.name)) continue;
      seen.add(target.name);
      waiting.push(target);
    }
  }
  return false;
}

function isList({ words }: FieldDraft): boolean {
  return words.many === true || words.split !== undefined;
}

const DELIVERY: ReadonlySet<string> = new Set(['@receivedAt', '@file', '@row']);

/** M053 */
const delivery = eachType((type, draft) =>
  formsOf(type, draft).flatMap(({ form }) =>
    toKeyReadings(type, form).flatMap((reading) => {
      const column = toColumns(reading).find((one) => DELIVERY.has(one));
      return column === undefined
        ? []
        : [
            atValue(
              'M053',
              [...reading.path, reading.converter],
              `the same record sent again would have another ${column}`,
            ),
          ];
    }),
  ),
);

function toKeyReadings(type: WholeType, form: FormDraft): FormReading[] {
  const fields = type.words.key.flatMap((part) => {
    const link = type.links?.get(part);
    return link == null ? [part] : toAlternatives(link).flatMap((pairs) => Object.keys(pairs));
  });
  return fields.flatMap((field) => {
    const reading = toFormReading(type, form, field);
    return typeof reading === 'string' ? [] : [reading];
  });
}

/** M052 */
const live = eachType((type, draft) => {
  if (type.words.read !== 'live') return [];
  const path: Path = [...type.path, 'read'];
  const places = formsOf(type, draft);
  const other = places.find(({ source }) => source?.kind != null && source.kind !== 'sql');
  if (other !== undefined)
    return [atValue('M052', path, `${other.form.words.source} cannot be asked for a single row`)];
  if (places.length > 1) return [atValue('M052', path, 'a row asked of its source has one form')];
  const split = places.find(({ form }) => form.words.unpivot ?? form.words.each ?? form.words.fan);
  if (split !== undefined)
    return [atValue('M052', path, 'one record gives many rows, so none can be asked for')];
  const fault = places
    .flatMap(({ form }) => toKeyReadings(type, form))
    .find((reading) => !isInvertible(reading, draft));
  const far = type.words.key.some((part) => {
    const link = type.links?.get(part);
    return link != null && toOwnTarget(link, draft) === null;
  });
  if (far) return [atKey('M052', path, "the key rests on another unit's key")];
  return fault === undefined
    ? []
    : [atValue('M052', path, `${fault.field} cannot be turned back into what stands in the source`)];
});

/** Whether the raw value follows from the mapped one. */
function isInvertible({ converter, words }: FieldDraft, draft: Draft): boolean {
  const altered = [
    words.part,
    words.strip,
    words.split,
    words.pad,
    words.emptyAs,
    words.nullWhen,
    words.scale,
    words.case,
  ];
  if (altered.some((option) => option !== undefined) || Object.keys(words.valueWhen ?? {}).length > 0)
    return false;
  if (converter === 'text') return typeof words.text === 'string';
  if (converter === 'time' || converter === 'date') return words.formats === undefined;
  if (converter === 'integer' || converter === 'const') return true;
  if (converter === 'decimal') return words.places === undefined;
  if (converter !== 'code') return false;
  const list = draft.codes.get(words.list ?? '');
  if (list?.words == null || list.words.other !== undefined || list.words.ignoreCase === true) return false;
  return [...list.values.values()].every(
    (value) => value === null || (value.from?.length === 1 && value.band === undefined),
  );
}

export const KEY_RULES: readonly Rule[] = [names, given, exact, delivery, live];
