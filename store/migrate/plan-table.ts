// What one type's tables need so that they fit its manifest, or why that cannot be done without losing rows. Pure.
import type { UnitType } from '../../connectors/kit/manifest/model.ts';
import { KNOWN_TO, OWN, type StoredColumn, toHistoryName, toStoredColumns, toTableName } from '../columns.ts';
import { quoteIdentifier } from '../sql-identifiers.ts';
import type { CatalogTable } from './catalog.ts';
import { type ShapeColumn, type TypeShape, toTypeShape } from './shape.ts';
import { toColumnSql, toCreateSql } from './table-sql.ts';
import { toWidening } from './widening.ts';

export type Refusal = {
  readonly type: string;
  readonly field: string | null;
  readonly reason: string;
  readonly fix: string;
};
export type TablePlan = { readonly statements: readonly string[]; readonly refusals: readonly Refusal[] };

/** The tables as they stand: `before` is what they were made from. */
export type Standing = {
  readonly table: CatalogTable;
  readonly history: CatalogTable | undefined;
  readonly before: TypeShape;
};

/** Tables without a single row are made anew rather than refused. */
export function planTable(unit: string, type: UnitType, standing: Standing): TablePlan {
  const after = toTypeShape(type);
  const columns = toStoredColumns(type).map((column) => planColumn(unit, type, column, standing));
  const refusals = [
    ...toMeaningRefusals(type.name, standing.before, after),
    ...columns.flatMap((plan) => plan.refusals),
  ];
  const empty = standing.table.empty && (standing.history?.empty ?? true);
  if (refusals.length > 0 && empty) return { statements: toRecreateSql(unit, type), refusals: [] };
  return {
    refusals,
    statements: [
      ...columns.flatMap((plan) => plan.statements),
      ...toFormSql(unit, type.name, standing.before.forms, after.forms),
      ...toKeptNotes(unit, type.name, standing.before.columns, after.columns),
    ],
  };
}

function toRecreateSql(unit: string, type: UnitType): readonly string[] {
  return [
    `DROP TABLE ${toTableName(unit, type.name)}`,
    `DROP TABLE IF EXISTS ${toHistoryName(unit, type.name)}`,
    ...toCreateSql(unit, type),
  ];
}

// What changes the meaning of rows that are stored: no ALTER TABLE can mend it.
function toMeaningRefusals(type: string, before: TypeShape, after: TypeShape): readonly Refusal[] {
  const refuse = (field: string | null, what: string, from: unknown, to: unknown): Refusal => ({
    type,
    field,
    reason: `its ${what} changes from ${toText(from)} to ${toText(to)}, and the rows stored under the old one would mean something else`,
    fix: 'give the type a new name (the old table stays), or take the change back',
  });
  const links = after.columns.flatMap((column) => {
    const old = before.columns.find(
      (other) => other.link !== null && other.link === column.link && !other.kept,
    );
    return old === undefined || old.to === column.to
      ? []
      : [
          {
            ...refuse(column.link, `link ${column.link}`, old.to, column.to),
            fix: 'give the link a new name',
          },
        ];
  });
  return [
    ...(before.role === after.role ? [] : [refuse(null, 'role', before.role, after.role)]),
    ...(toText(before.key) === toText(after.key) ? [] : [refuse(null, 'key', before.key, after.key)]),
    ...(before.time === after.time ? [] : [refuse(after.time, 'time field', before.time, after.time)]),
    ...(before.partitioned === after.partitioned
      ? []
      : [refuse(null, 'partitioning by month', before.partitioned, after.partitioned)]),
    ...links,
  ];
}

function toText(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

function planColumn(unit: string, type: UnitType, column: StoredColumn, standing: Standing): TablePlan {
  const tables = [
    toTableName(unit, type.name),
    ...(standing.history === undefined ? [] : [toHistoryName(unit, type.name)]),
  ];
  const standingType = standing.table.columns.get(column.column);
  const all = (change: string): TablePlan => ({
    statements: tables.map((table) => `ALTER TABLE ${table} ${change}`),
    refusals: [],
  });
  const old = standing.before.columns.find((other) => other.column === column.column);
  const returned = old?.kept === true ? toForgottenHashes(unit, type, column) : NOTHING.statements;
  if (standingType === column.sqlType) return { statements: returned, refusals: [] };
  if (standingType === undefined) return all(`ADD COLUMN ${toColumnSql({ ...column, notNull: false })}`);
  const name = quoteIdentifier(column.column);
  const using = toWidening(name, standingType, column.sqlType);
  if (using !== null) {
    const { statements } = all(`ALTER COLUMN ${name} TYPE ${column.sqlType} USING ${using}`);
    return { statements: [...statements, ...returned], refusals: [] };
  }
  if (old?.kept === true) {
    const away = quoteIdentifier(toKeptName(column.column, standing.table));
    const moved = all(`RENAME COLUMN ${name} TO ${away}`);
    const added = all(`ADD COLUMN ${toColumnSql({ ...column, notNull: false })}`);
    return { statements: [...moved.statements, ...added.statements], refusals: [] };
  }
  return { statements: [], refusals: [toColumnRefusal(type, column, standingType)] };
}

// While a column was out of the manifest its values stood still, and a row whose field has become null has the hash of a
// row without it. Without a hash the next reading writes the row, whatever it brings.
function toForgottenHashes(unit: string, type: UnitType, column: StoredColumn): readonly string[] {
  const parts =
    type.merge === 'fields'
      ? `, ${OWN.parts} = (SELECT jsonb_object_agg(key, value - 'hash') FROM jsonb_each(${OWN.parts}))`
      : '';
  return [
    `UPDATE ${toTableName(unit, type.name)} SET ${OWN.hash} = ''${parts} WHERE ${quoteIdentifier(column.column)} IS NOT NULL`,
  ];
}

const NOTHING: TablePlan = { statements: [], refusals: [] };

function toColumnRefusal(type: UnitType, column: StoredColumn, from: string): Refusal {
  return {
    type: type.name,
    field: column.field ?? column.link ?? column.column,
    reason: `its stored values are ${from} and not all of them can become ${column.sqlType}`,
    fix: 'give the field a new name (the old column stays), or take the change back',
  };
}

function toKeptName(column: string, table: CatalogTable): string {
  for (let number = 1; ; number += 1) {
    const name = `_kept${number}_${column}`.slice(0, 63);
    if (!table.columns.has(name)) return name;
  }
}

// `_form` counts positions: when forms are added in front or taken away, stored rows follow their form. A form that is
// gone gets the last place, so that every living form may overwrite its rows.
function toFormSql(
  unit: string,
  type: string,
  before: readonly string[],
  after: readonly string[],
): readonly string[] {
  const moves = before.flatMap((form, index) => {
    const now = after.indexOf(form);
    const place = now === -1 ? GONE_FORM : now;
    return place === index ? [] : [{ index, place }];
  });
  if (moves.length === 0) return [];
  const cases = moves.map(({ index, place }) => `WHEN ${index} THEN ${place}`).join(' ');
  const moved = moves.map(({ index }) => index).join(', ');
  return [toTableName(unit, type), toHistoryName(unit, type)].map(
    (table) =>
      `UPDATE ${table} SET ${OWN.form} = CASE ${OWN.form} ${cases} ELSE ${OWN.form} END WHERE ${OWN.form} IN (${moved})`,
  );
}

const GONE_FORM = 32_767;

function toKeptNotes(
  unit: string,
  type: string,
  before: readonly ShapeColumn[],
  after: readonly ShapeColumn[],
): readonly string[] {
  return before
    .filter(
      (old) => !old.kept && old.column !== KNOWN_TO && !after.some((column) => column.column === old.column),
    )
    .map(
      (old) =>
        `-- kept: ${toTableName(unit, type)}.${quoteIdentifier(old.column)} is no longer in the manifest`,
    );
}
