// The yardstick of bench/sync.ts: the same rows by COPY, piped from one connection into another; the limit of what any
// way of moving them through one process can reach.
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { RAIN, run } from './world.ts';

/** Moves all rain into a new table of the same columns and primary key, no further index; answers the seconds. */
export async function copyRows(source: string, target: string): Promise<number> {
  await run(target, 'drop table if exists st_pptn_r');
  await run(target, `create table st_pptn_r (${RAIN.columns}, ${RAIN.key})`);
  await run(target, 'checkpoint');
  const [reader, writer] = [source, target].map((url) => new pg.Client({ connectionString: url }));
  if (reader === undefined || writer === undefined) throw new Error('two connections are needed');
  await Promise.all([reader.connect(), writer.connect()]);
  try {
    const begun = performance.now();
    await pipeline(
      reader.query(copyTo('COPY st_pptn_r TO STDOUT')),
      writer.query(copyFrom('COPY st_pptn_r FROM STDIN')),
    );
    return (performance.now() - begun) / 1000;
  } finally {
    await Promise.all([reader.end(), writer.end()]);
  }
}
