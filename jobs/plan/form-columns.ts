// From a type's fields to the columns behind them, for one form: what plan-feeds.ts needs to order and bound a scan.
import type { Form, Reading, UnitType } from '../../connectors/kit/manifest/model.ts';
import { isSortedFormat } from '../../connectors/kit/manifest/shape/time-format.ts';

/** A form together with the type that it belongs to. */
export type FormOf = { readonly type: UnitType; readonly form: Form };

/** True for a column of the object itself: no capture, no parent's or item's value, no column of an `extend` table. */
export function isOwnColumn(column: string, form: Form): boolean {
  if (column.startsWith('@') || column.startsWith('^')) return false;
  return !form.extend.some((extend) => column.startsWith(`${extend.as}.`));
}

/** Columns that together name a row of this form: those of its key's fields, links resolved to their own fields. */
export function toKeyColumns({ type, form }: FormOf): string[] {
  const columns = type.key.flatMap((part) => {
    const link = type.links.find((candidate) => candidate.name === part);
    if (link === undefined) return readingOf(form, part)?.columns ?? [];
    const way = link.on.find((on) => on.pairs.every((pair) => readingOf(form, pair.own) !== null));
    return way?.pairs.flatMap((pair) => readingOf(form, pair.own)?.columns ?? []) ?? [];
  });
  return [...new Set(columns.filter((column) => isOwnColumn(column, form)))];
}

/** `formats`: how the column says its time, where it is no native one. */
export type TimeColumn =
  | { readonly column: string; readonly formats: readonly string[] }
  | { readonly reason: string };

/** The column that a `window` scan is bounded by, or why there is none: it must be one, in the order of time. */
export function toTimeColumn({ type, form }: FormOf): TimeColumn {
  if (type.time === null) return { reason: `${type.name} has no time field` };
  const reading = readingOf(form, type.time);
  const [column, ...more] = reading?.columns ?? [];
  if (reading === null || column === undefined || more.length > 0)
    return { reason: `${type.name}.${type.time} is not read from exactly one column` };
  const { formats = [] } = reading.options;
  if (!formats.every(isSortedFormat))
    return {
      reason: `${type.name}.${type.time} is a text whose formats do not sort by time: ${formats.join(', ')}`,
    };
  if (!isOwnColumn(column, form))
    return { reason: `${type.name}.${type.time} is not a column of ${form.object} itself` };
  return { column, formats };
}

/** The column of a `cursor`, or why its source cannot be asked by it. `asRows`: by a condition on the column. */
export function toCursorColumn({ type, form }: FormOf, asRows: boolean): TimeColumn {
  const { cursor } = form.sync;
  if (cursor === null) return { reason: `${type.name} has strategy cursor without sync.cursor` };
  const { column, format } = cursor;
  if (!isOwnColumn(column, form))
    return { reason: `the cursor of ${type.name} is not a column of ${form.object} itself` };
  if (format === null) return { column, formats: [] };
  if (asRows && !['epochSeconds', 'epochMillis'].includes(format) && !isSortedFormat(format))
    return { reason: `the cursor of ${type.name} is a text whose format does not sort by time: ${format}` };
  return { column, formats: [format] };
}

function readingOf(form: Form, field: string): Reading | null {
  return form.readings.find((reading) => reading.field === field) ?? null;
}
