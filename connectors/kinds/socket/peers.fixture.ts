// Both ends of real sockets, for tests: a source with a hub behind it that takes a batch when it is told to, and peers that
// send whatever they like.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { openTaker } from '../../../test/support/batch-taker.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { aisCodec } from '../../codecs/ais/ais-codec.ts';
import { codec as gb28181Codec } from '../../codecs/gb28181/gb28181.fixture.ts';
import { jt808Codec } from '../../codecs/jt808/jt808-codec.ts';
import { encodeHex, encodeHexPackets, type Report } from '../../codecs/sl651/encode.fixture.ts';
import { sl651Codec } from '../../codecs/sl651/sl651-codec.ts';
import type { Codecs } from '../../kit/codec.ts';
import type { DeviceNotice, Known, SourceSettings } from '../../kit/contract.ts';
import type { FrameCodec } from '../../kit/frame-codec.ts';
import { wallClock } from '../../kit/resilience/clock.ts';
import { openSocketSource } from './open-socket-source.ts';

/** 2026-04-05 08:30:00 in Yongzhou. */
const NOW = Date.UTC(2026, 3, 5, 0, 30);
const FRAMES: readonly FrameCodec[] = [aisCodec, gb28181Codec, jt808Codec, sl651Codec];
export const codecs: Codecs = {
  documents: new Map(),
  tables: new Map(),
  books: new Map(),
  frames: new Map(FRAMES.map((codec) => [codec.name, codec])),
};
export const known = (value: string): Known => ({
  reveal: () => value,
  toString: () => '***',
  toJSON: () => '***',
});

/** As the draft of hydrology has it. */
const OPTIONS = {
  codec: 'sl651',
  listen: { port: 0, proto: 'tcp' },
  assemble: { within: 'PT60S', incomplete: 'setAside' },
};
const OBJECTS = {
  report: { message: ['31', '32', '33'] },
  keepalive: { message: ['2F'], use: 'heartbeat' },
  test: { message: ['30'], use: 'ignore' },
};

export type WorldOptions = {
  readonly options?: { readonly [key: string]: unknown };
  readonly objects?: { readonly [name: string]: { readonly [key: string]: unknown } };
  readonly peers?: { readonly connections: number; readonly frameBytes: number };
  readonly timeoutMs?: number;
  readonly every?: ReadonlyMap<string, number>;
};

export function toSettings({
  options,
  objects = OBJECTS,
  peers,
  timeoutMs = 5000,
}: WorldOptions = {}): SourceSettings {
  return {
    ...{ unit: 'hydrology', name: 'telemetry', url: '', zone: 'Asia/Shanghai', columnCase: 'exact' },
    ...{ inFlight: 2, timeoutMs, pageRows: 1000, rate: null, fileBytes: 1 },
    ...(peers === undefined ? {} : { peers }),
    options: { ...OPTIONS, ...options },
    objects: Object.entries(objects).map(([name, own]) => ({ name, options: own })),
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Time stands still unless a test turns it; whoever looks at it looks every few milliseconds. */
export async function openWorld(options: WorldOptions = {}) {
  const world = { now: NOW };
  const [away, ended]: [string[], Error[]] = [[], []];
  const hub = openTaker();
  const source = openSocketSource(toSettings(options), {
    codecs,
    clock: { now: () => world.now, sleep: (ms, signal) => wallClock.sleep(Math.min(ms, 200), signal) },
    onTurnedAway: (_place, _peer, words) => away.push(words),
    patience: { first: 60_000, idle: 3_600_000, look: 5 },
  });
  const notices: DeviceNotice[] = [];
  const end = await source.listen((batch) => hub.take(batch), {
    ...(options.every === undefined ? {} : { every: options.every }),
    onEnd: (error) => ended.push(error),
    onDevices: (some) => notices.push(...some),
  });
  const stations: Station[] = [];
  const port = source.port() ?? 0;
  return Object.assign(world, {
    ...{ source, hub, away, ended, end, port, notices },
    async station(): Promise<Station> {
      const station = await openStation(port);
      stations.push(station);
      return station;
    },
    async close() {
      hub.open();
      for (const { socket } of stations) socket.destroy();
      await source.close();
    },
  });
}

export type Station = Awaited<ReturnType<typeof openStation>>;

/** A peer over TCP that remembers what it was answered. */
export async function openStation(port: number) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const answers: Buffer[] = [];
  const state = { isClosed: false };
  socket.on('error', () => undefined);
  socket.on('close', () => {
    state.isClosed = true;
  });
  socket.on('data', (bytes) => answers.push(bytes));
  await once(socket, 'connect');
  return {
    socket,
    send: (...pieces: readonly Uint8Array[]) => {
      for (const piece of pieces) socket.write(piece);
    },
    /** The serial numbers of the reports that were answered, in order. */
    answered: () => toSerials(Buffer.concat(answers)),
    bytes: () => Buffer.concat(answers),
    isClosed: () => state.isClosed,
  };
}

/** A peer over UDP. */
export function openSender(port: number) {
  const socket = createSocket('udp4');
  const answers: Buffer[] = [];
  socket.on('message', (bytes) => answers.push(bytes));
  return {
    /** Each datagram that came. */
    answers: answers as readonly Buffer[],
    send: (bytes: Uint8Array) => socket.send(bytes, port, '127.0.0.1'),
    answered: () => toSerials(Buffer.concat(answers)),
    close: () => socket.close(),
  };
}

/** 8.2 of SL 651: an answer of the centre has its serial number behind its sixteen first bytes. */
const ANSWER_BYTES = 25;
function toSerials(bytes: Buffer): readonly number[] {
  const serials: number[] = [];
  for (let at = 0; at + ANSWER_BYTES <= bytes.length; at += ANSWER_BYTES)
    serials.push(bytes.readUInt16BE(at + 14));
  return serials;
}

/** A report of a station's stage under a serial number, as SL 651 has it in HEX. */
export function toReport(serial: number, change: Partial<Report> = {}): Uint8Array {
  return encodeHex(toWhole(serial, change));
}

/** The same in so many packets. */
export function toPackets(serial: number, total: number): readonly Uint8Array[] {
  return encodeHexPackets(toWhole(serial, {}), total);
}

function toWhole(serial: number, change: Partial<Report>): Report {
  const station = change.address ?? '0010100001';
  return {
    ...{ center: 1, address: station, password: 'A000', word: '32', sentAt: '260405083000' },
    serial: serial.toString(16).toUpperCase().padStart(4, '0'),
    groups: [{ station, type: 'H', observedAt: '2604050830', elements: { '39': '0.550' } }],
    ...change,
  };
}

export const settled = (station: Station, count: number) =>
  eventually(() => station.answered().length >= count, { what: `${count} answers` });
