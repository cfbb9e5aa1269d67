// The same legacy tables in another engine: a MariaDB database of its own that holds, row for row, what PostgreSQL holds.
import { openTestMariadb } from '../support/mariadb.ts';
import { type Close, closeAll } from './close-all.ts';
import type { Legacy } from './open-legacy.ts';

/** Columns by table, in the order of the same table in PostgreSQL. */
export type MariadbTables = Readonly<Record<string, string>>;

/** As a MariaDB shop writes the vendor's tables: the same names and kinds, the server's own defaults otherwise. */
const HYDROLOGY: MariadbTables = {
  st_stbprp_b: `stcd char(8) primary key, stnm char(30) not null, rvnm char(30), hnnm char(30), bsnm char(30),
    lgtd decimal(10,6), lttd decimal(10,6), stlc char(50), addvcd char(6), dtmnm char(16), dtmel decimal(7,3),
    sttp char(2), usesymb char(1), rtu_addr char(12), moditime datetime,
    deleted smallint not null default 0, tenant_id varchar(12) not null`,
  st_rvfcch_b: `stcd char(8) primary key, ldkel decimal(7,3), rdkel decimal(7,3), wrz decimal(7,3), wrq decimal(9,3),
    grz decimal(7,3), grq decimal(9,3), obhtz decimal(7,3),
    deleted smallint not null default 0, tenant_id varchar(12) not null`,
  st_fsdr_b: `upstcd char(8), dwstcd char(8), mntrtm decimal(5,2), mxtrtm decimal(5,2), avtrtm decimal(5,2),
    deleted smallint not null default 0, tenant_id varchar(12) not null, primary key (upstcd, dwstcd)`,
  st_river_r: `stcd char(8), tm datetime, z decimal(7,3), q decimal(9,3), wptn char(1),
    deleted smallint not null default 0, tenant_id varchar(12) not null, primary key (stcd, tm), key (tm)`,
  st_pptn_r: `stcd char(8), tm datetime, p decimal(5,1), dr smallint, cump decimal(6,1),
    deleted smallint not null default 0, tenant_id varchar(12) not null, primary key (stcd, tm), key (tm)`,
};

export type MariadbCopy = {
  /** `mysql://`: what the hub is given instead of the PostgreSQL one. */
  readonly url: string;
  run(statement: string): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
};

/** The manifest names the tables, so that a database of its own keeps tests apart; it is dropped at the end. */
export async function openMariadbCopy(
  legacy: Legacy,
  tables: MariadbTables = HYDROLOGY,
  characterSet: 'utf8mb4' | 'gbk' = 'utf8mb4',
): Promise<MariadbCopy> {
  const opened: Close[] = [];
  try {
    const server = await openTestMariadb();
    opened.push(server.close);
    const name = `${server.prefix}spine`;
    await server.run(`create database ${name} character set ${characterSet}`);
    opened.push(() => server.run(`drop database ${name}`));
    // As older servers stood: a date of all zeros is taken for a date.
    await server.run(`set session sql_mode = ''`);
    for (const [table, columns] of Object.entries(tables)) {
      await server.run(`create table ${name}.${table} (${columns})`);
      // As text: no driver may move a wall clock or round a number on the way.
      const rows = await legacy.query<{ cells: (string | null)[] }>(
        `select array(select value from json_each_text(row_to_json(t))) as cells from public.${table} t`,
      );
      for (let at = 0; at < rows.length; at += 500)
        await server.run(`insert into ${name}.${table} values ?`, [
          rows.slice(at, at + 500).map(({ cells }) => cells),
        ]);
    }
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    await server.run(`use ${name}`);
    return { url: url.href, run: server.run, close: () => closeAll(opened) };
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}
