// What stands in the database, as describe() answers it and as every statement finds its names. Read once a schema and
// kept while the source is open; read anew when a name is missing or the database says that it is.
import { HubError } from '../../../schema/errors.ts';
import type { CallOptions, ColumnShape, ObjectShape } from '../../kit/contract.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { SourcePlace } from './faults.ts';
import { resolveName } from './names.ts';
import type { Pool, Row } from './pool.ts';

export type Table = ObjectShape & { readonly schema: string; readonly table: string };

export type Catalogue = {
  /** Everything in the connection's default schema, in the order of names. */
  all(options?: CallOptions): Promise<readonly Table[]>;
  /** The table that `name` (or `schema.name`) means; HUB_SOURCE_SHAPE with the nearest names when there is none. */
  table(name: string, options?: CallOptions): Promise<Table>;
  forget(): void;
};

export function openCatalogue(pool: Pool, dialect: Dialect, place: SourcePlace): Catalogue {
  const schemas = new Map<string | null, Promise<readonly Table[]>>();
  // A shared read must not end with the call that happened to begin it: no signal here.
  const read = (schema: string | null) => {
    const known = schemas.get(schema);
    if (known !== undefined) return known;
    const reading = readSchema(pool, dialect, schema);
    schemas.set(schema, reading);
    reading.catch(() => schemas.delete(schema));
    return reading;
  };
  const find = async (name: string) => {
    const own = await read(null);
    const direct = resolveName(
      name,
      own.map((table) => table.table),
    );
    if ('found' in direct) return own[direct.found];
    const [schema = '', rest] = cutAtDot(name);
    if (rest === null) throw toNameError(place, 'object', name, direct, place);
    const theirs = await read(schema);
    const schemaNames = [...new Set(theirs.map((table) => table.schema))];
    const chosen = resolveName(schema, schemaNames);
    if (!('found' in chosen)) throw toNameError(place, 'schema of the object', name, chosen, place);
    const inside = theirs.filter((table) => table.schema === schemaNames[chosen.found]);
    const found = resolveName(
      rest,
      inside.map((table) => table.table),
    );
    if (!('found' in found)) throw toNameError(place, 'object', name, found, place);
    return inside[found.found];
  };
  const table: Catalogue['table'] = async (name, options = {}) => {
    const wasKnown = schemas.size > 0;
    const found = await find(name).catch((error) => {
      if (!wasKnown || !(error instanceof HubError) || error.code !== 'HUB_SOURCE_SHAPE') throw error;
      schemas.clear();
      return find(name);
    });
    options.signal?.throwIfAborted();
    if (found === undefined) throw new HubError('HUB_INTERNAL', `the catalogue lost ${name}`);
    return found;
  };
  return { all: () => read(null), table, forget: () => schemas.clear() };
}

/** The column that `name` means in `table`; HUB_SOURCE_SHAPE with the nearest names when there is none. */
export function findColumn(table: Table, name: string, place: SourcePlace): ColumnShape {
  const names = table.columns.map((column) => column.name);
  const resolution = resolveName(name, names);
  const column = 'found' in resolution ? table.columns[resolution.found] : undefined;
  if (column === undefined)
    throw toNameError(place, `column of ${table.name}`, name, resolution, {
      ...place,
      object: table.name,
      column: name,
    });
  // knex takes a question mark for a bind, in names too.
  if (column.name.includes('?'))
    throw new HubError('HUB_SOURCE_SHAPE', `${table.name}: a column name with "?" cannot be asked for`, { place });
  return column;
}

type Missing = ReturnType<typeof resolveName>;
function toNameError(
  place: SourcePlace,
  what: string,
  name: string,
  missing: Missing,
  at: SourcePlace,
): HubError {
  const near = 'nearest' in missing ? missing.nearest : [];
  const why =
    'ambiguous' in missing
      ? `could be any of: ${missing.ambiguous.join(', ')}; write it exactly`
      : `is not there${near.length === 0 ? '' : `; nearest: ${near.join(', ')}`}`;
  return new HubError('HUB_SOURCE_SHAPE', `${place.unit}.${place.source}: ${what} "${name}" ${why}`, {
    place: at,
  });
}

/** At the first dot; null when there is none to cut at. */
function cutAtDot(name: string): readonly [string, string | null] {
  const dot = name.indexOf('.');
  return dot < 1 ? [name, null] : [name.slice(0, dot), name.slice(dot + 1)];
}

async function readSchema(pool: Pool, dialect: Dialect, schema: string | null): Promise<readonly Table[]> {
  const ask = (text: string) => {
    // `null` is no bind of a Fragment, but knex and all four drivers take it.
    const from = pool.db.raw(`(${text}) q`, [schema, schema] as unknown as string[]);
    return pool.run(pool.db.select('*').from(from), null);
  };
  const [columns, keys, rows] = [
    await ask(dialect.catalogue.columns),
    await ask(dialect.catalogue.keys),
    await ask(dialect.catalogue.rows),
  ];
  const keysOf = groupBy(keys, toObjectKey);
  const rowsOf = new Map(rows.map((row) => [toObjectKey(row), toCount(row['row_estimate'])]));
  return [...groupBy(columns, toObjectKey)].map(([key, own]) => {
    const shapes = own.sort(byPosition).map((row) => toColumn(row, dialect));
    const [first] = own;
    const table = String(first?.['object_name']);
    const schemaName = String(first?.['schema_name']);
    return {
      name: schema === null ? table : `${schemaName}.${table}`,
      schema: schemaName,
      table,
      columns: shapes,
      key: toKey(keysOf.get(key) ?? [], shapes),
      rows: rowsOf.get(key) ?? null,
    };
  }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function toColumn(row: Row, dialect: Dialect): ColumnShape {
  const native = String(row['native']);
  return {
    name: String(row['column_name']),
    kind: dialect.toKind(native),
    native,
    nullable: Number(row['nullable']) !== 0,
  };
}

/** The primary key, else the shortest unique index over columns that are never null, else none. */
function toKey(rows: readonly Row[], columns: readonly ColumnShape[]): readonly string[] {
  const never = new Set(columns.filter((column) => !column.nullable).map((column) => column.name));
  const candidates = [...groupBy(rows, (row) => String(row['index_name']))]
    .map(([name, own]) => ({
      name,
      primary: own.some((row) => Number(row['is_primary']) === 1),
      key: own.sort(byPosition).map((row) => String(row['column_name'])),
    }))
    .filter(({ key }) => key.every((column) => never.has(column)))
    .sort(
      (a, b) =>
        Number(b.primary) - Number(a.primary) || a.key.length - b.key.length || (a.name < b.name ? -1 : 1),
    );
  return candidates[0]?.key ?? [];
}

function toObjectKey(row: Row): string {
  return JSON.stringify([row['schema_name'], row['object_name']]);
}

function toCount(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function byPosition(a: Row, b: Row): number {
  return Number(a['position']) - Number(b['position']);
}

function groupBy(rows: readonly Row[], toName: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(toName(row));
    if (group === undefined) groups.set(toName(row), [row]);
    else group.push(row);
  }
  return groups;
}
