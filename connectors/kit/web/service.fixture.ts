// A small HTTP service for the tests of all kinds over HTTP: answers what a test says, over real sockets, and remembers what
// it was asked.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jsonCodec } from '../../codecs/json/json-codec.ts';
import { xmlCodec } from '../../codecs/xml/xml-codec.ts';
import type { Codecs } from '../codec.ts';
import type { Page, SelectRequest, Source, SourceSettings } from '../contract.ts';

import { toTargets } from './targets.ts';

export const CODECS: Codecs = {
  documents: new Map([jsonCodec, xmlCodec].map((codec) => [codec.name, codec])),
  tables: new Map(),
  books: new Map(),
};

/** What tests allow: their own services. */
export const LOCAL_TARGETS = toTargets(['127.0.0.1']);

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
export function toWebSettings(
  url: string,
  options: SourceSettings['options'],
  object: SourceSettings['options'],
  more: Partial<SourceSettings> = {},
): SourceSettings {
  const objects = [{ name: 'list', options: object }];
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
export function toWebHarness<Args extends readonly unknown[]>(open: (...args: Args) => Promise<Source>) {
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(one: T): T => {
    opened.push(one);
    return one;
  };
  return {
    serve: async (answer: (asked: Asked) => Reply | Promise<Reply>) => keep(await openService(answer)),
    open: async (...args: Args) => keep(await open(...args)),
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

const GBK_BYTES = new Map<string, number>();
for (let code = 0x8140; code <= 0xfefe; code++)
  GBK_BYTES.set(new TextDecoder('gbk').decode(Uint8Array.of(code >> 8, code & 0xff)), code);

/** A text in GBK, for services that answer in it. */
export function toGbk(text: string): Uint8Array {
  return Uint8Array.from(
    [...text].flatMap((one) => {
      const code = GBK_BYTES.get(one) ?? one.charCodeAt(0);
      return code < 0x80 ? [code] : [code >> 8, code & 0xff];
    }),
  );
}
