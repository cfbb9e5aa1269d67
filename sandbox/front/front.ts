// The door of a legacy system: a TCP relay on the system's port, behind which its real server stands. Faults are switched on
// here, so that the server itself needs none.
import { createServer, type Server, type Socket } from 'node:net';
import { type Fault, type FaultCounters, type SpokenFault, toCounters } from './fault.ts';
import { openRelay, type Relay } from './relay.ts';

export type FrontOptions = {
  /** 0 for any; else this port or the next free one. */
  readonly port: number;
  /** Where the real server listens, on the loopback address. */
  readonly serverPort: number;
  /** How late a slow system answers; 2 s when absent. */
  readonly slowMs?: number;
  /** What is said to each question under a fault, in place of the server. */
  readonly answers?: Partial<Record<SpokenFault, Buffer>>;
  /** What a fault does to the server, and how it is undone; the relay hands everything over meanwhile. */
  readonly behind?: Partial<Record<SpokenFault, Spoiling>>;
};

export type Spoiling = { begin(): Promise<void>; end(): Promise<void> };

export type Front = {
  readonly port: number;
  /** Resolves when the fault is active: when down, the port already refuses. */
  setFault(fault: Fault): Promise<void>;
  fault(): Fault;
  /** A copy; all counts since the front was opened. */
  faultCounters(): FaultCounters;
  close(): Promise<void>;
};

const HOST = '127.0.0.1';
const PORT_TRIES = 100;

export async function openFront(options: FrontOptions): Promise<Front> {
  const { serverPort, slowMs = 2000, answers = {}, behind = {} } = options;
  const counters = toCounters();
  const relays = new Set<Relay>();
  let fault: Fault = 'none';
  let change = openSignal();
  const accept = (socket: Socket) => {
    counters[fault].connections += 1;
    const relay = openRelay(socket, {
      serverPort,
      slowMs,
      fault: () => fault,
      changed: () => change.promise,
      answer: () => toSpoken(fault, answers) ?? null,
      count: (direction, bytes) => {
        counters[fault][direction] += bytes;
      },
      closed: () => relays.delete(relay),
    });
    relays.add(relay);
  };
  const door = await openDoor(options.port, accept);
  const runFault = async (next: Fault) => {
    if (next === fault) return;
    await toSpoken(fault, behind)?.end();
    await toSpoken(next, behind)?.begin();
    fault = next;
    counters[next].activations += 1;
    if (next === 'down') {
      counters.down.cut += closeAll([...relays]);
      await door.shut();
    } else {
      // Who was answered with garbage has lost the thread.
      closeAll([...relays].filter((relay) => relay.isSpoilt()));
      await door.reopen();
    }
    change.resolve();
    change = openSignal();
  };
  // One change at a time, in the order they were asked for.
  let last: Promise<void> = Promise.resolve();
  return {
    port: door.port,
    setFault: (next) => {
      const done = last.then(() => runFault(next));
      last = done.catch(() => undefined);
      return done;
    },
    fault: () => fault,
    faultCounters: () => structuredClone(counters),
    close: async () => {
      await last;
      closeAll([...relays]);
      await door.shut();
    },
  };
}

function toSpoken<Of>(fault: Fault, of: Partial<Record<SpokenFault, Of>>): Of | undefined {
  return (of as Partial<Record<Fault, Of>>)[fault];
}

function closeAll(relays: readonly Relay[]): number {
  for (const relay of relays) relay.close();
  return relays.length;
}

type Door = { readonly port: number; shut(): Promise<void>; reopen(): Promise<void> };

/** The listening port, which can stop listening and come back. */
async function openDoor(wanted: number, accept: (socket: Socket) => void): Promise<Door> {
  let server: Server | null = await openServer(wanted, PORT_TRIES, accept);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    shut: async () => {
      const closing = server;
      server = null;
      if (closing !== null) await new Promise((resolve) => closing.close(resolve));
    },
    reopen: async () => {
      server ??= await openServer(port, 1, accept);
    },
  };
}

/** Listens on the port or, with more tries, on the next free one. */
async function openServer(port: number, tries: number, accept: (socket: Socket) => void): Promise<Server> {
  for (let next = port, left = tries; ; next += 1, left -= 1) {
    const server = createServer(accept);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port: next, host: HOST, exclusive: true }, resolve);
      });
      return server;
    } catch (error) {
      if (left <= 1 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

/** A promise and the way to resolve it. */
function openSignal(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
