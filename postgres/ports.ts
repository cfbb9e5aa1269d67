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

/**
 * A free port that nobody is given by chance: outgoing connections have theirs from 32768 on (Linux; from 49152 on by IANA), and
 * one of them would keep a port of that range from whoever was told to listen there later, or even connect to itself. By chance,
 * so that two who look at one time do not find the same.
 */
export async function findAnyPort(): Promise<number> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const port = ANY.first + Math.floor(Math.random() * ANY.count);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`no port is free between ${ANY.first} and ${ANY.first + ANY.count - 1}`);
}

const ANY = { first: 20_000, count: 12_000 };
