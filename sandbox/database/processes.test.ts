// The departments whose system is a database, as processes: each tells its parent its secrets, has its own faults, and
// stops when told.
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { forkSystem, hear } from '../process/forked.fixture.ts';

const SYSTEMS = [
  ['water', 'WATER', 'select count(*)::int as n from st_stbprp_b'],
  ['public-security', 'PUBLIC_SECURITY', 'select count(*)::int as n from "JCJ_JJDB"'],
  ['urban-management', 'URBAN_MANAGEMENT', 'select count(*)::int as n from t_case_info'],
  ['transport', 'TRANSPORT', 'select count(*)::int as n from vehicle_info'],
] as const;

test.each(SYSTEMS)(
  'the process of %s gives the hub an address, refuses it while it is down, and stops',
  async (name, prefix, count) => {
    const folder = await mkdtemp(join(tmpdir(), `one-network-${name}-`));
    // Closed to others, root's PostgreSQL would live in a shared place instead.
    await chmod(folder, 0o755);
    const child = forkSystem(name, { SANDBOX_FOLDER: folder, SANDBOX_PORT: '56400', SANDBOX_DAYS: '1' });
    try {
      const ready = await hear(child, 'ready');
      expect(ready).toMatchObject({
        type: 'ready',
        secrets: { [`${prefix}_OWNER_PHONE`]: expect.stringMatching(/^139\d{8}$/) },
      });
      const client = new pg.Client({ connectionString: ready.secrets?.[`${prefix}_URL`] ?? '' });
      await client.connect();
      expect((await client.query(count)).rows[0].n).toBeGreaterThan(10);
      await expect(client.query('select 1 from ledger.clock')).rejects.toThrow(/permission denied/);
      await client.end();
      child.send({ type: 'fault', fault: 'down' });
      await once(child, 'message');
      const late = new pg.Client({ connectionString: ready.secrets?.[`${prefix}_URL`] ?? '' });
      await expect(late.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      child.send({ type: 'stop' });
      expect((await once(child, 'exit'))[0]).toBe(0);
    } finally {
      // Already gone, unless something above failed.
      child.kill('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
