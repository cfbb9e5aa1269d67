// What a feed's types make of its records: which columns feed which fields, and a digest of all that decides about it.
// Pure; plan-feeds.ts puts both into the feed, so that drift is told by field and a corrected manifest re-reads old rows.
import { createHash } from 'node:crypto';
import type { CodeList, Form, Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import { toFormColumns } from '../../connectors/kit/mapping/forms/native-columns.ts';
import type { ColumnUse } from './feed.ts';
import type { FormOf } from './form-columns.ts';

/** One a type and column, in the order of the manifest. */
export function toColumnUses(unit: Unit, forms: readonly FormOf[]): readonly ColumnUse[] {
  const uses = new Map<string, ColumnUse>();
  for (const { type, form } of forms)
    for (const { column, optional, fields } of toFormColumns(type, form)) {
      const name = JSON.stringify([type.name, column]);
      const known = uses.get(name);
      const all = [...new Set([...(known?.fields ?? []), ...fields])];
      uses.set(name, {
        type: type.name,
        column,
        joined: form.extend.some(({ as }) => column.startsWith(`${as}.`)),
        optional: optional && (known?.optional ?? true),
        fields: all,
        reading: toDigest([known?.reading ?? null, toReadingsOf(unit, form, column, fields)]),
      });
    }
  return [...uses.values()];
}

/** A digest over the forms' readings and conditions, their code lists, keys, links and divisions, and the source's clock and coordinates. */
export function toMeaning(unit: Unit, forms: readonly FormOf[]): string {
  const source = unit.sources.find(({ name }) => name === forms[0]?.form.source);
  return toDigest([
    source === undefined ? null : [source.zone, source.crs, source.columnCase],
    forms.map(({ type, form }) => [toTypeMeaning(type), toFormMeaning(form), toLists(unit, form)]),
  ]);
}

function toTypeMeaning({ name, key, time, merge, deletes, division, fields, links }: UnitType) {
  return {
    name,
    key,
    time,
    merge,
    division,
    deleted: [deletes.column, deletes.when],
    fields: fields.map((field) => [field.name, field.converter, field.graphql, field.derived]),
    links: links.map((link) => [link.name, link.to, link.on]),
  };
}

function toFormMeaning({ shape, where, extend, each, fan, unpivot, only, readings }: Form) {
  return { shape, where, extend, each, fan, unpivot, only, readings };
}

function toReadingsOf(unit: Unit, form: Form, column: string, fields: readonly string[]) {
  const readings = form.readings.filter(
    ({ columns, options }) => columns.includes(column) || options.quality?.column === column,
  );
  const where = form.where.filter((condition) => condition.column === column);
  return [fields, readings, where, toLists(unit, { readings })];
}

// What people read of a list is not what its codes mean.
function toLists({ codes }: Unit, { readings }: Pick<Form, 'readings'>) {
  const names = new Set(readings.flatMap(({ options }) => [options.list, options.quality?.list]));
  return codes.filter(({ name }) => names.has(name)).map(toListMeaning);
}

function toListMeaning({ name, ignoreCase, to, values, other }: CodeList) {
  return [
    name,
    ignoreCase,
    to,
    other,
    values.map((value) => [value.name, value.from, value.band, value.unit]),
  ];
}

function toDigest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}
