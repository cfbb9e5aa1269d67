// By what a source itself calls a record: a record that could not land and the row that lands at last have the same native
// key, whatever else was corrected meanwhile. Pure.
import { createHash } from 'node:crypto';
import type { SourceRecord } from '../../connectors/kit/contract.ts';
import type { Form, Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import { compileColumn } from '../../connectors/kit/mapping/columns.ts';
import { toNativeColumns } from '../../connectors/kit/mapping/forms/native-columns.ts';
import type { MappedRow } from '../../connectors/kit/mapping/outcome.ts';
import { toShownText } from '../../connectors/kit/mapping/raw-text.ts';
import type { FeedKey } from '../contract.ts';
import { toStorableNative } from './stage.ts';
import { toFormsOfFeed, toTypesOfFeed } from './unit-plan.ts';

type Native = MappedRow['native'];

/** As the mapping makes it and the staging stores it: the columns behind the key's fields, as text. */
export function toNative(type: UnitType, form: Form, record: SourceRecord): Native {
  const frame = {
    record,
    parent: null,
    meta: undefined,
    receivedAt: '',
    item: undefined,
    name: undefined,
    value: undefined,
  };
  const columns = toNativeColumns(type, form);
  return toStorableNative(
    Object.fromEntries(columns.map((column) => [column, toShownText(compileColumn(column)(frame))])),
  );
}

/** A short name of a native key within its type; null for one that names no record, since a part of it is missing. */
export function toNativeMark(type: string, native: Native): string | null {
  const parts = Object.entries(toStorableNative(native)).sort(([a], [b]) => (a < b ? -1 : 1));
  if (parts.length === 0 || parts.some(([, value]) => value === null)) return null;
  return createHash('md5')
    .update(JSON.stringify([type, parts]))
    .digest('hex');
}

/** The marks that a record of this feed would have. One that no form took may become a row of any type of the feed. */
export function toMarksOf(
  unit: Unit,
  feed: FeedKey,
): (kept: { readonly type: string | null; readonly record: SourceRecord }) => readonly string[] {
  const forms = toTypesOfFeed(unit, feed).flatMap((type) =>
    toFormsOfFeed(type, feed).map((form) => ({ type, form })),
  );
  return ({ type: name, record }) =>
    forms
      .filter(({ type }) => name === null || type.name === name)
      .flatMap(({ type, form }) => toNativeMark(type.name, toNative(type, form, record)) ?? []);
}
