// The catalogue of MySQL and MariaDB as text: information_schema, for the connection's database or another one.
import type { CatalogueQueries } from './dialect.ts';

const IN_SCHEMA = '((? is null and x.table_schema = database()) or lower(x.table_schema) = lower(?))';

export const mysqlCatalogue: CatalogueQueries = {
  columns: `select x.table_schema as schema_name, x.table_name as object_name, x.column_name as column_name,
    case when x.collation_name is null or x.collation_name like 'utf8mb4%' then x.column_type
      else concat(x.column_type, ' collate ', x.collation_name) end as native, case when x.is_nullable = 'NO' then 0 else 1 end as nullable,
    x.ordinal_position as position
  from information_schema.columns x where ${IN_SCHEMA}`,
  keys: `select x.table_schema as schema_name, x.table_name as object_name, x.index_name as index_name,
    case when x.index_name = 'PRIMARY' then 1 else 0 end as is_primary, x.column_name as column_name,
    x.seq_in_index as position
  from information_schema.statistics x where x.non_unique = 0 and ${IN_SCHEMA}`,
  rows: `select x.table_schema as schema_name, x.table_name as object_name, x.table_rows as row_estimate
  from information_schema.tables x where x.table_rows is not null and ${IN_SCHEMA}`,
};
