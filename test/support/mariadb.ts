// MariaDB for tests, where one answers: 127.0.0.1:3306 as root without a password, or HUB_TEST_MARIADB_URL.
import mysql from 'mysql2/promise';

export type TestMariadb = {
  readonly url: string;
  /** A word that no other test uses in its table names. */
  readonly prefix: string;
  run(statement: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** Drops every table and view whose name begins with the prefix. */
  close(): Promise<void>;
};

export function mariadbUrl(): string {
  return process.env.HUB_TEST_MARIADB_URL ?? 'mysql://root@127.0.0.1:3306/test';
}

/** Whether a server answers; a test that needs one is skipped, loudly, where none does. */
export async function hasMariadb(): Promise<boolean> {
  try {
    const connection = await mysql.createConnection({ uri: mariadbUrl(), connectTimeout: 1000 });
    await connection.end();
    return true;
  } catch {
    return false;
  }
}

export async function openTestMariadb(): Promise<TestMariadb> {
  const url = mariadbUrl();
  const prefix = `hub_${process.pid}_${Math.random().toString(36).slice(2, 8)}_`;
  const connection = await mysql.createConnection({ uri: url, charset: 'utf8mb4' });
  const run: TestMariadb['run'] = async (statement, values = []) => {
    const [rows] = await connection.query(statement, [...values]);
    return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
  };
  return {
    url,
    prefix,
    run,
    async close() {
      const tables = await run(
        'select table_name as name, table_type as kind from information_schema.tables where table_schema = database() and left(table_name, ?) = ?',
        [prefix.length, prefix],
      );
      for (const { name, kind } of tables)
        await run(`drop ${kind === 'VIEW' ? 'view' : 'table'} \`${String(name)}\``);
      await connection.end();
    },
  };
}
