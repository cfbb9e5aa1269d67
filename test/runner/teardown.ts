// After all tests: the run's PostgreSQL is stopped and its folder removed.

export default async function teardown(): Promise<void> {
  await globalThis.stopTestPostgres?.();
}
