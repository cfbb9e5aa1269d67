// Before all tests: what they start as processes is built, and one embedded PostgreSQL for the run, in a temporary folder, without
// the durability that tests do not need.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedPostgres } from '../../postgres/open-embedded.ts';
import { buildPrograms } from './build-programs.ts';

declare global {
  var stopTestPostgres: (() => Promise<void>) | undefined;
}

export default async function setup(): Promise<void> {
  process.env.HUB_TEST_PROGRAMS = await buildPrograms();
  const folder = await mkdtemp(join(tmpdir(), 'one-network-test-'));
  // Open to others: when root runs the tests, PostgreSQL runs as another user and has to get in.
  await chmod(folder, 0o755);
  const settings = {
    // The suite asks more different statements than the default keeps, and a count must not lose any.
    'pg_stat_statements.max': '50000',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '400',
  };
  const server = await openEmbeddedPostgres({ folder, port: 54_900, settings });
  process.env.HUB_TEST_POSTGRES = server.url;
  globalThis.stopTestPostgres = async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  };
}
