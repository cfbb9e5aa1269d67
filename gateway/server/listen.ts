// Taking a port: the one that was asked for, or the next free one where nobody asked by name.
import type { FastifyInstance } from 'fastify';
import { HubError } from '../../schema/errors.ts';

/** How many ports above a default one are tried. */
const NEXT_PORTS = 20;

/**
 * Listens and gives the address as a URL. A taken port is HUB_CONFIG_PORT_TAKEN, unless it is a default: then the next
 * free one is taken.
 */
export async function runListen(
  app: FastifyInstance,
  wanted: { readonly host: string; readonly port: number; readonly portIsDefault: boolean },
): Promise<string> {
  const { host, port, portIsDefault } = wanted;
  const last = portIsDefault && port !== 0 ? Math.min(port + NEXT_PORTS, 65_535) : port;
  for (let candidate = port; candidate <= last; candidate += 1) {
    try {
      await app.listen({ host, port: candidate });
      return toUrl(host, app.server.address());
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE') throw toListenError(host, candidate, error);
    }
  }
  const range = last === port ? `Port ${port} is` : `The ports ${port} to ${last} are`;
  throw new HubError('HUB_CONFIG_PORT_TAKEN', `${range} taken on ${host}; set PORT to a free one.`);
}

function toListenError(host: string, port: number, error: unknown): HubError {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return new HubError(
    'HUB_CONFIG_INVALID',
    `Cannot listen on ${host}:${port} (${code}); change HOST or PORT.`,
    {
      cause: error,
    },
  );
}

function toUrl(host: string, address: ReturnType<FastifyInstance['server']['address']>): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const name = host === '0.0.0.0' || host === '::' || host === 'localhost' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
