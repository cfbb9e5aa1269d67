// A process of bench/stress.ts: one crowd of peers that mean harm, or nothing. Its one argument is a CrowdOrder as JSON. It says
// when all of them have connected once; on any message it sends a CrowdReport and ends, and its connections with it.
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { toFrames } from './frames.ts';

export type CrowdName = 'silent' | 'loris' | 'random' | 'endless' | 'nested' | 'mad' | 'datagrams';
export type CrowdOrder = { readonly crowd: CrowdName; readonly peers: number; readonly port: number };

export type CrowdReport = {
  readonly mostOpen: number;
  /** Connections that the source ended. */
  readonly ended: number;
  readonly megabytes: number;
  /** Why connections could not be made. */
  readonly faults: readonly string[];
};

/** One address may have nine tenths of the connections, and a system has only so many ports an address. */
const ADDRESSES = 8;
/** Connections under way at once: a system's line of those who wait is short. */
const AT_ONCE = 100;
const PIECE = 65_536;
const MEGABYTE = 2 ** 20;

const order = JSON.parse(process.argv[2] ?? '') as CrowdOrder;
const host = '127.0.0.1';
const faults = new Set<string>();
let [isOpen, mostOpen, ended, bytes] = [0, 0, 0, 0];

/**
 * Headers of SL 651 and nothing else: each says a body of 4064 bytes (0FE0H), whose last sign (03H) is the fifth byte of a later
 * header, so that each of them is checked over its 4081 bytes before it is refused.
 */
const HEADER = Buffer.from('7e7e010003000001a000320fe002', 'hex');
const NESTED = Buffer.alloc(PIECE - (PIECE % HEADER.length), HEADER);

/** What a peer does with its connection. */
const WAYS: { readonly [name in Exclude<CrowdName, 'datagrams'>]: (socket: Socket) => void } = {
  silent: () => undefined,
  loris: (socket) => {
    const frame = toFrames(1, 1);
    let at = 0;
    const beat = setInterval(() => write(socket, frame.subarray(at, ++at)), 1000);
    socket.on('close', () => clearInterval(beat));
  },
  random: (socket) => pour(socket, () => randomBytes(PIECE)),
  endless: (socket) => write(socket, Buffer.alloc(MEGABYTE, 0x41)),
  nested: (socket) => pour(socket, () => NESTED),
  mad: (socket) => {
    const frames = toFrames(1, 1000);
    pour(socket, () => frames);
  },
};

process.on('message', () => {
  const report: CrowdReport = { mostOpen, ended, megabytes: bytes / MEGABYTE, faults: [...faults] };
  process.send?.(report, () => process.exit(0));
});
process.on('disconnect', () => process.exit(0));
if (order.crowd === 'datagrams') flood();
else await gather(WAYS[order.crowd], ['random', 'endless', 'nested'].includes(order.crowd));
process.send?.('all are there');

async function gather(way: (socket: Socket) => void, isBack: boolean): Promise<void> {
  let next = 0;
  const some = async () => {
    while (next < order.peers) await come(next++, way, isBack);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, some));
}

/** Resolves when it is connected, or could not be. `isBack`: it comes again whenever it is cut off. */
function come(number: number, way: (socket: Socket) => void, isBack: boolean): Promise<void> {
  return new Promise((resolve) => {
    const localAddress = `127.0.0.${2 + (number % ADDRESSES)}`;
    const socket = connect({ host, port: order.port, localAddress, noDelay: true });
    let isMet = false;
    socket.on('connect', () => {
      isMet = true;
      isOpen += 1;
      mostOpen = Math.max(mostOpen, isOpen);
      way(socket);
      resolve();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!isMet) faults.add(error.code ?? 'unknown');
    });
    socket.on('close', () => {
      if (isMet) [isOpen, ended] = [isOpen - 1, ended + 1];
      resolve();
      if (isBack) setImmediate(() => void come(number, way, isBack));
    });
    // Answers are read; else the peer would never hear that it was cut off.
    socket.resume();
  });
}

function write(socket: Socket, piece: Uint8Array): boolean {
  if (socket.destroyed) return false;
  bytes += piece.length;
  return socket.write(piece);
}

function pour(socket: Socket, toPiece: () => Uint8Array): void {
  const more = () => {
    while (write(socket, toPiece()));
  };
  socket.on('drain', more);
  more();
}

/** From one socket, each as long as a frame may be. */
function flood(): void {
  const socket = createSocket('udp4');
  const more = () => {
    const piece = randomBytes(1400);
    bytes += piece.length;
    socket.send(piece, order.port, host, () => setImmediate(more));
  };
  for (let at = 0; at < 16; at += 1) more();
}
