// Lint of fields (manifest §7): what their options name, how their texts are read, what they may be called.
import { RE2JS } from 're2js';
import { HUB_CODE_LISTS } from '../../../../schema/lists/hub-lists.ts';
import type { Draft, FieldDraft } from '../draft.ts';
import { atKey, atValue, type Finding, type Path } from '../path.ts';
import { toEnumName, toGraphqlType } from '../resolve/readings.ts';
import type { OptionName } from '../shape/field.ts';
import { toHint } from '../shape/suggest.ts';
import { NAMED_FORMATS, parseTimeFormat, type TimeUnit } from '../shape/time-format.ts';
import { type Rule, toReadings, toWholeTypes, type WholeType } from './rule.ts';
import { toAmbiguousText } from './time-formats.ts';

type FieldPlace = {
  readonly type: WholeType;
  readonly name: string;
  readonly field: FieldDraft;
  readonly path: Path;
};

function toFields(draft: Draft): FieldPlace[] {
  return toWholeTypes(draft).flatMap((type) =>
    [...(type.fields ?? [])].flatMap(([name, field]) =>
      field === null ? [] : [{ type, name, field, path: [...type.path, 'fields', name] }],
    ),
  );
}

const eachField =
  (judge: (place: FieldPlace, draft: Draft) => readonly Finding[]): Rule =>
  (draft) =>
    toFields(draft).flatMap((place) => judge(place, draft));

const NEEDED: { readonly [converter: string]: readonly OptionName[] } = {
  code: ['list'],
  flags: ['list', 'when'],
  flag: ['yes', 'no'],
  shape: ['form'],
  duration: ['unit'],
  divisions: ['by'],
};

/** M001: options that a converter cannot do without, once inheritance is resolved. */
const needed: Rule = (draft) => [
  ...toReadings(draft).flatMap(({ reading, source }) => {
    const { converter, words, path } = reading;
    const wanted = (NEEDED[converter] ?? []).filter((option) => words[option] === undefined);
    // Only a database has times of its own; everywhere else they are texts or numbers.
    const times = converter === 'time' || converter === 'date' || converter === 'monthDay';
    const lacksFormats =
      times && words.formats === undefined && source?.kind != null && source.kind !== 'sql';
    const missing = lacksFormats ? [...wanted, 'formats'] : wanted;
    return missing.map((option) =>
      atValue('M001', [...path, option], `is missing: ${converter} needs ${option}`),
    );
  }),
  ...toFields(draft)
    .filter(({ field }) => field.absent && field.converter === 'code' && field.words.list === undefined)
    .map(({ path }) => atValue('M001', [...path, 'list'], 'is missing: code needs list')),
];

/** M001: lists and fields that options name, and patterns. */
const references = eachField(({ type, field, path }, draft) => {
  const { list, quality, period, pattern } = field.words;
  const findings: Finding[] = [];
  const lists = [...draft.codes.keys(), ...HUB_CODE_LISTS.keys()];
  const judgeList = (name: string | undefined, at: Path): void => {
    if (name !== undefined && !lists.includes(name))
      findings.push(atValue('M001', at, `no code list has this name${toHint(name, lists)}`));
  };
  judgeList(list, [...path, 'list']);
  judgeList(quality?.list, [...path, 'quality', 'list']);
  const qualityEnum = quality === undefined ? null : toEnumName(quality.list, draft);
  if (qualityEnum !== null && qualityEnum !== 'DataQuality')
    findings.push(atValue('M001', [...path, 'quality', 'list'], 'must map onto hub.DataQuality'));
  if (typeof period === 'object') {
    const named = type.fields?.get(period.field);
    if (named === undefined || (named !== null && named.converter !== 'duration'))
      findings.push(atValue('M001', [...path, 'period', 'field'], `must name a duration of ${type.name}`));
  }
  if (pattern !== undefined && !isRe2(pattern))
    findings.push(atValue('M001', [...path, 'pattern'], 'must be a regular expression of RE2'));
  return findings;
});

function isRe2(pattern: string): boolean {
  try {
    RE2JS.compile(pattern);
    return true;
  } catch {
    return false;
  }
}

/** M001: formats that can never read what their converter wants. */
const unreadableTimes: Rule = (draft) =>
  toReadings(draft).flatMap(({ reading }) =>
    (reading.words.formats ?? []).flatMap((format, index) => {
      const fault = toFormatFault(reading.converter, format);
      return fault === null ? [] : [atValue('M001', [...reading.path, 'formats', index], fault)];
    }),
  );

function toFormatFault(converter: string, format: string): string | null {
  const named = (NAMED_FORMATS as readonly string[]).includes(format);
  const parts = named ? [] : (parseTimeFormat(format) ?? []);
  const has = (unit: TimeUnit): boolean => parts.some((part) => 'unit' in part && part.unit === unit);
  if (converter === 'monthDay')
    return has('M') && has('d') && parts.filter((part) => 'unit' in part).length === 2
      ? null
      : 'a day of the year is read from M or MM and d or dd, and nothing else';
  return named || has('y') ? null : `has no year, so no ${converter} can be read with it`;
}

/** M030 */
const ambiguousTimes: Rule = (draft) =>
  toReadings(draft).flatMap(({ reading }) => {
    const formats = reading.words.formats ?? [];
    return formats.flatMap((later, index) => {
      const text = formats
        .slice(0, index)
        .map((earlier) => toAmbiguousText(earlier, later))
        .find((one) => one !== null);
      const at: Path = [...reading.path, 'formats', index];
      return text == null
        ? []
        : [atValue('M030', at, `an earlier format reads ${text} otherwise; the first that fits counts`)];
    });
  });

/** M043 */
const coordinates: Rule = (draft) =>
  toReadings(draft).flatMap(({ reading, source }): Finding[] => {
    const { converter, words, path } = reading;
    if ((converter !== 'point' && converter !== 'shape') || source?.words == null) return [];
    const { crs } = source.words;
    if (crs === undefined)
      return [
        atValue(
          'M043',
          [...path, converter],
          `source ${source.name} does not say its crs: what coordinates mean`,
        ),
      ];
    if (converter !== 'point' || words.point === undefined) return [];
    const plane = 'east' in words.point;
    if (plane === (crs === 'EPSG:4546')) return [];
    return [
      atValue(
        'M043',
        [...path, 'point'],
        plane ? `${crs} has no east and north` : `${crs} is read as { east, north }`,
      ),
    ];
  });

/** Names that the hub gives to every type itself. */
const RESERVED: ReadonlySet<string> = new Set([
  'id',
  'source',
  'sourceKey',
  'node',
  'division',
  'divisionBasis',
  'goneAt',
  'silentSince',
]);

export function isReservedName(name: string): boolean {
  return RESERVED.has(name) || /^latest([A-Z]|$)/.test(name);
}

/** M046 */
const names: Rule = (draft) =>
  toWholeTypes(draft).flatMap((type) => {
    const derived = new Map(toDerivedNames(type).map(({ name, from }) => [name, from]));
    const judge = (name: string, path: Path): Finding[] => {
      if (isReservedName(name)) return [atKey('M046', path, `the hub uses the name ${name} itself`)];
      if (name === 'observedAt' && type.words.time !== name)
        return [atKey('M046', path, 'only the `time` of a reading or event is called observedAt')];
      const from = derived.get(name);
      return from === undefined ? [] : [atKey('M046', path, `${name} is added by the hub for ${from}`)];
    };
    const links = [...(type.links?.keys() ?? [])];
    return [
      ...[...(type.fields?.keys() ?? [])].flatMap((name) => judge(name, [...type.path, 'fields', name])),
      ...links.flatMap((name) => {
        const path = [...type.path, 'links', name];
        if (name === 'location' || name === 'name')
          return [atKey('M046', path, `${name} is a field, never a link`)];
        return type.fields?.has(name) === true
          ? [atKey('M046', path, 'a field has the same name')]
          : judge(name, path);
      }),
    ];
  });

/** Names that the hub adds to a type: `<field>Quality` and `<field>Unit`. */
export function toDerivedNames(type: WholeType): { readonly name: string; readonly from: string }[] {
  return [...(type.fields ?? [])].flatMap(([name, field]) => {
    const added = [];
    if (field?.words.quality !== undefined) added.push({ name: `${name}Quality`, from: name });
    if (typeof field?.words.unit === 'object') added.push({ name: `${name}Unit`, from: name });
    return added;
  });
}

/** M046: `location` is a point and `name` a text. */
const kinds = eachField(({ name, field, path }, draft) => {
  const graphql = toGraphqlType(field, draft);
  if (graphql === null) return [];
  if (name === 'location' && field.converter !== 'point') return [atKey('M046', path, 'must be a point')];
  if (name === 'name' && (graphql.name !== 'String' || graphql.list))
    return [atKey('M046', path, 'must be a text')];
  return [];
});

/** M074 */
const units = eachField(({ type, field, path }, draft): Finding[] => {
  const { converter, words } = field;
  if (converter !== 'number' && converter !== 'integer' && converter !== 'decimal') return [];
  const { unit } = words;
  if (unit === undefined)
    return converter === 'number'
      ? [atKey('M074', path, 'a number needs a unit (UCUM; "1" if it has none)')]
      : [];
  const at: Path = [...path, 'unit'];
  if (typeof unit === 'string')
    return /^[!-~]+$/.test(unit) ? [] : [atValue('M074', at, 'must be a unit of UCUM, such as m3/s')];
  const by = type.fields?.get(unit.by);
  if (by === undefined || (by !== null && by.words.list === undefined))
    return [atValue('M074', [...at, 'by'], `must name a code of ${type.name}`)];
  const list = draft.codes.get(by?.words.list ?? '');
  const lacking = [...(list?.values ?? [])].filter(([, value]) => value !== null && value.unit === undefined);
  return lacking.map(([name]) => atValue('M074', [...at, 'by'], `${list?.name ?? ''}.${name} has no unit`));
});

/** M075 */
const ranges = eachField(({ field, path }) =>
  field.converter === 'number' && field.words.range === undefined
    ? [atKey('M075', path, 'without a range every number lands')]
    : [],
);

export const FIELD_RULES: readonly Rule[] = [
  needed,
  references,
  unreadableTimes,
  ambiguousTimes,
  coordinates,
  names,
  kinds,
  units,
  ranges,
];
