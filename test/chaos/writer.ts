// One of the department's own programs: its connection, its clock (some seconds wrong), its zone, and a transaction that
// it holds open over several steps while it goes on writing by another connection. What it does is its seed's decision.
import pg from 'pg';
import { openRandom, type Random } from './random.ts';
import { STATIONS } from './tables.ts';

export type WriterCounts = { steps: number; rows: number; refused: number; long: number };
export type Writer = {
  /** One step; a lock that another writer holds is a step that was refused. */
  step(): Promise<void>;
  readonly counts: WriterCounts;
  /** Commits what it still holds open. */
  close(): Promise<void>;
};

type Write = (text: string, values?: readonly unknown[]) => Promise<number>;
type Desk = {
  readonly random: Random;
  readonly write: Write;
  readonly now: () => number;
  readonly id: number;
};

const ALL = [...STATIONS.early, ...STATIONS.late] as [string, ...string[]];
const ZONES = ['Asia/Shanghai', 'UTC', 'America/New_York', 'Asia/Kathmandu'] as const;
const SECOND = 1000;

export async function openWriter(url: string, seed: number, id: number): Promise<Writer> {
  const random = openRandom(seed, `writer-${id}`);
  const skewMs = random.whole(-1500, 1500);
  const counts: WriterCounts = { steps: 0, rows: 0, refused: 0, long: 0 };
  const main = await openClient(url);
  const long = await openClient(url);
  let commitAt: number | null = null;
  const deskOf = (client: pg.Client): Desk => {
    const write: Write = async (text, values = []) => (await client.query(text, [...values])).rowCount ?? 0;
    return { random, write, now: () => Date.now() + skewMs, id };
  };
  const attempt = async (work: () => Promise<number>, undo: () => Promise<unknown>) => {
    try {
      counts.rows += await work();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      counts.refused += 1;
      await undo();
    }
  };
  const commitLong = async () => {
    commitAt = null;
    await long.query('commit');
  };
  return {
    counts,
    step: async () => {
      counts.steps += 1;
      if (commitAt !== null && counts.steps >= commitAt) await commitLong();
      if (commitAt === null && random.chance(0.12)) {
        commitAt = counts.steps + random.whole(3, 25);
        counts.long += 1;
        await long.query('begin');
        await attempt(
          () => writeLong(deskOf(long)),
          async () => {
            commitAt = null;
            await long.query('rollback');
          },
        );
      }
      await attempt(
        () => act(deskOf(main)),
        async () => undefined,
      );
    },
    close: async () => {
      if (commitAt !== null) await commitLong();
      await Promise.all([main.end(), long.end()]);
    },
  };
}

async function act(desk: Desk): Promise<number> {
  const { random } = desk;
  const acts: readonly (readonly [number, (desk: Desk) => Promise<number>])[] = [
    [6, writeReadings],
    [1, writeBurst],
    [5, correctReadings],
    [2, withdrawReadings],
    [3, writeEvents],
    [4, writePermits],
    [3, writeStation],
    [1, removeStation],
    [1, writeBlank],
    [1, changeZone],
  ];
  // As many tickets as it weighs.
  const tickets = acts.flatMap(([weight, one]) => Array.from({ length: weight }, () => one));
  const chosen = tickets[random.whole(0, tickets.length - 1)] ?? writeReadings;
  return chosen(desk);
}

async function writeLong(desk: Desk): Promise<number> {
  return (await writeReadings(desk)) + (await writePermits(desk));
}

/** Some of them late by up to a minute; two of one key are a correction. */
async function writeReadings(desk: Desk): Promise<number> {
  const { random } = desk;
  const late = random.chance(0.3) ? random.whole(3, 60) * SECOND : 0;
  let rows = 0;
  for (let left = random.whole(1, 6); left > 0; left -= 1)
    rows += await writeReading(desk, random.pick(ALL), desk.now() - late - random.whole(0, 2 * SECOND));
  return rows;
}

/** More rows of one second than two pages hold. */
async function writeBurst(desk: Desk): Promise<number> {
  return desk.write(RIVER_MANY, [ALL, toText(desk.now()), desk.random.whole(0, 99_999)]);
}

const RIVER_MANY = `insert into st_river_r (stcd, tm, z) select unnest($1::text[]), ($2::timestamptz at time zone 'Asia/Shanghai')::timestamp(0), 'burst ' || $3::int
  on conflict (stcd, tm) do update set z = excluded.z`;

function writeReading({ random, write }: Desk, stcd: string, at: number): Promise<number> {
  const [table, zone] = random.chance(0.6) ? ['st_river_r', 'Asia/Shanghai'] : ['st_pptn_r', 'UTC'];
  return write(
    `insert into ${table} (stcd, tm, z) values ($1, $2::timestamptz at time zone '${zone}', $3) on conflict (stcd, tm) do update set z = excluded.z`,
    [stcd, toText(at), `value ${random.whole(0, 99_999)}`],
  );
}

/** The newest readings, again and again: whoever writes an old page over a newer one is seen by it. */
function correctReadings({ random, write }: Desk): Promise<number> {
  const [table, ours] = random.pick([
    ['st_river_r', `stcd <> ''`],
    ['st_pptn_r', 'true'],
    ['gate_event', 'true'],
  ]);
  const rows = random.whole(1, 12);
  return write(
    `update ${table} set z = $1 where ctid = any(array(select ctid from ${table} where ${ours} order by tm desc limit ${rows} for update skip locked))`,
    [`corrected ${random.whole(0, 99_999)}`],
  );
}

/** Marked as deleted, or taken back. */
function withdrawReadings({ random, write }: Desk): Promise<number> {
  return write(
    `update st_river_r set deleted = case deleted when '1' then '0' else '1' end
      where ctid = any(array(select ctid from st_river_r where stcd <> '' order by md5(stcd || tm::text || $1) limit 4 for update skip locked))`,
    [String(random.whole(0, 9999))],
  );
}

/** Numbers are the writers' own and never used twice; the instant is the same whatever the session's zone. */
async function writeEvents({ random, write, now, id }: Desk): Promise<number> {
  let rows = 0;
  for (let left = random.whole(1, 3); left > 0; left -= 1) {
    const number = id * 100_000_000 + random.whole(0, 99_999_999);
    const at = now() - (random.chance(0.3) ? random.whole(3, 60) * SECOND : 0);
    rows += await write(
      `insert into gate_event (id, tm, z) values ($1, $2::timestamptz, $3) on conflict (id) do nothing`,
      [number, toText(at), `gate ${number}`],
    );
  }
  return rows;
}

/** The mark is the writer's clock, some seconds wrong; in a long transaction it is old when it is seen. */
async function writePermits({ random, write, now }: Desk): Promise<number> {
  let rows = 0;
  for (let left = random.whole(1, 4); left > 0; left -= 1)
    rows += await write(
      `insert into permit (id, z, mtime) values ($1, $2, $3::timestamptz) on conflict (id) do update set z = excluded.z, mtime = excluded.mtime`,
      [random.whole(1, 300), `permit ${random.whole(0, 99_999)}`, toText(now())],
    );
  return rows;
}

function writeStation({ random, write }: Desk): Promise<number> {
  const code = random.pick([...STATIONS.late, ...STATIONS.going, ...STATIONS.early] as [string, ...string[]]);
  return write(
    `insert into st_stbprp_b (stcd, stnm) values ($1, $2) on conflict (stcd) do update set stnm = excluded.stnm`,
    [code, `name ${random.whole(0, 99_999)}`],
  );
}

function removeStation({ random, write }: Desk): Promise<number> {
  return write('delete from st_stbprp_b where stcd = $1', [
    random.pick(STATIONS.going as [string, ...string[]]),
  ]);
}

/** A reading of no station: it can only be set aside. */
function writeBlank({ random, write, now }: Desk): Promise<number> {
  return write(
    `insert into st_river_r (stcd, tm, z) values ('', $1::timestamptz at time zone 'Asia/Shanghai', $2) on conflict do nothing`,
    [toText(now()), `blank ${random.whole(0, 99_999)}`],
  );
}

async function changeZone({ random, write }: Desk): Promise<number> {
  await write(`set timezone to '${random.pick(ZONES)}'`);
  return 0;
}

const toText = (at: number) => new Date(at).toISOString();

async function openClient(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'chaos writer' });
  await client.connect();
  await client.query(`set lock_timeout to '150ms'`);
  return client;
}

/** A lock that was not to be had, or a deadlock: the other one goes on. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '55P03' || error.code === '40P01');
}
