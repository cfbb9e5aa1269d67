// Lint of what a database is asked by (manifest §10): a window by the column of the time, a cursor by its own; and
// all forms that read one table with one strategy by the same, since they are read together.
import { atValue, type Finding } from '../path.ts';
import { toColumns, toFormReadings } from '../resolve/readings.ts';
import { isSortedFormat } from '../shape/time-format.ts';
import type { SyncWords } from '../shape/type.ts';
import { type FormPlace, type Rule, toDistinct, toForms, toSync } from './rule.ts';

type Bound = { readonly column: string } | { readonly fault: string };

/** Sort by time (M063), but as texts of which the hub cannot write one that bounds them. */
const UNBOUND = ['iso', 'excel'];

/** M060 */
const bounds: Rule = (draft) => {
  const columns = new Map<string, string>();
  return toDistinct(
    toForms(draft).flatMap((place): Finding[] => {
      const found = toSync(place);
      if (place.source?.kind !== 'sql' || found === null) return [];
      const { strategy } = found.sync;
      const path = [...found.path, 'strategy'];
      const bound =
        strategy === 'window' ? toTime(place) : strategy === 'cursor' ? toMark(place, found.sync) : null;
      if (bound === null) return [];
      if ('fault' in bound) return [atValue('M060', path, bound.fault)];
      const { source, object } = place.form.words;
      const name = JSON.stringify([source, object, strategy]);
      const other = columns.get(name) ?? bound.column;
      columns.set(name, other);
      if (other === bound.column) return [];
      return [
        atValue(
          'M060',
          path,
          `goes by ${bound.column} here and by ${other} in another form: what reads ${object} as ${strategy} is read together, and in one order`,
        ),
      ];
    }),
  );
};

/** The column of the type's time in this form; null for what other rules judge. */
function toTime({ type, form }: FormPlace): Bound | null {
  const { time } = type.words;
  const reading = toFormReadings(type, form).find(({ field }) => field === time);
  if (reading === undefined || reading.converter !== 'time') return null;
  const [column, ...more] = toColumns(reading);
  if (column === undefined) return null;
  const fault =
    more.length > 0
      ? 'is read from several columns'
      : !(reading.words.formats ?? []).every(isSortedFormat)
        ? `is a text whose formats do not sort by time: ${reading.words.formats?.join(', ')}`
        : isOwn(column, form.words)
          ? null
          : `is read from ${column}, which is no column of the table itself`;
  if (fault === null) return { column };
  return { fault: `a window goes by one column in the order of time, but ${time} ${fault}` };
}

function toMark({ form }: FormPlace, { cursor }: SyncWords): Bound | null {
  if (cursor === undefined) return null;
  const { column, format } = cursor;
  if (!isOwn(column, form.words))
    return { fault: `a cursor goes by a column of the table itself, which ${column} is not` };
  if (format === undefined || !UNBOUND.includes(format))
    return { column: format === undefined ? column : `${column} (${format})` };
  return {
    fault: `a database is asked by a native time, by whole numbers or by texts of a fixed form, but ${column} is ${format}`,
  };
}

function isOwn(column: string, { extend = [] }: FormPlace['form']['words']): boolean {
  return !/^[@^]/.test(column) && !extend.some(({ as }) => column.startsWith(`${as}.`));
}

export const BOUND_RULES: readonly Rule[] = [bounds];
