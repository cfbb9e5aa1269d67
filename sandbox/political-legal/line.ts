// The platform's end of the wire: a UDP socket that says a request again until it is answered, and hands over what is asked of it.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { parseTold, type Request, type Told, toRequestBytes } from './sip-text.ts';

export type LineOptions = {
  readonly hubPort: number;
  readonly id: string;
  readonly hub: string;
  readonly domain: string;
  readonly onRequest: (told: Told) => void;
  readonly count: (direction: 'in' | 'out', bytes: number) => void;
};

export type Line = {
  readonly port: number;
  /** Resolves to the final response; null: none came for four seconds. */
  ask(request: Omit<Request, 'cseq'>): Promise<Told | null>;
  send(bytes: Buffer): void;
  close(): Promise<void>;
};

const AGAIN_MS = [500, 500, 1000, 2000];

export async function openLine(options: LineOptions): Promise<Line> {
  const { hubPort, id, hub, domain, onRequest, count } = options;
  const socket = createSocket('udp4');
  const waiting = new Map<number, (told: Told | null) => void>();
  let [cseq, isClosed] = [0, false];
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.on('error', () => undefined);
  socket.on('message', (bytes) => {
    count('in', bytes.length);
    const told = parseTold(bytes);
    if (told === null) return;
    if (told.status === null) return onRequest(told);
    if (told.status >= 200) waiting.get(Number.parseInt(told.headers.get('cseq') ?? '', 10))?.(told);
  });
  const send = (bytes: Buffer) => {
    if (isClosed) return;
    count('out', bytes.length);
    socket.send(bytes, hubPort, '127.0.0.1', () => undefined);
  };
  return {
    port,
    send,
    ask: (request) => {
      cseq += 1;
      const number = cseq;
      const bytes = toRequestBytes({ id, hub, domain, port }, { ...request, cseq: number });
      return new Promise((resolve) => {
        let tries = 0;
        let timer: NodeJS.Timeout | undefined;
        const done = (told: Told | null) => {
          clearTimeout(timer);
          waiting.delete(number);
          resolve(told);
        };
        const say = () => {
          const wait = AGAIN_MS[tries];
          tries += 1;
          if (wait === undefined || isClosed) return done(null);
          send(bytes);
          timer = setTimeout(say, wait);
        };
        waiting.set(number, done);
        say();
      });
    },
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      for (const done of [...waiting.values()]) done(null);
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}
