// A fresh database for one test file, on the embedded PostgreSQL that serves the whole run (test/runner/setup.ts).
import { randomBytes } from 'node:crypto';
import pg from 'pg';

export type TestDatabase = {
  /** Superuser URL of a new, empty database. */
  readonly url: string;
  /** Drops it, with whatever connections it still has. */
  close(): Promise<void>;
};

/** The URL of the run's own PostgreSQL; HUB_TEST_POSTGRES is set by the runner. */
export function testServerUrl(): string {
  const url = process.env.HUB_TEST_POSTGRES;
  if (url === undefined)
    throw new Error('HUB_TEST_POSTGRES is not set: run the tests through `npm run check:tests`');
  return url;
}

export async function openTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await runOn(testServerUrl(), `create database ${name}`);
  const url = new URL(testServerUrl());
  url.pathname = `/${name}`;
  return {
    url: url.href,
    close: () => runOn(testServerUrl(), `drop database if exists ${name} with (force)`),
  };
}

/** Runs one statement on its own connection. */
export async function runOn(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
