// Oracle's catalogue as text. Not verified over the wire: no server was at hand.
import type { CatalogueQueries } from './dialect.ts';

const inSchema = (owner: string) =>
  `((? is null and ${owner} = sys_context('USERENV', 'CURRENT_SCHEMA')) or lower(${owner}) = lower(?))`;

export const oracleCatalogue: CatalogueQueries = {
  // The names of the answer are quoted: Oracle would hand them out in upper case.
  columns: `select c.owner as "schema_name", c.table_name as "object_name", c.column_name as "column_name",
    case when c.data_type = 'NUMBER' and c.data_precision is not null
        then 'number(' || c.data_precision || ',' || c.data_scale || ')'
      when c.data_type = 'NUMBER' and c.data_scale = 0 then 'number(38,0)'
      when c.data_type in ('CHAR', 'NCHAR', 'VARCHAR2', 'NVARCHAR2', 'RAW')
        then lower(c.data_type) || '(' || c.data_length || ')'
      else lower(c.data_type) end as "native",
    case c.nullable when 'N' then 0 else 1 end as "nullable", c.column_id as "position"
  from all_tab_columns c where ${inSchema('c.owner')}`,
  keys: `select i.table_owner as "schema_name", i.table_name as "object_name", i.index_name as "index_name",
    case when p.constraint_name is null then 0 else 1 end as "is_primary", k.column_name as "column_name",
    k.column_position as "position"
  from all_indexes i
    join all_ind_columns k on k.index_owner = i.owner and k.index_name = i.index_name
    left join all_constraints p on p.constraint_type = 'P' and p.owner = i.table_owner
      and p.table_name = i.table_name and p.index_name = i.index_name
  where i.uniqueness = 'UNIQUE' and i.index_type = 'NORMAL' and ${inSchema('i.table_owner')}`,
  rows: `select t.owner as "schema_name", t.table_name as "object_name", t.num_rows as "row_estimate"
  from all_tables t where t.num_rows is not null and ${inSchema('t.owner')}`,
};
