// What stands in the database, as describe() answers it and as every statement finds its names. Read once a schema and
// kept while the source is open; forgotten when a name is missing or the database says that it is.
import { HubError } from '../../../schema/errors.ts';
import type { ColumnShape } from '../../kit/contract.ts';
import { type Table, toTables } from './catalogue-rows.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { SourcePlace } from './faults.ts';
import { type Resolution, resolveName } from './names.ts';
import type { Pool } from './pool.ts';

export type Catalogue = {
  /** Everything in the connection's default schema, in the order of names. */
  all(): Promise<readonly Table[]>;
  /** The table that `name` (or `schema.name`) means; HUB_SOURCE_SHAPE with the nearest names when there is none. */
  table(name: string): Promise<Table>;
  /** False while nothing has been read that could have grown old. */
  isKnown(): boolean;
  forget(): void;
  /** Forgets what was read; what is just being read is waited for instead. */
  renew(): void;
};

export function openCatalogue(pool: Pool, dialect: Dialect, place: SourcePlace): Catalogue {
  const schemas = new Map<string | null, Promise<readonly Table[]>>();
  const reading = new Set<string | null>();
  // A shared read must not end with the call that happened to begin it: no signal here.
  const read = (schema: string | null) => {
    const known = schemas.get(schema);
    if (known !== undefined) return known;
    const tables = readSchema(pool, dialect, schema);
    schemas.set(schema, tables);
    reading.add(schema);
    tables.catch(() => schemas.delete(schema)).finally(() => reading.delete(schema));
    return tables;
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
  const table: Catalogue['table'] = async (name) => {
    const found = await find(name);
    if (found === undefined) throw new HubError('HUB_INTERNAL', `the catalogue lost ${name}`);
    return found;
  };
  return {
    all: () => read(null),
    table,
    isKnown: () => schemas.size > 0,
    forget: () => schemas.clear(),
    renew: () => {
      for (const schema of schemas.keys()) if (!reading.has(schema)) schemas.delete(schema);
    },
  };
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
    throw new HubError('HUB_SOURCE_SHAPE', `${table.name}: a column name with "?" cannot be asked for`, {
      place,
    });
  return column;
}

function toNameError(
  place: SourcePlace,
  what: string,
  name: string,
  missing: Resolution,
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
  const ask = (text: string) =>
    pool.run(pool.db.select('*').from(pool.db.raw(`(${text}) q`, [schema, schema])), null);
  const columns = await ask(dialect.catalogue.columns);
  const keys = await ask(dialect.catalogue.keys);
  const rows = await ask(dialect.catalogue.rows);
  return toTables({ columns, keys, rows }, schema, dialect.toKind);
}
