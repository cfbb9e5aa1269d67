// What bench/sync.ts measures on: an embedded PostgreSQL of its own or a given one, the centre's tables filled with rain,
// and databases that go when the measurement ends.
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openEmbeddedPostgres } from '../../postgres/open-embedded.ts';

export type Server = {
  readonly url: string;
  /** Which PostgreSQL, for the print. */
  readonly name: string;
  /** A new, empty database. */
  openDatabase(purpose: string): Promise<string>;
  close(): Promise<void>;
};

/** As `npm start` runs it, settings and durability included; `url`: a PostgreSQL that runs already. */
export async function openServer(url: string | undefined): Promise<Server> {
  const made: string[] = [];
  const own = url === undefined ? await openOwn() : null;
  const base = url ?? own?.url ?? '';
  const { server_version: version } = await ask(base, 'show server_version');
  return {
    url: base,
    name: `PostgreSQL ${version}, ${own === null ? 'the one given' : 'embedded, settings of npm start'}`,
    openDatabase: async (purpose) => {
      const name = `bench_${purpose}_${randomBytes(4).toString('hex')}`;
      await run(base, `create database ${name}`);
      made.push(name);
      const at = new URL(base);
      at.pathname = `/${name}`;
      return at.href;
    },
    close: async () => {
      for (const name of made) await run(base, `drop database if exists ${name} with (force)`);
      await own?.close();
    },
  };
}

async function openOwn(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'one-network-bench-'));
  // Open to others: when root measures, PostgreSQL runs as another user and has to get in.
  await chmod(folder, 0o755);
  const server = await openEmbeddedPostgres({ folder, port: 55_800 });
  const close = async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: server.url, close };
}

/** The rain table as SL 323's vendor fork has it: the centre's columns, its key, and the index that its own clients use. */
export const RAIN = {
  columns:
    'stcd char(8), tm timestamp, p numeric(5,1), dr smallint, cump numeric(6,1), deleted smallint not null default 0, tenant_id varchar(12) not null',
  key: 'primary key (stcd, tm)',
};

/** Of the tables that are joined or linked; the reading tables of the other feeds are empty. */
const TABLES = `
create table st_stbprp_b (stcd char(8) primary key, stnm char(30) not null, rvnm char(30), bsnm char(30), lgtd numeric(10,6),
  lttd numeric(10,6), addvcd char(6), sttp char(2), usesymb char(1), rtu_addr char(12), deleted smallint not null default 0, tenant_id varchar(12) not null);
create table st_rvfcch_b (stcd char(8) primary key, ldkel numeric(7,3), rdkel numeric(7,3), wrz numeric(7,3), wrq numeric(9,3), grz numeric(7,3), obhtz numeric(7,3));
create table st_pptn_r (${RAIN.columns}, ${RAIN.key});
create index st_pptn_r_tm on st_pptn_r (tm);
`;

/** A year and a day less than the feed's `backfill`, in hours. */
const MOST_HOURS = 8_700;
const LEAST_STATIONS = 240;

/** Hourly rain of many gauges up to this hour: as many rows as asked for, one in a thousand of them withdrawn. */
export async function fillSource(url: string, rows: number): Promise<{ readonly stations: number }> {
  const stations = Math.max(LEAST_STATIONS, Math.ceil(rows / MOST_HOURS));
  await run(url, TABLES);
  await run(
    url,
    `insert into st_stbprp_b select to_char(61500000 + n, 'FM00000000'), '雨量站' || n, '潇水', '长江', 111.592, 25.527, '431124', 'PP', '1', null, 0, '431100'
     from generate_series(1, ${stations}) n`,
  );
  await run(
    url,
    `insert into st_pptn_r
     select stcd, date_trunc('hour', now() at time zone 'Asia/Shanghai') - back * interval '1 hour',
       (('x' || substr(md5(stcd || back), 1, 4))::bit(16)::int % 300) / 10.0, 60, (back % 900) / 10.0, ((n + back) % 1000 = 0)::int, '431100'
     from generate_series(${Math.ceil(rows / stations) - 1}, 0, -1) back, (select stcd, row_number() over (order by stcd) n from st_stbprp_b) s
     order by back desc, stcd offset ${Math.ceil(rows / stations) * stations - rows}`,
  );
  await run(url, 'vacuum analyze');
  return { stations };
}

/** One statement on its own connection; its first row. */
export function ask(url: string, statement: string): Promise<Readonly<Record<string, unknown>>> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows[0] ?? {};
  });
}

/** One statement or several. */
export function run(url: string, statements: string): Promise<void> {
  return withClient(url, async (client) => {
    await client.query(statements);
  });
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
