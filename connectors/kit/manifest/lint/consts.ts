// Lint of literals that stand for a column (M031): a value of the list, or a lawful value of the field's kind.
import { parseDuration } from '../../../../schema/duration.ts';
import { HUB_CODE_LISTS } from '../../../../schema/lists/hub-lists.ts';
import type { Literal } from '../../contract.ts';
import type { Draft, FieldDraft } from '../draft.ts';
import { atValue, type Finding } from '../path.ts';
import { toHint } from '../shape/suggest.ts';
import { type Rule, toReadings } from './rule.ts';

const consts: Rule = (draft) =>
  toReadings(draft).flatMap(({ type, reading }): Finding[] => {
    const declared = type.fields?.get(reading.field);
    const value = reading.words.const;
    if (reading.converter !== 'const' || declared == null || value === undefined) return [];
    const fault = toConstFault(declared, value, draft);
    return fault === null ? [] : [atValue('M031', [...reading.path, 'const'], fault)];
  });

function toConstFault({ converter, words }: FieldDraft, value: Literal, draft: Draft): string | null {
  if (words.list !== undefined) {
    const values = toListValues(words.list, draft);
    if (values === null || values.includes(String(value))) return null;
    return `${words.list} has no value ${String(value)}${toHint(String(value), values)}`;
  }
  const wanted = WANTED[converter];
  if (wanted === undefined) return `a ${converter} cannot be a constant`;
  return wanted.fits(value) ? null : `must be ${wanted.word}`;
}

/** The values of a list as they are named; null when the list is not known. */
export function toListValues(list: string, draft: Draft): readonly string[] | null {
  const hub = HUB_CODE_LISTS.get(list);
  if (hub !== undefined) return hub.values.map(({ name }) => name);
  const own = draft.codes.get(list);
  if (own?.words == null) return null;
  return [...own.values.keys(), ...(own.words.other === undefined ? [] : [own.words.other])];
}

type Wanted = { readonly word: string; readonly fits: (value: Literal) => boolean };

const aText: Wanted = { word: 'a text', fits: (value) => typeof value === 'string' };
const matching = (word: string, pattern: RegExp): Wanted => ({
  word,
  fits: (value) => typeof value === 'string' && pattern.test(value),
});

const WANTED: { readonly [converter: string]: Wanted } = {
  const: { word: 'a literal', fits: () => true },
  text: aText,
  plate: aText,
  phone: aText,
  idNumber: aText,
  concat: aText,
  number: { word: 'a number', fits: (value) => typeof value === 'number' },
  integer: { word: 'a whole number', fits: (value) => Number.isInteger(value) },
  flag: { word: 'true or false', fits: (value) => typeof value === 'boolean' },
  duration: {
    word: 'a duration such as PT5M',
    fits: (value) => typeof value === 'string' && parseDuration(value) !== null,
  },
  decimal: matching('a decimal number in quotes', /^-?\d+(\.\d+)?$/),
  date: matching('a date such as 2026-04-05', /^\d{4}-\d{2}-\d{2}$/),
  monthDay: matching('a day of the year such as 04-01', /^\d{2}-\d{2}$/),
  time: matching(
    'a time such as 2026-04-05T00:30:00Z',
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/,
  ),
};

export const CONST_RULES: readonly Rule[] = [consts];
