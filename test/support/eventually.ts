// Waiting for what another process or timer will do, without fixed sleeps: ask until it holds, or say what was seen.

declare global {
  /** See test/runner/environment.mjs; by `performance.now()`. */
  var testDeadline: number | undefined;
}

/** Left of a test's time when waiting is given up, so that it is told what was waited for. */
const LEFT_MS = 500;

/** Resolves with the first value that is not null, undefined or false; rejects after `withinMs`, which a slow and busy machine may need. */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  options: { readonly withinMs?: number; readonly everyMs?: number; readonly what?: string } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const { withinMs = 45_000, everyMs = 20, what = 'what was waited for' } = options;
  const began = performance.now();
  const deadline = Math.min(
    began + withinMs,
    (globalThis.testDeadline ?? Number.POSITIVE_INFINITY) - LEFT_MS,
  );
  for (;;) {
    const seen = await ask();
    if (seen !== null && seen !== undefined && seen !== false) return seen as NonNullable<Exclude<T, false>>;
    if (performance.now() > deadline)
      throw new Error(
        `${what} did not come about within ${(performance.now() - began).toFixed(0)} ms; last seen: ${String(seen)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
