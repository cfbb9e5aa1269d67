// A legacy system that is asked over HTTP: a plain server on a free port with the system's front before it.
//   hub → front (options.port) → HTTP server → reply
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { ClockOptions, Instant, SandboxClock } from '../clock/sandbox-clock.ts';
import type { Fault, FaultCounters } from '../front/fault.ts';
import { openFront } from '../front/front.ts';
import { toHttpAnswers } from '../front/http-answers.ts';
import type { KeptSecrets } from '../process/kept-secrets.ts';

export type Call = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names, as Node gives them. */
  readonly headers: IncomingMessage['headers'];
  /** UTF-8; empty where there is none. */
  readonly body: string;
};

export type Reply = { readonly status: number; readonly type: string; readonly text: string };

export type HttpSystemOptions = {
  /** Of the front; the next free one is taken if it is in use, 0 is any. */
  readonly port: number;
  /** How late a slow system answers. */
  readonly slowMs?: number | undefined;
  /** A sound answer of another service: what is said when the shape has changed. JSON when absent. */
  readonly strange?: { readonly type: string; readonly text: string };
  reply(call: Call): Reply | Promise<Reply>;
  /** Never told an address or a body: they carry passwords. */
  readonly log: (line: string) => void;
};

/** What a department's service is opened with. */
export type ServiceOptions = {
  /** Keeps the credentials; made if missing. */
  readonly folder: string;
  /** Of the front; the next free one is taken if it is in use, 0 is any. */
  readonly port: number;
  readonly seed: number;
  readonly clock: ClockOptions;
  /** Days of history before the clock's start; nothing older is answered. */
  readonly days: number;
  readonly log: (line: string) => void;
  /** How late a slow system answers. */
  readonly slowMs?: number;
};

/** A department's service that is open; `ledger`: true values as far as it shows them by now. */
export type Service<Ledger, Secret extends string> = HttpSystem & {
  readonly credentials: KeptSecrets<Secret>;
  readonly clock: SandboxClock;
  /** The first time of the history. */
  readonly since: Instant;
  ledger(): Ledger;
};

export type HttpSystem = {
  /** The origin, through the front. */
  readonly url: string;
  readonly port: number;
  setFault(fault: Fault): Promise<void>;
  faultCounters(): FaultCounters;
  close(): Promise<void>;
};

const STRANGE = { type: 'application/json', text: '{"service":"other","items":[]}' };

/** Longer bodies are cut off: nobody here is told so much. */
const LONGEST_BODY = 1 << 20;

export async function openHttpSystem(options: HttpSystemOptions): Promise<HttpSystem> {
  const { port, slowMs, strange = STRANGE, ...served } = options;
  const server = await openServer(served);
  try {
    const slow = slowMs === undefined ? {} : { slowMs };
    const answers = toHttpAnswers(strange);
    const front = await openFront({ port, serverPort: server.port, answers, ...slow });
    return {
      url: `http://127.0.0.1:${front.port}`,
      port: front.port,
      setFault: front.setFault,
      faultCounters: front.faultCounters,
      close: async () => {
        await front.close();
        await server.close();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Listens on a free port of the loopback address. */
async function openServer({ reply, log }: Pick<HttpSystemOptions, 'reply' | 'log'>) {
  const answer = async (request: IncomingMessage): Promise<Reply> => {
    try {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://system');
      const { method = 'GET', headers } = request;
      const body = await readBody(request);
      return await reply({ method, path: pathname, query: searchParams, headers, body });
    } catch (error) {
      log(`http system: ${error instanceof Error ? error.name : 'unknown fault'}`);
      return { status: 500, type: 'text/plain', text: 'Internal error' };
    }
  };
  const server = createServer((request, response) => {
    void answer(request).then(({ status, type, text }) => {
      response.writeHead(status, { 'content-type': `${type};charset=UTF-8` });
      response.end(text);
    });
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

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= LONGEST_BODY) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
