// SQL Server's catalogue as text. Not verified over the wire: no server was at hand.
import type { CatalogueQueries } from './dialect.ts';

const IN_SCHEMA = `((? is null and s.name = schema_name()) or lower(s.name) = lower(?))`;

export const mssqlCatalogue: CatalogueQueries = {
  columns: `select s.name as schema_name, o.name as object_name, c.name as column_name,
    t.name + case when t.name in ('decimal', 'numeric')
        then '(' + convert(varchar(3), c.precision) + ',' + convert(varchar(3), c.scale) + ')'
      when t.name in ('char', 'varchar', 'nchar', 'nvarchar', 'binary', 'varbinary')
        then '(' + case c.max_length when -1 then 'max' else convert(varchar(5), c.max_length) end + ')'
      else '' end as native,
    convert(int, c.is_nullable) as nullable, c.column_id as position
  from sys.objects o
    join sys.schemas s on s.schema_id = o.schema_id
    join sys.columns c on c.object_id = o.object_id
    join sys.types t on t.user_type_id = c.system_type_id
  where o.type in ('U', 'V') and ${IN_SCHEMA}`,
  keys: `select s.name as schema_name, o.name as object_name, i.name as index_name,
    convert(int, i.is_primary_key) as is_primary, c.name as column_name, k.key_ordinal as position
  from sys.indexes i
    join sys.objects o on o.object_id = i.object_id
    join sys.schemas s on s.schema_id = o.schema_id
    join sys.index_columns k on k.object_id = i.object_id and k.index_id = i.index_id and k.is_included_column = 0
    join sys.columns c on c.object_id = k.object_id and c.column_id = k.column_id
  where i.is_unique = 1 and i.has_filter = 0 and k.key_ordinal > 0 and o.type in ('U', 'V') and ${IN_SCHEMA}`,
  rows: `select s.name as schema_name, o.name as object_name, sum(p.rows) as row_estimate
  from sys.partitions p
    join sys.objects o on o.object_id = p.object_id
    join sys.schemas s on s.schema_id = o.schema_id
  where p.index_id in (0, 1) and o.type = 'U' and ${IN_SCHEMA}
  group by s.name, o.name`,
};
