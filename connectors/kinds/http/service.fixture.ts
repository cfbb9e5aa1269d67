// A small HTTP service for this folder's tests: answers what a test says, over real sockets, and remembers what it was asked.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jsonCodec } from '../../codecs/json/json-codec.ts';
import { xmlCodec } from '../../codecs/xml/xml-codec.ts';
import type { Codecs } from '../../kit/codec.ts';
import type { Page, SelectRequest, Source, SourceSettings } from '../../kit/contract.ts';
import { type Clock, wallClock } from '../../kit/resilience/clock.ts';
import { toHttpKind } from './http-kind.ts';

export const CODECS: Codecs = {
  documents: new Map([jsonCodec, xmlCodec].map((codec) => [codec.name, codec])),
  tables: new Map(),
  frames: new Map(),
};

export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly search: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};
/** JSON as it is, text and bytes as they are; a function answers by itself. */
export type Reply =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body: unknown }
  | ((response: ServerResponse) => void);

export type Service = {
  readonly url: string;
  readonly port: number;
  readonly asked: Asked[];
  connections(): Promise<number>;
  close(): Promise<void>;
};

export async function openService(answer: (asked: Asked) => Reply | Promise<Reply>): Promise<Service> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname, searchParams, search } = new URL(`http://service${request.url ?? '/'}`);
    const one = {
      ...{ method: request.method ?? '', path: pathname, query: searchParams, search },
      ...{ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') },
    };
    asked.push(one);
    const reply = await answer(one);
    if (typeof reply === 'function') return reply(response);
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
    const isPlain = typeof reply.body === 'string' || reply.body instanceof Uint8Array;
    response.end(isPlain ? reply.body : JSON.stringify(reply.body));
  });
  // Only the hub's side ends a connection.
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    asked,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      ),
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export const known = (value: string) => ({ reveal: () => value, toString: () => '***', toJSON: () => '***' });

/** Settings of a source with one object, as a worker makes them from a manifest. */
export function toSettings(
  url: string,
  options: SourceSettings['options'],
  object: SourceSettings['options'] = {},
  more: Partial<SourceSettings> = {},
): SourceSettings {
  const objects = [{ name: 'list', options: { request: { method: 'GET', path: '/list' }, ...object } }];
  return {
    ...{
      unit: 'test',
      name: 'api',
      url,
      zone: 'Asia/Shanghai',
      inFlight: 2,
      timeoutMs: 3000,
      pageRows: 1000,
    },
    ...{ rate: null, fileBytes: 1_000_000, columnCase: 'exact', options, objects },
    ...more,
  };
}

/** What a test opens, closed by `closeAll` in reverse order. */
export function toHarness() {
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(one: T): T => {
    opened.push(one);
    return one;
  };
  return {
    serve: async (answer: (asked: Asked) => Reply | Promise<Reply>) => keep(await openService(answer)),
    open: async (...settings: Parameters<typeof toSettings>) =>
      keep(await openSource(toSettings(...settings))),
    keep,
    async closeAll() {
      for (const each of opened.splice(0).reverse()) await each.close();
    },
  };
}

/** Every page of `list`. */
export async function readAll(
  source: Source,
  request: Partial<SelectRequest> = {},
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for await (const page of source.scan('list', { columns: ['id'], limit: 100, ...request })) pages.push(page);
  return pages;
}

export function openSource(settings: SourceSettings, clock: Clock = wallClock, codecs: Codecs = CODECS) {
  return toHttpKind({ codecs, clock, counties: ['431102', '431103'] }).open(settings);
}
