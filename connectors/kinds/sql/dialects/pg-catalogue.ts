// PostgreSQL's catalogue as text: tables, views and foreign tables that the search path shows, or those of one schema.
import type { CatalogueQueries } from './dialect.ts';

const IN_SCHEMA = `((cast(? as text) is null and pg_table_is_visible(c.oid)
    and n.nspname not in ('pg_catalog', 'information_schema')) or lower(n.nspname) = lower(cast(? as text)))`;

export const pgCatalogue: CatalogueQueries = {
  // A domain is shown as the type it stands on; partitions are part of their parent.
  columns: `select n.nspname as schema_name, c.relname as object_name, a.attname as column_name,
    case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod)
      else format_type(a.atttypid, a.atttypmod) end as native,
    case when a.attnotnull then 0 else 1 end as nullable, cast(a.attnum as integer) as position
  from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
  where c.relkind in ('r', 'v', 'm', 'f', 'p') and ${IN_SCHEMA}
    and not exists (select 1 from pg_inherits i join pg_class p on p.oid = i.inhparent
      where i.inhrelid = c.oid and p.relkind = 'p')`,
  // indclass has one entry for each key column and none for INCLUDE columns.
  keys: `select n.nspname as schema_name, c.relname as object_name, x.relname as index_name,
    case when i.indisprimary then 1 else 0 end as is_primary, a.attname as column_name,
    cast(k.position as integer) as position
  from pg_index i
    join pg_class c on c.oid = i.indrelid
    join pg_class x on x.oid = i.indexrelid
    join pg_namespace n on n.oid = c.relnamespace
    cross join lateral unnest(cast(i.indkey as smallint[])) with ordinality as k(attnum, position)
    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
  where i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
    and k.position <= array_length(cast(i.indclass as oid[]), 1) and ${IN_SCHEMA}`,
  rows: `select n.nspname as schema_name, c.relname as object_name, cast(c.reltuples as bigint) as row_estimate
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm', 'p') and c.reltuples >= 0 and ${IN_SCHEMA}`,
};
