// When a process of the hub ends: on SIGTERM, on Ctrl-C, when `hub start` asks, or when `hub start` is gone. Closing runs once.
import type { ParentMessage } from './messages.ts';

/** After this a close that hangs is given up; the store and the queue survive that (they are built for SIGKILL). */
const CLOSE_LIMIT_MS = 20_000;

/** Calls `close` at the first reason to end and then exits: 0, or 1 when closing failed or took longer than `limitMs`. */
export function closeAtEnd(close: () => Promise<void>, limitMs = CLOSE_LIMIT_MS): void {
  let closing = false;
  const end = () => {
    if (closing) return;
    closing = true;
    const limit = setTimeout(() => process.exit(1), limitMs);
    limit.unref();
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  const isChild = process.send !== undefined;
  // Who reads our lines may be gone before us (a closed terminal, `| head`): that is no reason to leave anything behind.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.on('SIGTERM', end);
  process.on('SIGHUP', end);
  // In a terminal Ctrl-C reaches every process at once; a child leaves the order of stopping to its parent.
  process.on('SIGINT', () => {
    if (!isChild || !process.connected) end();
  });
  process.on('message', (message: ParentMessage) => {
    if (message.type === 'stop') end();
  });
  process.on('disconnect', end);
  // The parent may have been killed before this line was reached.
  if (isChild && !process.connected) end();
}

/** For a command that ends by itself: aborted by Ctrl-C or SIGTERM, so that it can leave what it does in order. */
export function toStopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}
