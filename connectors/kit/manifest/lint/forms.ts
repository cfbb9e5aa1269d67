// Lint of forms (manifest §6): what they read, which records they take, and which fields they give.
import type { FilterOp, Literal } from '../../contract.ts';
import type { FormDraft } from '../draft.ts';
import { atKey, atValue, type Finding, type Path } from '../path.ts';
import { toFormReading, toGraphqlType } from '../resolve/readings.ts';
import { toHint } from '../shape/suggest.ts';
import {
  type FormPlace,
  formsOf,
  hasField,
  type Rule,
  toColumnUses,
  toDistinct,
  toForms,
  toWholeTypes,
} from './rule.ts';

const eachForm =
  (judge: (place: FormPlace) => readonly Finding[]): Rule =>
  (draft) =>
    toDistinct(toForms(draft).flatMap(judge));

/** M020 */
const objects: Rule = (draft) =>
  toForms(draft).flatMap(({ form, source, object }) => {
    const { words, path } = form;
    if (source === null)
      return [
        atValue(
          'M020',
          [...path, 'source'],
          `no source has this name${toHint(words.source, draft.sources.keys())}`,
        ),
      ];
    if (source.kind === null || source.kind === 'sql') return [];
    if (object === null) {
      const hint = toHint(words.object, source.objects.keys());
      return [atValue('M020', [...path, 'object'], `${source.name} has no object of this name${hint}`)];
    }
    const use = object.words?.use ?? 'records';
    return use === 'records'
      ? []
      : [atValue('M020', [...path, 'object'], `is declared as ${use}, so no form can read it`)];
  });

/** M034 */
const shadowed: Rule = (draft) =>
  toWholeTypes(draft).flatMap((type) => {
    const forms = formsOf(type, draft).map((place) => place.form);
    return forms.flatMap((later, index) => {
      const earlier = forms.slice(0, index).find((one) => takesAllOf(one, later));
      return earlier === undefined
        ? []
        : [atValue('M034', later.path, `can never match: from[${earlier.index}] takes all its records`)];
    });
  });

function takesAllOf({ words: earlier }: FormDraft, { words: later }: FormDraft): boolean {
  if (earlier.source !== later.source || earlier.object !== later.object) return false;
  const has = new Set(later.shape?.has);
  if (!(earlier.shape?.has ?? []).every((column) => has.has(column))) return false;
  const conditions = new Set((later.where ?? []).map((condition) => JSON.stringify(toCanonical(condition))));
  return (earlier.where ?? []).every((condition) => conditions.has(JSON.stringify(toCanonical(condition))));
}

function toCanonical(condition: { column: string; op: string; value?: unknown }): readonly unknown[] {
  return [condition.column, condition.op, condition.value];
}

/** M035 */
const conditions = eachForm(({ form }) =>
  (form.words.where ?? []).flatMap(({ op, value }, index) => {
    const fault = toConditionFault(op, value);
    return fault === null ? [] : [atValue('M035', [...form.path, 'where', index], fault)];
  }),
);

function toConditionFault(op: FilterOp, value: Literal | readonly Literal[] | undefined): string | null {
  if (op === 'isNull' || op === 'notNull') return value === undefined ? null : `${op} takes no value`;
  if (value === undefined) return `${op} needs a value`;
  const list = Array.isArray(value);
  if (op === 'in' || op === 'notIn') return list && value.length > 0 ? null : `${op} needs a list`;
  if (op === 'between') {
    if (!list || value.length !== 2) return 'between needs [low, high]';
    const [low, high]: readonly Literal[] = value;
    if (low === undefined || high === undefined) return null;
    return typeof low === typeof high && low <= high
      ? null
      : 'between needs [low, high], both of one kind, low first';
  }
  if (list) return `${op} needs one value, not a list`;
  if (op === 'startsWith') return typeof value === 'string' ? null : 'startsWith needs a text';
  if (op === 'eq' || op === 'ne') return null;
  return typeof value === 'boolean' ? `${op} needs a number or text` : null;
}

/** M036 */
const extensions = eachForm((place) => {
  const { form, source } = place;
  const extend = form.words.extend ?? [];
  const findings: Finding[] = [];
  if (extend.length > 0 && source?.kind != null && source.kind !== 'sql')
    findings.push(atKey('M036', [...form.path, 'extend'], 'only sql sources join tables'));
  const aliases = new Set<string>();
  for (const [index, { as }] of extend.entries()) {
    if (aliases.has(as))
      findings.push(atValue('M036', [...form.path, 'extend', index, 'as'], `${as} is already taken`));
    aliases.add(as);
  }
  if (source?.kind !== 'sql') return findings;
  for (const { column, path } of toColumnUses(place)) {
    const [alias, rest] = column.split('.', 2);
    if (alias === undefined || rest === undefined || alias === '^' || aliases.has(alias)) continue;
    findings.push(
      atValue('M036', path, `no \`extend\` of this form is called ${alias}${toHint(alias, aliases)}`),
    );
  }
  return findings;
});

const FLAT: ReadonlySet<string> = new Set(['csv', 'xlsx']);

/** M037 */
const rowsOfOne = eachForm((place) => {
  const { form, source, object } = place;
  const { each, fan, unpivot } = form.words;
  const findings: Finding[] = [];
  const codec = object?.words?.codec ?? source?.words?.codec ?? (source?.kind === 'file' ? 'csv' : '');
  const flat = source?.kind === 'sql' || FLAT.has(codec);
  for (const key of ['each', 'fan'] as const)
    if (flat && form.words[key] !== undefined)
      findings.push(atValue('M037', [...form.path, key], 'a table has no lists inside its rows'));
  if (fan !== undefined && unpivot !== undefined)
    findings.push(atKey('M037', [...form.path, 'unpivot'], 'stands beside `fan`; a form has one of them'));
  if (unpivot !== undefined && Object.keys(unpivot.columns).length === 0)
    findings.push(atValue('M037', [...form.path, 'unpivot', 'columns'], 'names no column'));
  for (const { column, path } of toColumnUses(place)) {
    const lacks = toLacking(column, { each, fan, unpivot });
    if (lacks !== null)
      findings.push(
        atValue('M037', path, `${column} exists only with \`${lacks}\`, which from[${form.index}] lacks`),
      );
  }
  return findings;
});

function toLacking(column: string, has: { each: unknown; fan: unknown; unpivot: unknown }): string | null {
  if (column.startsWith('^.') && has.each === undefined) return 'each';
  if (column === '@item' && has.fan === undefined) return 'fan';
  if ((column === '@name' || column === '@value') && has.unpivot === undefined) return 'unpivot';
  return null;
}

/** M001 and M038: a form's own fields. */
const ownFields: Rule = (draft) =>
  toForms(draft).flatMap(({ type, form }) =>
    [...form.fields].flatMap(([name, own]): Finding[] => {
      const path: Path = [...form.path, 'fields', name];
      const declared = type.fields?.get(name);
      if (!hasField(type, name))
        return [
          atKey('M001', path, `${type.name} has no such field${toHint(name, type.fields?.keys() ?? [])}`),
        ];
      if (declared == null || own === null || own === 'absent' || own.converter === 'const') return [];
      const reading = toFormReading(type, form, name);
      if (typeof reading === 'string') return [];
      const [wanted, got] = [toGraphqlType(declared, draft), toGraphqlType(reading, draft)];
      if (wanted === null || got === null) return [];
      const [want, have] = [toTypeText(wanted), toTypeText(got)];
      return want === have ? [] : [atValue('M038', path, `yields ${have}, but the field is ${want}`)];
    }),
  );

function toTypeText({ name, list }: { name: string; list: boolean }): string {
  return list ? `[${name}!]` : name;
}

/** M039 */
const ungiven: Rule = (draft) =>
  toWholeTypes(draft).flatMap((type) => {
    if (type.forms === null || type.forms.includes(null)) return [];
    const forms = formsOf(type, draft);
    // A form that reads what the type lacks (M001) was perhaps meant to read this.
    if (forms.some(({ form }) => [...form.fields.keys()].some((name) => !hasField(type, name)))) return [];
    return [...(type.fields?.keys() ?? [])]
      .filter((name) => forms.every(({ form }) => toFormReading(type, form, name) === 'lacking'))
      .map((name) => atKey('M039', [...type.path, 'fields', name], 'no form gives this field'));
  });

/** M041 */
const only = eachForm(({ type, form }) => {
  const names = form.words.only;
  if (names === undefined)
    return form.words.adds === false
      ? [atKey('M041', [...form.path, 'adds'], 'needs `only`: what makes no row says a part of one')]
      : [];
  const path: Path = [...form.path, 'only'];
  const findings: Finding[] = [];
  if (type.words.merge !== 'fields')
    findings.push(atKey('M041', path, 'needs merge: fields; with merge: row a form gives whole rows'));
  for (const [index, name] of names.entries())
    if (!hasField(type, name))
      findings.push(
        atValue(
          'M041',
          [...path, index],
          `${type.name} has no such field${toHint(name, type.fields?.keys() ?? [])}`,
        ),
      );
  for (const name of form.fields.keys())
    if (!names.includes(name))
      findings.push(atKey('M041', [...form.path, 'fields', name], 'is not among `only`'));
  return findings;
});

export const FORM_RULES: readonly Rule[] = [
  objects,
  shadowed,
  conditions,
  extensions,
  rowsOfOne,
  ownFields,
  ungiven,
  only,
];
