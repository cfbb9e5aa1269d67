// The small words of which every part of a manifest is made: labels, secrets, durations, names, raw codes, columns.
// A message that begins with an id (`M004: …`) names the finding; all others are M001 (issues.ts).
import { z } from 'zod';
import { parseDuration } from '../../../../schema/duration.ts';

export const text = z.string().regex(/\S/, 'must not be empty');

export const label = {
  zh: z
    .string({ error: 'M003: the label needs zh, a text' })
    .regex(/\S/, 'M003: the label must not be empty'),
  en: z
    .string({ error: 'M003: the label needs en, a text' })
    .regex(/\S/, 'M003: the label must not be empty'),
};
export const optionalLabel = { zh: label.zh.optional(), en: label.en.optional() };

export const SECRET_NAME = /^[A-Z][A-Z0-9_]*$/;
const NO_LITERAL = 'M012: must be { secret: NAME }; a secret is never written out';
export const secret = z.strictObject(
  { secret: z.string().regex(SECRET_NAME, 'must be a name in capitals, such as HYDROLOGY_URL') },
  { error: (issue) => (isScalar(issue.input) ? NO_LITERAL : undefined) },
);

export const iso = z
  .string()
  .refine(
    (value) => parseDuration(value) !== null,
    'must be an ISO 8601 duration without months, such as PT5M',
  )
  .meta({ examples: ['PT5M', 'P3D'] });

/** An interval, a time-out or a promise: none of them can be nothing. */
export const span = iso.refine((value) => parseDuration(value) !== 0, 'must be longer than nothing');

export const zone = z.string().refine(isZone, 'M005: must be a zone of the IANA list, such as Asia/Shanghai');

export const unitName = z
  .string()
  .regex(
    /^[a-z][a-z-]{1,30}$/,
    'M002: must be lower-case words joined by hyphens, such as natural-resources',
  );
export const sourceName = z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'must be a name such as telemetry');
export const typeName = z.string().regex(/^[A-Z][A-Za-z0-9]*$/, 'must be a name such as RiverReading');
export const fieldName = z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'must be a name such as warnLevel');
export const valueName = z
  .string()
  .regex(/^(?!NULL$|TRUE$|FALSE$)[A-Z][A-Z0-9_]*$/, 'must be a name in capitals such as RAIN');
/** `hub.DataQuality` or a list of this manifest. */
export const listName = z.string().regex(/^(hub\.)?[A-Z][A-Za-z0-9]*$/, 'must be the name of a code list');

/** A raw text as the source gives it; YAML would take the zeros of an unquoted one. */
export const raw = z.string({
  error: (issue) =>
    typeof issue.input === 'number' || typeof issue.input === 'boolean'
      ? 'M004: quote this raw code; unquoted, YAML makes it a number or truth value'
      : undefined,
});
export const raws = z.array(raw);

export const column = z.string({
  error: (issue) => (typeof issue.input === 'number' ? 'M004: quote this column name' : undefined),
});
export const columnName = column.regex(/\S/, 'must name a column');
export const columns = z.array(columnName).min(1);
export const literal = z.union([z.string(), z.number(), z.boolean()], {
  error: 'must be text, a number or true/false',
});
export const positive = z.int().min(1);

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isZone(value: string): boolean {
  // Node also takes bare offsets (+08:00), which have no daylight rules and are no names.
  if (!/^[A-Za-z]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}
