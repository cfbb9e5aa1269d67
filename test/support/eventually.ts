// Waiting for what another process or timer will do, without fixed sleeps: ask until it holds, or say what was seen.

/** Resolves with the first value that is not null, undefined or false; rejects after `withinMs`, which a slow and busy machine may need. */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  options: { readonly withinMs?: number; readonly everyMs?: number; readonly what?: string } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const { withinMs = 45_000, everyMs = 20, what = 'what was waited for' } = options;
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await ask();
    if (seen !== null && seen !== undefined && seen !== false) return seen as NonNullable<Exclude<T, false>>;
    if (performance.now() > deadline)
      throw new Error(`${what} did not come about within ${withinMs} ms; last seen: ${String(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
