// Which of a thing's rows counts when: the interval that `valid` names in the manifest, against the instant that is asked for,
// now or `asOf`. A year's seasons are days on the wall in the unit's zone, both ends included, and may go over the turn of the year.
import { quoteLiteral } from '../../../store/sql-identifiers.ts';
import type { CatalogType } from '../catalog.ts';
import type { Draft } from '../draft.ts';
import { toFieldColumn } from '../row-columns.ts';

export type ValidSql = {
  /** Holds for a row that counts. Without an end it counts on, to the year's end where it is a season. */
  readonly counts: string;
  /** Of several that count, the one that began last comes first. */
  readonly order: string;
};

/** Of the row `row`; null where the type has no such interval. */
export function toValidSql(
  { type: { valid }, zone }: CatalogType,
  row: string,
  draft: Draft,
): ValidSql | null {
  if (valid === null) return null;
  const instant = draft.bind(draft.asOf ?? 'now', 'timestamptz');
  const [from, to] = [toFieldColumn(row, valid.from), toFieldColumn(row, valid.to)];
  if (!valid.yearly) {
    const counts = `${from} <= ${instant} and (${to} is null or ${to} > ${instant})`;
    return { counts, order: `${from} desc, ${row}._key` };
  }
  // By bytes: months and days have two digits each.
  const day = `to_char(timezone(${quoteLiteral(zone)}, ${instant}), 'MM-DD') collate "C"`;
  const within = `(${from} <= ${day} and (${to} is null or ${day} <= ${to}))`;
  const aroundNewYear = `(${to} < ${from} collate "C" and (${from} <= ${day} or ${day} <= ${to}))`;
  return { counts: `(${within} or ${aroundNewYear})`, order: `${from} > ${day}, ${from} desc, ${row}._key` };
}
