// From the scheme of a source's URL to its dialect.
import type { Dialect } from './dialect.ts';
import { mssqlDialect } from './mssql.ts';
import { mysqlDialect } from './mysql.ts';
import { oracleDialect } from './oracle.ts';
import { pgDialect } from './pg.ts';

const DIALECTS: ReadonlyMap<string, Dialect> = new Map([
  ['postgres', pgDialect],
  ['postgresql', pgDialect],
  ['mysql', mysqlDialect],
  ['mariadb', mysqlDialect],
  ['mssql', mssqlDialect],
  ['oracle', oracleDialect],
]);

export const SCHEMES: readonly string[] = [...DIALECTS.keys()];

export function toDialect(scheme: string): Dialect | null {
  return DIALECTS.get(scheme) ?? null;
}
