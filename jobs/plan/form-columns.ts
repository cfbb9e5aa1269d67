// From a type's fields to the columns behind them, for one form: what plan-feeds.ts needs to order and bound a scan.
import type { Form, Reading, UnitType } from '../../connectors/kit/manifest/model.ts';

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

export type TimeColumn = { readonly column: string } | { readonly reason: string };

/** The column that a `window` scan is bounded by, or why there is none: it must be one native timestamp column. */
export function toTimeColumn({ type, form }: FormOf): TimeColumn {
  if (type.time === null) return { reason: `${type.name} has no time field` };
  const reading = readingOf(form, type.time);
  const [column, ...more] = reading?.columns ?? [];
  if (reading === null || column === undefined || more.length > 0)
    return { reason: `${type.name}.${type.time} is not read from exactly one column` };
  if ((reading.options.formats?.length ?? 0) > 0)
    return {
      reason: `${type.name}.${type.time} is read with formats; a window needs a native timestamp column`,
    };
  if (!isOwnColumn(column, form))
    return { reason: `${type.name}.${type.time} is not a column of ${form.object} itself` };
  return { column };
}

function readingOf(form: Form, field: string): Reading | null {
  return form.readings.find((reading) => reading.field === field) ?? null;
}
