// What stands in the database for one unit, read once at the beginning of its migration.
import type pg from 'pg';
import type { SqlType } from '../columns.ts';
import { PLACED_BY } from '../places.ts';
import { quoteIdentifier } from '../sql-identifiers.ts';

export type CatalogTable = {
  readonly columns: ReadonlyMap<string, SqlType | 'other'>;
  readonly partitioned: boolean;
  /** Neither a live row nor a tombstone; a partitioned table counts with its partitions. */
  readonly empty: boolean;
};

/**
 * Tables by name; `relations` are all names that are taken in the unit's schema, indexes and partitions included; `placed` are
 * the tables whose places are kept (store/places.ts).
 */
export type UnitCatalog = {
  readonly tables: ReadonlyMap<string, CatalogTable>;
  readonly relations: ReadonlySet<string>;
  readonly placed: ReadonlySet<string>;
};

const TYPE_NAMES: { readonly [typname: string]: SqlType } = {
  text: 'text',
  float8: 'float8',
  int2: 'int2',
  int4: 'int4',
  int8: 'int8',
  numeric: 'numeric',
  bool: 'bool',
  timestamptz: 'timestamptz',
  date: 'date',
  interval: 'interval',
  jsonb: 'jsonb',
  bytea: 'bytea',
  _text: 'text[]',
};

type Relation = {
  readonly name: string;
  readonly kind: string;
  readonly part: boolean;
  readonly placed: boolean;
  readonly columns: readonly (readonly [string, string])[];
};

/** `only`: names of the tables whose emptiness matters. */
export async function readCatalog(
  client: pg.PoolClient,
  unit: string,
  only: readonly string[],
): Promise<UnitCatalog> {
  const { rows } = await client.query<Relation>(
    `SELECT c.relname AS name, c.relkind AS kind, c.relispartition AS part,
       EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND g.tgname = $2) AS placed,
       coalesce((SELECT jsonb_agg(jsonb_build_array(a.attname, y.typname) ORDER BY a.attnum)
         FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p')), '[]') AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1`,
    [unit, PLACED_BY],
  );
  const tables = rows.filter((row) => (row.kind === 'r' || row.kind === 'p') && !row.part);
  const filled = await readFilled(
    client,
    unit,
    tables.map((table) => table.name).filter((name) => only.includes(name)),
  );
  return {
    relations: new Set(rows.map((row) => row.name)),
    placed: new Set(rows.filter((row) => row.placed).map((row) => row.name)),
    tables: new Map(
      tables.map((table) => [
        table.name,
        {
          partitioned: table.kind === 'p',
          empty: !filled.has(table.name),
          columns: new Map(table.columns.map(([column, type]) => [column, TYPE_NAMES[type] ?? 'other'])),
        },
      ]),
    ),
  };
}

async function readFilled(
  client: pg.PoolClient,
  unit: string,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const parts = names.map(
    (name, index) =>
      `SELECT ${index} AS n WHERE EXISTS (SELECT FROM ${quoteIdentifier(unit)}.${quoteIdentifier(name)})`,
  );
  const { rows } = await client.query<{ n: number }>(parts.join(' UNION ALL '));
  return new Set(rows.map(({ n }) => names[n] ?? ''));
}
