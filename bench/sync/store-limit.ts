// What the store itself allows: the hub's own rows, made already, by one COPY into the hub's own emptied table with its
// months, key and index. No mapping, no pages, no proofs: the limit of any way of filling this table.
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { run } from './world.ts';

const TABLE = 'hydrology.rain_reading';

/** Empties the hub's rain and fills it again; answers the seconds of the filling. */
export async function fillAgain(hub: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'one-network-limit-'));
  const file = join(folder, 'rows');
  const client = new pg.Client({ connectionString: hub });
  await client.connect();
  try {
    await pipeline(
      client.query(copyTo(`COPY (SELECT * FROM ${TABLE} ORDER BY _observed_at) TO STDOUT`)),
      createWriteStream(file),
    );
    await client.query(`TRUNCATE ${TABLE}`);
    await run(hub, 'checkpoint');
    const begun = performance.now();
    await pipeline(createReadStream(file), client.query(copyFrom(`COPY ${TABLE} FROM STDIN`)));
    return (performance.now() - begun) / 1000;
  } finally {
    await client.end();
    await rm(folder, { recursive: true, force: true });
  }
}
