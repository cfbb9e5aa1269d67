// One HTTP request and its whole answer as bytes, over connections that belong to one source and end with it. Node's own
// `fetch` shares its connections among all users, bounds no answer and follows redirects, so it is not used here.
import { Agent, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure, Agent as SecureAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { WebAnswer, WebRequest } from './contract.ts';
import { toExchangeFault, toFault, type WebPlace } from './faults.ts';
import { toLookup } from './lookup.ts';
import type { Targets } from './targets.ts';

export type Exchange = {
  /** Rejects with the signal's reason, or with HUB_SOURCE_UNREACHABLE, _TIMEOUT, _FORMAT or _LIMIT. */
  send(request: WebRequest, signal: AbortSignal, place: WebPlace): Promise<WebAnswer>;
  /** Ends every connection. */
  close(): void;
};

/** Shorter than the five seconds after which many servers drop an idle connection. */
const IDLE_MS = 4000;

export function toExchange(
  limits: { readonly inFlight: number; readonly fileBytes: number },
  targets: Targets,
): Exchange {
  const options = { keepAlive: true, maxSockets: limits.inFlight, timeout: IDLE_MS };
  const agents = { 'http:': new Agent(options), 'https:': new SecureAgent(options) };
  const once = async (request: WebRequest, signal: AbortSignal, place: WebPlace) => {
    const response = await openResponse(request, {
      agent: request.url.protocol === 'https:' ? agents['https:'] : agents['http:'],
      lookup: toLookup(request.url, targets, () => toFault('HUB_SOURCE_TARGET', place, FORBIDDEN)),
      signal,
    });
    const onAbort = () => response.destroy(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const bytes = await readWhole(response, limits.fileBytes, place);
      return { status: response.statusCode ?? 0, headers: response.headers, bytes };
    } finally {
      signal.removeEventListener('abort', onAbort);
      response.destroy();
    }
  };
  return {
    async send(request, signal, place) {
      for (;;) {
        try {
          return await once(request, signal, place);
        } catch (error) {
          if (signal.aborted) throw signal.reason;
          // The service dropped an idle connection at the moment in which it was used again; a fresh one is never that.
          if (!(error instanceof StaleConnection)) throw toExchangeFault(error, place);
        }
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

const FORBIDDEN =
  'its address lies in this machine or in a private network, which HUB_PRIVATE_TARGETS does not allow';

class StaleConnection extends Error {}

function openResponse(
  { method, url, headers, body }: WebRequest,
  way: { readonly agent: Agent; readonly lookup: LookupFunction; readonly signal: AbortSignal },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const open = url.protocol === 'https:' ? requestSecure : requestPlain;
    const request = open(url, { ...way, method, headers: { ...headers, ...toBodyHeaders(body) } });
    request.on('response', resolve);
    request.on('error', (error: NodeJS.ErrnoException) => {
      const isStale = request.reusedSocket && error.code === 'ECONNRESET';
      reject(isStale ? new StaleConnection('dropped while idle') : error);
    });
    request.end(body?.text);
  });
}

function toBodyHeaders(body: WebRequest['body']): { readonly [name: string]: string } {
  if (body === null) return {};
  return { 'content-type': body.type, 'content-length': String(Buffer.byteLength(body.text)) };
}

/** Stops reading as soon as the answer, unpacked, is larger than it may be. */
async function readWhole(response: IncomingMessage, most: number, place: WebPlace): Promise<Uint8Array> {
  const tooLarge = () =>
    toFault('HUB_SOURCE_LIMIT', place, `its answer is larger than the ${most} bytes of \`limits.fileBytes\``);
  if (Number(response.headers['content-length'] ?? 0) > most) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of toUnpacked(response)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) throw tooLarge();
  }
  return Buffer.concat(chunks, length);
}

function toUnpacked(response: IncomingMessage): Readable & AsyncIterable<Buffer> {
  const unpack = {
    gzip: createGunzip,
    'x-gzip': createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
  };
  const coding = response.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (!Object.hasOwn(unpack, coding)) return response;
  return pipeline(response, unpack[coding as keyof typeof unpack](), () => undefined);
}
