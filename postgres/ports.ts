// Ports on the loopback address: whether one is free, and the next one that is.
import { createServer } from 'node:net';

/** Tells whether this process could listen on the port now (0 is always free). */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** The first free port from `port` on, at most `tries` further; null when there is none. */
export async function findFreePort(port: number, tries = 100): Promise<number | null> {
  for (let candidate = port; candidate < port + tries && candidate < 65_536; candidate += 1)
    if (await isPortFree(candidate)) return candidate;
  return null;
}
