// Which of these keys are those of living rows, of several types and units, as one statement: what is handed out as a stub
// must be there, since its unit may never be asked.
import { toTableName } from '../../store/columns.ts';
import type { ReadStatement } from '../../store/contract.ts';
import { quoteLiteral } from '../../store/sql-identifiers.ts';
import { type TypeState, toStateColumns } from './type-state.ts';

export type KeysOfType = { readonly unit: string; readonly type: string; readonly keys: readonly string[] };

/** One row a type: how it is, and which of its keys live. */
export type LivingRow = TypeState & { readonly unit: string; readonly keys: readonly string[] };

/** At least one type, each once. A tombstone is no answer, as by id in its unit. */
export function toLivingStatement(asked: readonly KeysOfType[]): ReadStatement {
  const each = asked.map(({ unit, type }, index) => {
    const [unitName, typeName] = [quoteLiteral(unit), quoteLiteral(type)];
    const living = `select a.key from unnest($${index + 1}::text[]) as a(key) where exists (select from ${toTableName(unit, type)} r where r._key = a.key and r._gone_at is null)`;
    return `select ${unitName} as unit, ${typeName} as type, ${toStateColumns('s')}, array(${living}) as keys from (values (1)) as one(n) left join hub.type_state s on s.unit = ${unitName} and s.type = ${typeName}`;
  });
  return { text: each.join(' union all '), values: asked.map(({ keys }) => keys) };
}
