// Two different records of one key in one whole list: the first stands, whatever comes behind it, so that a row does not
// change to and fro at every run. Only lists: what is read by time may see a row twice because it was changed meanwhile.
import type pg from 'pg';
import { OWN } from '../columns.ts';
import type { ReadyRow } from './links.ts';
import type { TypePlan } from './unit-plan.ts';

export type Singled = { readonly single: readonly ReadyRow[]; readonly doubled: readonly ReadyRow[] };

/**
 * One statement, for pages that remember their keys. A key counts as doubled when this scan has seen it on an earlier
 * page, and the row that stands came by the same form with other content. Types that merge by field are left alone.
 */
export async function singleOut(
  client: pg.PoolClient,
  plan: TypePlan,
  scanRun: string,
  rows: readonly ReadyRow[],
): Promise<Singled> {
  if (plan.type.merge !== 'row' || rows.length === 0) return { single: rows, doubled: [] };
  const { single: firsts, doubled } = toFirsts(rows);
  const { rows: standing } = await client.query<{ key: string; form: number; hash: string }>(
    `SELECT t._key AS key, t._form AS form, encode(t._hash, 'hex') AS hash
     FROM hub.snapshot_key k JOIN ${plan.table} t ON t.${OWN.key} = k.key
     WHERE k.run = $1 AND k.type = $2 AND k.key = ANY($3::text[]) AND t.${OWN.goneAt} IS NULL`,
    [scanRun, plan.type.name, [...new Set(firsts.map(({ key }) => key))]],
  );
  if (standing.length === 0) return { single: firsts, doubled };
  const known = new Map(standing.map((one) => [one.key, one]));
  const isDoubled = ({ key, row }: ReadyRow): boolean => {
    const one = known.get(key);
    return one !== undefined && one.form === row.form && one.hash !== row.hash;
  };
  return {
    single: firsts.filter((row) => !isDoubled(row)),
    doubled: [...doubled, ...firsts.filter(isDoubled)],
  };
}

// Of one page: the same content twice is no fault, and forms have their precedence.
function toFirsts(rows: readonly ReadyRow[]): Singled {
  const hashes = new Map<string, string>();
  const doubled = rows.filter(({ key, row }) => {
    const name = `${row.form} ${key}`;
    const first = hashes.get(name);
    if (first === undefined) hashes.set(name, row.hash);
    return first !== undefined && first !== row.hash;
  });
  return doubled.length === 0
    ? { single: rows, doubled }
    : { single: rows.filter((row) => !doubled.includes(row)), doubled };
}
