// From the rows of a dialect's catalogue queries to tables with their columns, key and size.
import type { ColumnKind, ColumnShape, ObjectShape } from '../../kit/contract.ts';

export type CatalogueRow = { readonly [name: string]: unknown };
export type Table = ObjectShape & { readonly schema: string; readonly table: string };

/** Sorted by name. Tables of the default schema (`schema` null) have their bare name, others `schema.table`. */
export function toTables(
  found: {
    readonly columns: readonly CatalogueRow[];
    readonly keys: readonly CatalogueRow[];
    readonly rows: readonly CatalogueRow[];
  },
  schema: string | null,
  toKind: (native: string) => ColumnKind,
): readonly Table[] {
  const keysOf = groupBy(found.keys, toObjectKey);
  const rowsOf = new Map(found.rows.map((row) => [toObjectKey(row), toCount(row.row_estimate)]));
  const tables = [...groupBy(found.columns, toObjectKey)].map(([id, own]) => {
    const columns = own.sort(byPosition).map((row) => toColumn(row, toKind));
    const table = String(own[0]?.object_name);
    const schemaName = String(own[0]?.schema_name);
    return {
      name: schema === null ? table : `${schemaName}.${table}`,
      schema: schemaName,
      table,
      columns,
      key: toKey(keysOf.get(id) ?? [], columns),
      rows: rowsOf.get(id) ?? null,
    };
  });
  return tables.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function toColumn(row: CatalogueRow, toKind: (native: string) => ColumnKind): ColumnShape {
  const native = String(row.native);
  return {
    name: String(row.column_name),
    kind: toKind(native),
    native,
    nullable: Number(row.nullable) !== 0,
  };
}

/** The primary key, else the shortest unique index over columns that are never null, else none. */
function toKey(rows: readonly CatalogueRow[], columns: readonly ColumnShape[]): readonly string[] {
  const never = new Set(columns.filter((column) => !column.nullable).map((column) => column.name));
  const candidates = [...groupBy(rows, (row) => String(row.index_name))]
    .map(([name, own]) => ({
      name,
      primary: own.some((row) => Number(row.is_primary) === 1),
      key: own.sort(byPosition).map((row) => String(row.column_name)),
    }))
    .filter(({ key }) => key.every((column) => never.has(column)))
    .sort(
      (a, b) =>
        Number(b.primary) - Number(a.primary) || a.key.length - b.key.length || (a.name < b.name ? -1 : 1),
    );
  return candidates[0]?.key ?? [];
}

function toObjectKey(row: CatalogueRow): string {
  return JSON.stringify([row.schema_name, row.object_name]);
}

function toCount(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function byPosition(a: CatalogueRow, b: CatalogueRow): number {
  return Number(a.position) - Number(b.position);
}

function groupBy(
  rows: readonly CatalogueRow[],
  toName: (row: CatalogueRow) => string,
): Map<string, CatalogueRow[]> {
  const groups = new Map<string, CatalogueRow[]>();
  for (const row of rows) {
    const group = groups.get(toName(row));
    if (group === undefined) groups.set(toName(row), [row]);
    else group.push(row);
  }
  return groups;
}
