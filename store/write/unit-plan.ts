// What the writer knows of a unit once its tables are migrated: for every type its table, columns and statements, and the
// order in which the types of a page are written. Pure; made once a manifest.
import type { Form, Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import { isPartitioned, type StoredColumn, toHistoryName, toStoredColumns, toTableName } from '../columns.ts';
import type { FeedKey } from '../contract.ts';
import { toFormIds } from '../migrate/shape.ts';

export type TypePlan = {
  readonly unit: string;
  readonly type: UnitType;
  readonly table: string;
  readonly history: string;
  readonly partitioned: boolean;
  readonly columns: readonly StoredColumn[];
  /** Identity of each form, by its index: the keys of `_parts`. */
  readonly formIds: readonly string[];
  /** Types that merge by field: the columns that each form writes, by its index. */
  readonly columnsOfForm: readonly (readonly StoredColumn[])[];
};

export type UnitPlan = {
  readonly unit: Unit;
  /** In writing order: a link's target before the rows that name it, as far as there is no circle. */
  readonly types: ReadonlyMap<string, TypePlan>;
};

export function planUnitWriting(unit: Unit): UnitPlan {
  return {
    unit,
    types: new Map(toWritingOrder(unit).map((type) => [type.name, planTypeWriting(unit.unit, type)])),
  };
}

export function planTypeWriting(unit: string, type: UnitType): TypePlan {
  const columns = toStoredColumns(type);
  return {
    unit,
    type,
    table: toTableName(unit, type.name),
    history: toHistoryName(unit, type.name),
    partitioned: isPartitioned(type),
    columns,
    formIds: toFormIds(type),
    columnsOfForm: type.forms.map((form) => toColumnsOfForm(type, form, columns)),
  };
}

/** Types that this feed brings rows of. */
export function toTypesOfFeed(unit: Unit, feed: FeedKey): readonly UnitType[] {
  return unit.types.filter((type) => toFormsOfFeed(type, feed).length > 0);
}

/** The forms of a type that this feed reads. */
export function toFormsOfFeed(type: UnitType, feed: FeedKey): readonly Form[] {
  return type.forms.filter(
    (form) =>
      form.source === feed.source && form.object === feed.object && form.sync.strategy === feed.strategy,
  );
}

/** Types whose rows go when a whole snapshot of this feed no longer has them. */
export function toAbsenceTypes(unit: Unit, feed: FeedKey): readonly UnitType[] {
  if (feed.strategy !== 'snapshot') return [];
  return toTypesOfFeed(unit, feed).filter((type) => type.deletes.absence);
}

/** The fields that a form gives, with the ones that the hub derives from them. */
export function toFieldsOfForm(type: UnitType, form: Form): ReadonlySet<string> {
  const given = new Set(form.readings.map((reading) => reading.field));
  for (const field of type.fields)
    if (field.derived !== null && given.has(field.derived.from)) given.add(field.name);
  return given;
}

function toColumnsOfForm(
  type: UnitType,
  form: Form,
  columns: readonly StoredColumn[],
): readonly StoredColumn[] {
  const fields = toFieldsOfForm(type, form);
  const links = new Set(
    type.links
      .filter((link) => link.on.some((on) => on.pairs.every((pair) => fields.has(pair.own))))
      .map((link) => link.name),
  );
  return columns.filter(
    (column) =>
      (column.field !== null && fields.has(column.field)) || (column.link !== null && links.has(column.link)),
  );
}

function toWritingOrder(unit: Unit): readonly UnitType[] {
  const order: UnitType[] = [];
  const visited = new Set<string>();
  const visit = (type: UnitType): void => {
    if (visited.has(type.name)) return;
    visited.add(type.name);
    for (const link of type.links) {
      const target = unit.types.find((other) => link.to?.unit === unit.unit && other.name === link.to.type);
      if (target !== undefined) visit(target);
    }
    order.push(type);
  };
  for (const type of unit.types) visit(type);
  return order;
}
