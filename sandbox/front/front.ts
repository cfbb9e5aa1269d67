// The door of a legacy system: a TCP relay on the system's port, behind which its real server stands. Faults are switched on
// here, so that the server itself needs none, and counted, so that a test can prove that they were met.
import { createServer, type Server, type Socket } from 'node:net';
import { openRelay, type Relay } from './relay.ts';

/** down: refuses connections · hang: accepts and never answers · slow: answers late · garbage: answers bytes of no protocol. */
export const FAULTS = ['none', 'down', 'hang', 'slow', 'garbage'] as const;
export type Fault = (typeof FAULTS)[number];

/** What was met while a fault was active. */
export type FaultCount = {
  /** How often it was switched on. */
  activations: number;
  /** Connections accepted meanwhile (none while down: they are refused). */
  connections: number;
  /** Connections that were open when the system went down, and were cut. */
  cut: number;
  bytesFromClient: number;
  bytesToClient: number;
};
export type FaultCounters = Readonly<Record<Fault, Readonly<FaultCount>>>;

export type FrontOptions = {
  /** 0 for any; else this port or the next free one. */
  readonly port: number;
  /** Where the real server listens, on the loopback address. */
  readonly serverPort: number;
  /** How late a slow system answers. */
  readonly slowMs?: number;
};

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
  const counters = Object.fromEntries(FAULTS.map((name) => [name, toCount()])) as Record<Fault, FaultCount>;
  counters.none.activations = 1;
  const relays = new Set<Relay>();
  let fault: Fault = 'none';
  let changed = openSignal();
  const accept = (socket: Socket) => {
    counters[fault].connections += 1;
    const relay = openRelay(socket, {
      serverPort: options.serverPort,
      slowMs: options.slowMs ?? 2000,
      fault: () => fault,
      changed: () => changed.promise,
      count: (direction, bytes) => {
        counters[fault][direction] += bytes;
      },
      closed: () => relays.delete(relay),
    });
    relays.add(relay);
  };
  let server: Server | null = await openServer(options.port, PORT_TRIES, accept);
  const port = portOf(server);
  const cutAll = (which: (relay: Relay) => boolean) => {
    const cut = [...relays].filter(which);
    for (const relay of cut) relay.close();
    return cut.length;
  };
  const shut = async () => {
    const closing = server;
    server = null;
    if (closing !== null) await new Promise((resolve) => closing.close(resolve));
  };
  const runFault = async (next: Fault) => {
    if (next === fault) return;
    fault = next;
    counters[next].activations += 1;
    if (next === 'down') {
      counters.down.cut += cutAll(() => true);
      await shut();
    } else {
      // Who was answered with garbage has lost the thread.
      cutAll((relay) => relay.isSpoilt());
      server ??= await openServer(port, 1, accept);
    }
    changed.resolve();
    changed = openSignal();
  };
  let last: Promise<void> = Promise.resolve();
  return {
    port,
    setFault: (next) => {
      const done = last.then(() => runFault(next));
      last = done.catch(() => undefined);
      return done;
    },
    fault: () => fault,
    faultCounters: () => structuredClone(counters),
    close: async () => {
      await last;
      cutAll(() => true);
      await shut();
    },
  };
}

/** A promise and the way to resolve it. */
function openSignal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

function toCount(): FaultCount {
  return { activations: 0, connections: 0, cut: 0, bytesFromClient: 0, bytesToClient: 0 };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
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
