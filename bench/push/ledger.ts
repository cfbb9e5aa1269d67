// What the senders of bench/push.ts sent and what was answered, as tables beside the hub's, and the comparison in plain SQL: every
// row that was sent must stand there once the load is over, and every one that was answered at any moment at all.
import pg from 'pg';

/** By the hub's key of the row: when it was sent, what it says, when it was answered (ISO; null: never). */
export type Entry = {
  readonly key: string;
  readonly value: number;
  readonly sentAt: string;
  readonly answeredAt: string | null;
};

export type Comparison = {
  readonly sent: number;
  readonly answered: number;
  /** Answered, and not there: must be 0 whatever was killed. */
  readonly lost: number;
  /** Sent, and not there. */
  readonly missing: number;
  /** There with another value. */
  readonly other: number;
  /** Rows with the same key: must be 0. */
  readonly twice: number;
  readonly examples: readonly string[];
};

/** `table`: the hub's; `column`: where the value lies; `scale`: how far two values may differ. */
export type Compared = { readonly table: string; readonly column: string; readonly within: number };

export async function compareLedger(
  url: string,
  entries: readonly Entry[],
  { table, column, within }: Compared,
): Promise<Comparison> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      'create temp table sent (key text collate "C", value float8, sent_at timestamptz, answered_at timestamptz)',
    );
    await client.query(
      'insert into sent select * from unnest($1::text[], $2::float8[], $3::timestamptz[], $4::timestamptz[])',
      [
        entries.map(({ key }) => key),
        entries.map(({ value }) => value),
        entries.map(({ sentAt }) => sentAt),
        entries.map(({ answeredAt }) => answeredAt),
      ],
    );
    const {
      rows: [counts],
    } = await client.query<Omit<Comparison, 'examples'>>(
      `select count(*)::int as sent, count(s.answered_at)::int as answered,
         count(*) filter (where r._key is null and s.answered_at is not null)::int as lost,
         count(*) filter (where r._key is null)::int as missing,
         count(*) filter (where abs(r.${column} - s.value) > ${within})::int as other,
         (select count(*) - count(distinct _key) from ${table} where _key in (select key from sent))::int as twice
       from sent s left join ${table} r on r._key = s.key`,
    );
    const { rows: examples } = await client.query<{ key: string }>(
      `select s.key from sent s left join ${table} r on r._key = s.key where r._key is null limit 3`,
    );
    if (counts === undefined) throw new Error(`${table} could not be compared`);
    return { ...counts, examples: examples.map(({ key }) => key) };
  } finally {
    await client.end();
  }
}
