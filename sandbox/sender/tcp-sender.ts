// A device of a department that speaks to the hub over TCP: it connects whenever it can, introduces itself, sends what is due
// and keeps what was not answered, to send it again. What its frames say, and how an answer is read, is the protocol's.
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

/** `key`: what the answer to it will name (a serial number, a QN). */
export type FrameOut = { readonly key: string; readonly bytes: Uint8Array };
export type Answer = { readonly key: string; readonly bytes: Uint8Array };

export type TcpSenderOptions = {
  readonly port: number;
  /** For each connection: whole answers out of the bytes that came, each with the key of what it answers. */
  readonly openReader: () => (bytes: Uint8Array) => readonly Answer[];
  /** What is said first on each connection; when it rejects, the connection is given up and the next one tries again. */
  readonly introduce?: (ask: (frame: FrameOut) => Promise<Answer>) => Promise<void>;
  /** Real milliseconds that an answer is waited for before the connection is given up; 5000 when absent. */
  readonly patienceMs?: number;
  /** Real milliseconds between two connections; 500 when absent. */
  readonly retryMs?: number;
};

export type TcpSender = {
  /** Resolves with the answer, on whichever connection it came; rejects only when the sender is closed. */
  send(frame: FrameOut): Promise<Answer>;
  /** Bytes that no answer is waited for; lost while there is no connection. */
  shout(bytes: Uint8Array): boolean;
  /** Frames that were not answered yet. */
  waiting(): number;
  isConnected(): boolean;
  /** Connections made so far. */
  connections(): number;
  /** Cuts the line; while `isAway` no new one is made. */
  cut(options?: { readonly isAway: boolean }): void;
  back(): void;
  close(): Promise<void>;
};

type Waiting = {
  readonly frame: FrameOut;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  /** When it was written to the present connection; infinite: it was not. */
  sentMs: number;
};
type Line = {
  readonly socket: Socket;
  /** What is asked to introduce the device: of this connection only. */
  readonly asked: Map<string, Waiting>;
  isReady: boolean;
};

export function openTcpSender(options: TcpSenderOptions): TcpSender {
  const { port, openReader, introduce = async () => undefined, patienceMs = 5000, retryMs = 500 } = options;
  const waiting = new Map<string, Waiting>();
  let line: Line | null = null;
  let [isAway, isClosed, made] = [false, false, 0];
  let timer: NodeJS.Timeout | undefined;

  const connect = () => {
    const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
    const own: Line = { socket, asked: new Map(), isReady: false };
    line = own;
    const read = openReader();
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => hear(read(bytes), own.asked, waiting));
    socket.on('close', () => {
      line = null;
      rejectAll(own.asked);
      for (const one of waiting.values()) one.sentMs = Number.POSITIVE_INFINITY;
      later();
    });
    const begin = async () => {
      made += 1;
      await introduce((frame) => expect(frame, own.asked, socket));
      own.isReady = true;
      for (const one of waiting.values()) write(one, socket);
    };
    socket.on('connect', () => void begin().catch(() => socket.destroy()));
  };
  const later = () => {
    clearTimeout(timer);
    if (!isClosed && !isAway) timer = setTimeout(connect, retryMs).unref();
  };
  const watch = setInterval(
    () => {
      const sent = [...waiting.values(), ...(line?.asked.values() ?? [])].map(({ sentMs }) => sentMs);
      if (Math.min(...sent) < Date.now() - patienceMs) line?.socket.destroy();
    },
    Math.max(50, patienceMs / 5),
  ).unref();
  connect();
  return {
    send: (frame) =>
      isClosed ? Promise.reject(toClosed()) : expect(frame, waiting, line?.isReady ? line.socket : null),
    shout: (bytes) => line?.isReady === true && line.socket.write(bytes),
    waiting: () => waiting.size,
    isConnected: () => line?.isReady === true,
    connections: () => made,
    cut: (cut = { isAway: false }) => {
      isAway = cut.isAway;
      clearTimeout(timer);
      if (line === null) later();
      line?.socket.destroy();
    },
    back: () => {
      isAway = false;
      if (line === null) later();
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      clearInterval(watch);
      const open = line?.socket;
      if (open !== undefined && !open.closed) {
        const closed = once(open, 'close');
        open.destroy();
        await closed;
      }
      rejectAll(waiting);
    },
  };
}

const toClosed = () => new Error('the sender was closed, or its line broke');

function write(one: Waiting, socket: Socket): void {
  one.sentMs = Date.now();
  socket.write(one.frame.bytes);
}

/** Written now, or, without a line, when there is one. */
function expect(frame: FrameOut, among: Map<string, Waiting>, socket: Socket | null): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const one = { frame, resolve, reject, sentMs: Number.POSITIVE_INFINITY };
    among.set(frame.key, one);
    if (socket !== null) write(one, socket);
  });
}

function hear(answers: readonly Answer[], ...places: readonly Map<string, Waiting>[]): void {
  for (const answer of answers)
    for (const place of places) {
      const one = place.get(answer.key);
      place.delete(answer.key);
      one?.resolve(answer);
    }
}

function rejectAll(place: Map<string, Waiting>): void {
  for (const { reject } of place.values()) reject(toClosed());
  place.clear();
}
