// The departments whose system is a database, as processes: each tells its parent its secrets, has its own faults, and
// stops when told.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import pg from 'pg';

const SYSTEMS = [
  ['water', 'WATER', 'select count(*)::int as n from st_stbprp_b'],
  ['public-security', 'PUBLIC_SECURITY', 'select count(*)::int as n from "JCJ_JJDB"'],
  ['urban-management', 'URBAN_MANAGEMENT', 'select count(*)::int as n from t_case_info'],
] as const;

type Message = {
  readonly type: string;
  readonly message?: string;
  readonly secrets?: Record<string, string>;
};

test.each(SYSTEMS)(
  'the process of %s gives the hub an address, refuses it while it is down, and stops',
  async (name, prefix, count) => {
    const folder = await mkdtemp(join(tmpdir(), `one-network-${name}-`));
    // Closed to others, root's PostgreSQL would live in a shared place instead.
    await chmod(folder, 0o755);
    const main = fileURLToPath(new URL(`../${name}/main.ts`, import.meta.url));
    const child = fork(main, {
      execArgv: ['--import', 'tsx'],
      env: { PATH: process.env.PATH, SANDBOX_FOLDER: folder, SANDBOX_PORT: '56400', SANDBOX_DAYS: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    try {
      const [ready] = (await once(child, 'message')) as [Message];
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
