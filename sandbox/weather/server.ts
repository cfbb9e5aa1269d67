// The weather bureau's HTTP server: /cimiss-web/api for the observations, /warning/alerts for the warnings. It listens behind
// the system's front and has no faults of its own but those of its data.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Instant } from '../clock/sandbox-clock.ts';
import { type CapArchive, toArchiveReply } from './cap-archive.ts';
import { type MusicService, toMusicText } from './music.ts';

export type WeatherServer = { readonly port: number; close(): Promise<void> };

export type ServerOptions = {
  readonly music: MusicService;
  readonly archive: CapArchive;
  now(): Instant;
  /** Never told an address: it carries the password. */
  readonly log: (line: string) => void;
};

type Reply = { readonly status: number; readonly type: string; readonly text: string };

/** Listens on a free port of the loopback address. */
export async function openWeatherServer(options: ServerOptions): Promise<WeatherServer> {
  const reply = toReplier(options);
  const server = createServer((request, response) => {
    // A request has no body that matters; unread it would hold the connection.
    request.resume();
    const { status, type, text } = reply(request);
    response.writeHead(status, { 'content-type': `${type};charset=UTF-8` });
    response.end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function toReplier({ music, archive, now, log }: ServerOptions): (request: IncomingMessage) => Reply {
  let count = 0;
  return (request) => {
    try {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://weather');
      if (request.method !== 'GET') return toPlain(405, 'GET only');
      if (pathname === '/cimiss-web/api') {
        const isScript = searchParams.get('dataFormat') === 'jsonp';
        count += 1;
        const type = isScript ? 'application/javascript' : 'application/json';
        return { status: 200, type, text: toMusicText(music, searchParams, now(), count) };
      }
      if (pathname !== '/warning/alerts') return toPlain(404, 'Not found');
      const key = request.headers['x-api-key'];
      const answer = toArchiveReply(archive, searchParams, typeof key === 'string' ? key : undefined, now());
      return { ...answer, type: 'application/xml' };
    } catch (error) {
      log(`weather server: ${error instanceof Error ? error.name : 'unknown fault'}`);
      return toPlain(500, 'Internal error');
    }
  };
}

function toPlain(status: number, text: string): Reply {
  return { status, type: 'text/plain', text };
}
